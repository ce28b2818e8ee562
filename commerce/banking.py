"""Bank accounts as people write them: whether a number can be right, and what of it may be shown."""

import re

# ISO 13616: how long an IBAN of a country is.
IBAN_LENGTHS = {
    "AD": 24,
    "AE": 23,
    "AL": 28,
    "AT": 20,
    "AZ": 28,
    "BA": 20,
    "BE": 16,
    "BG": 22,
    "BH": 22,
    "BI": 27,
    "BR": 29,
    "BY": 28,
    "CH": 21,
    "CR": 22,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DJ": 27,
    "DK": 18,
    "DO": 28,
    "EE": 20,
    "EG": 29,
    "ES": 24,
    "FI": 18,
    "FK": 18,
    "FO": 18,
    "FR": 27,
    "GB": 22,
    "GE": 22,
    "GI": 23,
    "GL": 18,
    "GR": 27,
    "GT": 28,
    "HN": 28,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IL": 23,
    "IQ": 23,
    "IS": 26,
    "IT": 27,
    "JO": 30,
    "KW": 30,
    "KZ": 20,
    "LB": 28,
    "LC": 32,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "LY": 25,
    "MC": 27,
    "MD": 24,
    "ME": 22,
    "MK": 19,
    "MN": 20,
    "MR": 27,
    "MT": 31,
    "MU": 30,
    "NI": 28,
    "NL": 18,
    "NO": 15,
    "OM": 23,
    "PK": 24,
    "PL": 28,
    "PS": 29,
    "PT": 25,
    "QA": 29,
    "RO": 24,
    "RS": 22,
    "RU": 33,
    "SA": 24,
    "SC": 31,
    "SD": 18,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "SO": 23,
    "ST": 25,
    "SV": 28,
    "TL": 23,
    "TN": 24,
    "TR": 26,
    "UA": 29,
    "VA": 22,
    "VG": 24,
    "XK": 20,
    "YE": 30,
}
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_SPACING = re.compile(r"[\s.\-]+")
# The weights of the ninth digit of an American routing number.
_ROUTING_WEIGHTS = (3, 7, 1) * 3


def compact(text: str) -> str:
    """A number without the gaps that people write into it, in capitals."""
    return _SPACING.sub("", text).upper()


def is_iban(text: str) -> bool:
    """Whether a compact IBAN has its country's length and the check digits that belong to it (ISO 7064, 97-10)."""
    if not _IBAN.fullmatch(text) or IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def is_bic(text: str) -> bool:
    """Whether a compact BIC has the shape of one."""
    return bool(_BIC.fullmatch(text))


def is_us_routing_number(text: str) -> bool:
    """Whether nine digits carry the check digit of an American routing number."""
    if not re.fullmatch(r"[0-9]{9}", text) or text == "000000000":
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, _ROUTING_WEIGHTS, strict=True)) % 10 == 0


def masked_number(text: str, *, shown_first: int = 0) -> str:
    """The last four signs of an account's number, and what of its beginning names nobody: `DE89 •••• 3000`."""
    return " ".join(filter(None, [text[:shown_first], "••••", text[-4:]]))


def masked_address(text: str) -> str:
    """An e-mail address with the first letter of its name: `a•••@example.com`."""
    name, _, domain = text.rpartition("@")
    return f"{name[:1]}•••@{domain}"
