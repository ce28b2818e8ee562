"""What buying posts: sales, what providers keep of them, and money that bought nothing."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.entitlements import hold_days_of
from commerce.ledger.posting import Line, post
from commerce.models import LedgerEntry, LedgerMovement, Payment, Transaction

Account, Kind = LedgerEntry.Account, LedgerMovement.Kind


def post_sales(lines: list[Transaction], payment: Payment, at: datetime) -> None:
    """The buyer's money becomes the site's fee, the seller's share, which waits for some days, and tax."""
    waits = hold_days_of([line.seller_id for line in lines])
    for line in lines:
        gross = line.amount + line.tax_amount
        if not gross:
            continue
        post(
            key=f"sale:{line.pk}",
            kind=Kind.SALE,
            lines=[
                Line(Account.BUYER, -gross, owner=line.buyer_id),
                Line(Account.FEE, line.platform_fee),
                Line(
                    Account.SELLER,
                    line.seller_amount,
                    owner=line.seller_id,
                    available_at=at + timedelta(days=waits[line.seller_id]),
                ),
                Line(Account.TAX, line.tax_amount),
            ],
            payment=payment,
            transaction=line,
            at=at,
        )


def post_cost(payment: Payment, cost: Decimal) -> None:
    """What the provider keeps of a payment comes out of the site's fees; once, as it was said first."""
    key = f"cost:{payment.pk}"
    if LedgerMovement.objects.filter(key=key).exists():
        return
    post(
        key=key,
        kind=Kind.COST,
        lines=[Line(Account.FEE, -cost), Line(Account.PROVIDER, cost)],
        payment=payment,
    )


def post_due(payment: Payment, amount: Decimal, reason: str) -> None:
    """Money has come that buys nothing."""
    post(
        key=f"due:{payment.pk}",
        kind=Kind.DUE,
        lines=[
            Line(Account.BUYER, -amount, owner=payment.payer_id),
            Line(Account.DUE, amount, owner=payment.payer_id),
        ],
        payment=payment,
        note=reason,
    )
