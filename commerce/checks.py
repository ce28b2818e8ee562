"""System checks: ways of paying that cannot work, and one that must not; keys for payout details."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from commerce.gateways import GATEWAYS, SETTINGS
from commerce.gateways.sandbox import SandboxGateway
from commerce.sealing import can_seal, is_key


@register(Tags.security)
def payment_methods(app_configs, **kwargs) -> list[Error]:
    """Providers that do not exist or lack their keys, and the sandbox, which sells for nothing, in production."""
    return [
        problem
        for method, setting in SETTINGS.items()
        if getattr(settings, setting)
        for problem in _problems(method, setting, getattr(settings, setting))
    ]


def _problems(method: str, setting: str, name: str) -> list[Error]:
    takers = [taker for taker in GATEWAYS if method in GATEWAYS[taker].wordings]
    if name not in takers:
        return [
            Error(
                f"{setting} is {name!r}, which takes no such payments.",
                hint=f"Choose one of: {', '.join(takers)}; or nothing.",
                id="commerce.E001",
            )
        ]
    problems = [
        Error(f"{setting} is {name!r}, but {key} is not set.", id="commerce.E002")
        for key in GATEWAYS[name].required_settings
        if not getattr(settings, key)
    ]
    if settings.PRODUCTION and name == SandboxGateway.name:
        problems.append(
            Error(
                f"{setting} is the sandbox, which takes no money: models would be given away.",
                hint="Name another provider, or none.",
                id="commerce.E003",
            )
        )
    return problems


@register(Tags.security)
def payout_keys(app_configs, **kwargs) -> list[Error]:
    """Payout details need a key of their own in production, and every key has to be one."""
    problems = [
        Error(
            f"Key {place} of PAYOUT_ENCRYPTION_KEYS is no Fernet key.",
            hint="docs/operations.md says how one is made.",
            id="commerce.E021",
        )
        for place, key in enumerate(settings.PAYOUT_ENCRYPTION_KEYS, 1)
        if not is_key(key)
    ]
    if not can_seal():
        problems.append(
            Error(
                "PAYOUT_ENCRYPTION_KEYS is not set: payout details cannot be kept.",
                hint="docs/operations.md says how a key is made.",
                id="commerce.E020",
            )
        )
    return problems
