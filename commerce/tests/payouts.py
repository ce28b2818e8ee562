"""Sellers with money, payouts and the people of finance, for tests; made by the same calls as on the site."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from commerce.actions.payout_batches import make_batches, mark_paid
from commerce.actions.payout_details import keep_details
from commerce.actions.payouts import approve_payout, request_payout
from commerce.ledger import Line, post
from commerce.models import LedgerEntry, LedgerMovement, Payout, PayoutBatch, PayoutDetails

IBAN = "DE89370400440532013000"


def finance(**fields) -> User:
    person = UserFactory(staff=True, **fields)
    person.groups.add(Group.objects.get(name="Finance"))
    return person


def details_of(seller: User, *, usable: bool = True) -> PayoutDetails:
    """Details to which payouts can be requested, unless they are to be new."""
    values = {"holder": "Ana Ruiz", "iban": IBAN}
    details = keep_details(user=seller, method=PayoutDetails.Method.IBAN, country="ES", values=values)
    if usable:
        made = timezone.now() - timedelta(days=30)
        PayoutDetails.objects.filter(pk=details.pk).update(created_at=made, usable_from=made)
        details.refresh_from_db()
    return details


def earn(seller: User, amount: str | Decimal, *, available_at=None, at=None) -> None:
    """Money of a sale in the seller's balance; available at once unless it says when."""
    amount = Decimal(amount)
    post_for_test(
        LedgerMovement.Kind.SALE,
        Line(LedgerEntry.Account.BUYER, -amount, owner=UserFactory()),
        Line(LedgerEntry.Account.SELLER, amount, owner=seller, available_at=available_at),
        at=at,
    )


def give_back(seller: User, amount: str | Decimal, *, available_at=None, at=None) -> None:
    """Money of a sale goes back to its buyer."""
    amount = Decimal(amount)
    post_for_test(
        LedgerMovement.Kind.REFUND,
        Line(LedgerEntry.Account.SELLER, -amount, owner=seller, available_at=available_at),
        Line(LedgerEntry.Account.BUYER, amount, owner=UserFactory()),
        at=at,
    )


def post_for_test(kind: str, *lines: Line, at=None, **fields) -> LedgerMovement:
    """A movement of its own."""
    with transaction.atomic():
        return post(key=f"test:{uuid.uuid4()}", kind=kind, lines=lines, at=at, **fields)


def seller_with(amount: str | Decimal, **fields) -> User:
    """A creator with that much available, and details that can be used."""
    seller = UserFactory(creator=True, **fields)
    details_of(seller)
    earn(seller, amount)
    return seller


def approved(payout: Payout) -> Payout:
    """Approved by as many people as it needs."""
    for _ in range(payout.approvals_needed - payout.approvals_given):
        payout = approve_payout(payout, by=finance())
    return payout


def batch_of(*payouts: Payout, by: User | None = None) -> PayoutBatch:
    (batch,), left_out = make_batches([payout.pk for payout in payouts], by=by or finance())
    assert left_out == []
    return batch


def paid(payout: Payout) -> Payout:
    mark_paid(batch_of(approved(payout)), by=finance(), reference="SEPA 17")
    payout.refresh_from_db()
    return payout


def payout_of(seller: User, amount: str | Decimal) -> Payout:
    return request_payout(seller=seller, amount=Decimal(amount))


def requested_by(seller: User, amount: str) -> Payout:
    """A payout of all that they have just earned."""
    details_of(seller)
    earn(seller, amount)
    return payout_of(seller, amount)
