"""The sandbox's invoices in coins that do not exist, at a rate that never changes."""

import hashlib
from decimal import Decimal

import qrcode
from django.utils.http import urlencode
from qrcode.image.svg import SvgPathImage

from commerce.models import SandboxCharge
from commerce.money import from_minor_units

# What a coin costs, in whatever currency the shop asks for.
_RATE = Decimal(60_000)
_SMALLEST = Decimal("0.00000001")


def invoice_of(charge: SandboxCharge) -> dict:
    """What the page of a charge in coins shows beside the amount: `coins`, `address`, and `qr` as a data address."""
    coins = (from_minor_units(charge.amount, charge.currency) / _RATE).quantize(_SMALLEST)
    address = "tb1q" + hashlib.sha256(charge.charge_id.bytes).hexdigest()[:38]
    return {
        "coins": coins,
        "address": address,
        "qr": _qr(f"testcoin:{address}?{urlencode({'amount': coins})}"),
    }


def _qr(text: str) -> str:
    picture = qrcode.make(text, image_factory=SvgPathImage, box_size=8, border=0)
    return "data:image/svg+xml," + picture.to_string(encoding="unicode").replace("#", "%23").replace('"', "'")
