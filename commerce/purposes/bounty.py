"""Paying the budget of a bounty, which is held until somebody is awarded it."""

from decimal import Decimal

from django.db.models import QuerySet

from accounts import activities
from accounts.models import Activity
from commerce.actions.bounties import contesting
from commerce.actions.bounties.deadlines import close
from commerce.actions.bounties.locking import lock_bounty
from commerce.actions.bounties.posting import open_payment
from commerce.bounties.telling import tell_opened
from commerce.ledger.bounties import post_escrow
from commerce.models import Bounty, BountyPayment, Dispute, LedgerEntry, Payment, Transaction
from commerce.purposes.base import Kept, Purpose, Settlement
from commerce.refunding.parts import Parts


class BountyPurpose(Purpose):
    name = Payment.Purpose.BOUNTY

    def subject_lock(self, payment: Payment) -> None:
        lock_bounty(_bounty(payment).pk)

    def settle(self, payment: Payment, now) -> Settlement:
        """The bounty opens; money that comes when its deadline has passed goes back by the same way as any other."""
        bounty = _bounty(payment)
        if not bounty.is_unpaid:
            why = "given up" if bounty.opened_at is None else "paid already"
            return Settlement(f"The bounty “{bounty.title}” was {why}.", payment.amount)
        if payment.amount != bounty.budget:
            return Settlement(f"The budget of “{bounty.title}” is {bounty.budget} now.", payment.amount)
        bounty.open(payment, now)
        post_escrow(bounty, payment, now)
        if not close(bounty, now):
            _announce(bounty)
        return Settlement()

    def failed(self, payment: Payment) -> None:
        """The bounty waits for another try."""

    def given_up(self, payment: Payment) -> None:
        """The bounty waits for another try; its poster discards it themselves."""

    def sales(self, payment: Payment) -> QuerySet[Transaction]:
        """What won, where somebody has: from then on it is a sale like any other."""
        return Transaction.objects.filter(bounty_submission__bounty__payment=payment)

    def kept(self, payment: Payment) -> Kept | None:
        held = contesting.held_of(_bounty(payment), payment)
        return Kept(LedgerEntry.Account.ESCROW, Parts(seller=held)) if held else None

    def contested(self, payment: Payment) -> None:
        contesting.freeze(_bounty(payment), payment)

    def released(self, payment: Payment, dispute: Dispute, now) -> None:
        contesting.thaw(_bounty(payment), payment, dispute, now)

    def taken(self, payment: Payment, amount: Decimal, now) -> None:
        contesting.lose(_bounty(payment), payment, amount, now)

    def describe(self, payment: Payment) -> str:
        return f"Budget of the bounty “{_bounty(payment).title}”"

    def return_url(self, payment: Payment) -> str:
        return _bounty(payment).get_absolute_url()

    def can_be_tried_again(self, payment: Payment) -> bool:
        bounty = _bounty(payment)
        is_same = bounty.is_unpaid and bounty.budget == payment.amount
        return is_same and bounty.has_time_left and open_payment(bounty) is None

    def replaced(self, payment: Payment, by: Payment) -> None:
        BountyPayment.objects.create(bounty=_bounty(payment), payment=by)


def _bounty(payment: Payment) -> Bounty:
    # Money that a provider took a second time was for the same.
    attempt = payment.double_of_id or payment.pk
    return Bounty.objects.select_related("creator", "payment").get(attempts__payment=attempt)


def _announce(bounty: Bounty) -> None:
    tell_opened(bounty)
    if bounty.is_open_to_all:
        activities.record(
            actor=bounty.creator,
            verb=Activity.Verb.POSTED_BOUNTY,
            target=bounty,
            title=bounty.title,
            link=bounty.get_absolute_url(),
        )
