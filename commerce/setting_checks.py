"""System checks: numbers and amounts among the settings with which nobody could be sold to, paid or refunded rightly.

They are errors at every start, not in production alone: a wrong one shows only when somebody pays.
"""

from decimal import Decimal
from numbers import Number

from django.conf import settings
from django.core.checks import Error, register

from commerce.models.bounties.bounty import HIGHEST_BUDGET, LOWEST_BUDGET
from commerce.money import round_money

# ISO 4217, without metals, funds and what is no currency of anybody.
_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
# The least and the most that each may be; both are allowed.
_YEARS = 3650
BOUNDS: dict[str, tuple[Number, Number]] = {
    "PLATFORM_FEE_PERCENT": (0, 100),
    "DOWNLOAD_LIMIT": (1, 100_000),
    "PAYOUT_HOLD_DAYS": (0, _YEARS),
    "PAYOUT_MINIMUM": (Decimal("0.01"), 1_000_000),
    "PAYOUT_SECOND_APPROVAL_ABOVE": (0, 1_000_000_000),
    "PAYOUT_DETAILS_WAIT_HOURS": (0, 24 * 365),
    "REFUND_DAYS": (0, _YEARS),
    "REFUND_ASK_DAYS": (0, _YEARS),
    "REFUND_ANSWER_DAYS": (1, 365),
    "REFUND_DECIDE_DAYS": (1, 365),
    "BOUNTY_MINIMUM": (LOWEST_BUDGET, HIGHEST_BUDGET),
    "BOUNTY_MAXIMUM": (LOWEST_BUDGET, HIGHEST_BUDGET),
    # A deadline is at least a day ahead, and the end of a day.
    "BOUNTY_LONGEST_DAYS": (2, _YEARS),
    "BOUNTY_JUDGING_DAYS": (1, 365),
    "PROVIDER_CALLS_KEPT_DAYS": (1, _YEARS),
    "SANDBOX_SLOW_SECONDS": (0, 24 * 3600),
}
AMOUNTS = ("PAYOUT_MINIMUM", "PAYOUT_SECOND_APPROVAL_ABOVE", "BOUNTY_MINIMUM", "BOUNTY_MAXIMUM")
# The first is at most the second, for the reason that stands behind.
PAIRS = (
    ("BOUNTY_MINIMUM", "BOUNTY_MAXIMUM", "no budget would be allowed"),
    ("REFUND_DAYS", "REFUND_ASK_DAYS", "nobody could ask as long as the refund is promised"),
)


@register()
def currency(app_configs, **kwargs) -> list[Error]:
    if settings.CURRENCY in CURRENCIES:
        return []
    return [
        Error(
            f"CURRENCY is {settings.CURRENCY!r}, which is none.",
            hint="Three capital letters of ISO 4217, such as EUR.",
            id="commerce.E030",
        )
    ]


@register()
def bounds(app_configs, **kwargs) -> list[Error]:
    return [
        Error(f"{name} is {_value(name)}; it has to be from {least} to {most}.", id="commerce.E031")
        for name, (least, most) in BOUNDS.items()
        if not _is_number(name) or not least <= _value(name) <= most
    ]


@register()
def amounts(app_configs, **kwargs) -> list[Error]:
    """Fractions that the currency does not have could be neither asked for nor paid out."""
    if settings.CURRENCY not in CURRENCIES:
        return []
    return [
        Error(
            f"{name} is {_value(name)}, which is no amount of {settings.CURRENCY}.",
            id="commerce.E032",
        )
        for name in AMOUNTS
        if _is_number(name) and round_money(_value(name)) != _value(name)
    ]


@register()
def pairs(app_configs, **kwargs) -> list[Error]:
    return [
        Error(f"{low} is {_value(low)}, more than {high} ({_value(high)}): {why}.", id="commerce.E033")
        for low, high, why in PAIRS
        if _is_number(low) and _is_number(high) and _value(low) > _value(high)
    ]


def _value(name: str):
    return getattr(settings, name)


def _is_number(name: str) -> bool:
    """Nothing can be compared with what is not a number."""
    return Decimal(_value(name)).is_finite()
