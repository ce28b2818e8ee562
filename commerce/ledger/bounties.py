"""What bounties post: budgets that are held, paid out to a winner, or sent back."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.entitlements import entitlements_of
from accounts.models import User
from commerce.ledger.posting import Line, post
from commerce.models import Bounty, EscrowReturn, LedgerEntry, LedgerMovement, Payment, Transaction

Account, Kind = LedgerEntry.Account, LedgerMovement.Kind


def post_escrow(bounty: Bounty, payment: Payment, at: datetime) -> None:
    """The poster's money is held until somebody gets it."""
    post(
        key=f"escrow:{bounty.pk}",
        kind=Kind.ESCROW,
        lines=[
            Line(Account.BUYER, -payment.amount, owner=bounty.creator_id),
            Line(Account.ESCROW, payment.amount, owner=bounty.creator_id),
        ],
        payment=payment,
        at=at,
    )


def available_from(seller: User, at: datetime) -> datetime:
    """From when on a winner may have their share paid out: an award waits as long as any other sale of theirs."""
    return at + timedelta(days=entitlements_of(seller).hold_days)


def post_award(bounty: Bounty, line: Transaction, at: datetime) -> None:
    """What was held becomes the winner's share and the site's fee."""
    post(
        key=f"award:{bounty.pk}",
        kind=Kind.AWARD,
        lines=[
            Line(Account.ESCROW, -line.amount, owner=bounty.creator_id),
            Line(
                Account.SELLER,
                line.seller_amount,
                owner=line.seller_id,
                available_at=available_from(line.seller, at),
            ),
            Line(Account.FEE, line.platform_fee),
        ],
        payment=bounty.payment,
        transaction=line,
        at=at,
    )


def post_escrow_return(returned: EscrowReturn, at: datetime) -> None:
    """What was held has gone back to where it came from."""
    _post_return(returned, returned.ledger_key, returned.amount, at)


def post_escrow_return_undone(returned: EscrowReturn, at: datetime) -> None:
    """It has come back from there: it is held again."""
    _post_return(returned, f"{returned.ledger_key}:undone", -returned.amount, at)


def _post_return(returned: EscrowReturn, key: str, amount: Decimal, at: datetime) -> None:
    poster = returned.bounty.creator_id
    post(
        key=key,
        kind=Kind.ESCROW_RETURN,
        lines=[Line(Account.ESCROW, -amount, owner=poster), Line(Account.BUYER, amount, owner=poster)],
        payment=returned.payment,
        at=at,
    )
