"""What the creator whom people sign in as has been paid, and asks for now."""

from collections.abc import Iterator

from django.conf import settings

from commerce.actions.payout_batches import make_batches, mark_paid
from commerce.actions.payout_details import keep_details
from commerce.actions.payouts import approve_payout, request_payout
from commerce.ledger import balance_of
from commerce.models import Payout, PayoutDetails
from config.demo.trade.shop import Deed, Shop

SELLER = "creator"
# The example of the registry of IBANs: nobody's account.
BANK = {"holder": "Noa Berglund", "iban": "SE4550000000058398257466"}
COUNTRY = "SE"
DETAILS, FIRST, PAID, SECOND = 45, 31, 29, 2


def deeds_of(shop: Shop) -> Iterator[Deed]:
    yield Deed(shop.ago(DETAILS), lambda: _say_where(shop))
    yield Deed(shop.ago(FIRST), lambda: _request(shop, number=1))
    yield Deed(shop.ago(PAID), lambda: _pay(shop))
    yield Deed(shop.ago(SECOND), lambda: _request(shop, number=2))


def _say_where(shop: Shop) -> None:
    seller = shop.people[SELLER]
    if not PayoutDetails.objects.of_user(seller).exists():
        keep_details(user=seller, method=PayoutDetails.Method.IBAN, country=COUNTRY, values=BANK)


def _request(shop: Shop, *, number: int) -> None:
    """All that is there by then, where that is enough for a payout."""
    seller = shop.people[SELLER]
    payouts = Payout.objects.of_seller(seller)
    available = balance_of(seller).available
    if payouts.count() == number - 1 and not payouts.open().exists() and available >= settings.PAYOUT_MINIMUM:
        request_payout(seller=seller, amount=available)


def _pay(shop: Shop) -> None:
    """Finance approves the first one, and sends it in a batch of its own."""
    finance = shop.people["finance"]
    payout = Payout.objects.of_seller(shop.people[SELLER]).order_by("pk").first()
    if payout is None or payout.status != Payout.Status.REQUESTED or Payout.objects.count() > 1:
        return
    approve_payout(payout, by=finance)
    batches, _left_out = make_batches([payout.pk], by=finance)
    for batch in batches:
        mark_paid(batch, by=finance, reference=f"SEPA {batch.number}")
