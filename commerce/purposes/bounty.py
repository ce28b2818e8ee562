"""Paying the budget of a bounty, which is held until somebody is awarded it."""

from accounts import activities
from accounts.models import Activity
from commerce.actions.bounties.deadlines import close
from commerce.actions.bounties.locking import lock_bounty
from commerce.actions.bounties.posting import open_payment
from commerce.bounties.telling import tell_opened
from commerce.ledger.bounties import post_escrow
from commerce.models import Bounty, BountyPayment, Payment
from commerce.purposes.base import Purpose, Settlement


class BountyPurpose(Purpose):
    name = Payment.Purpose.BOUNTY

    def subject_lock(self, payment: Payment) -> None:
        # Money that a provider took a second time is no attempt, and moves nothing of the bounty.
        attempt = BountyPayment.objects.filter(payment=payment).first()
        if attempt is not None:
            lock_bounty(attempt.bounty_id)

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
    found = Bounty.objects.select_related("creator")
    return found.get(attempts__payment=payment.double_of or payment)


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
