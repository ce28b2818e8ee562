"""What every purpose of a payment looks like to the calls that carry payments out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from commerce.models import Dispute, Payment, Transaction
from commerce.refunding.parts import Parts


@dataclass(frozen=True)
class Settlement:
    """What received money did; `due` is the part that bought nothing, and `problem` says why."""

    problem: str = ""
    due: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Kept:
    """What the site itself still keeps of a payment, and on which account of the ledger; its net price stands as the
    seller's part of `parts`.
    """

    account: str
    parts: Parts


class Purpose(ABC):
    """One kind of thing that is paid for. `settle`, `failed` and `given_up` run inside the transaction that changes the
    payment, under the locks of payer, subject and payment, in this order.
    """

    name: str

    @abstractmethod
    def subject_lock(self, payment: Payment) -> None:
        """Lock the rows of what is paid for, after the payer and before the payment."""

    def lock(self, payment: Payment) -> Payment:
        """The payment as it is now, locked after what is paid for; the payer is locked already."""
        self.subject_lock(payment)
        locked = Payment.objects.select_related("payer", "order").select_for_update(no_key=True, of=("self",))
        return locked.get(pk=payment.pk)

    @abstractmethod
    def settle(self, payment: Payment, now) -> Settlement:
        """The whole amount is there: hand over what it pays for and post it to the ledger.

        The caller marks the payment, and posts what is due to be sent back.
        """

    @abstractmethod
    def describe(self, payment: Payment) -> str:
        """What is paid for, as the payer reads it above the amount, without a full stop."""

    @abstractmethod
    def return_url(self, payment: Payment) -> str:
        """Where the payer goes on once the payment has ended."""

    @abstractmethod
    def failed(self, payment: Payment) -> None:
        """The provider will not bring this money; it may be tried again."""

    @abstractmethod
    def given_up(self, payment: Payment) -> None:
        """The payment was cancelled, or nobody made it within a day; called once it is not open any more."""

    # What a dispute does, under the locks that are named above. Most purposes have nothing to add.

    def sales(self, payment: Payment) -> QuerySet[Transaction]:
        """The sales that the payment has paid for: their sellers bear what a bank takes."""
        return Transaction.objects.none()

    def kept(self, payment: Payment) -> Kept | None:
        """What of it is nobody's share yet, or the site's own: a bank's decision takes that before fees bear it."""
        return None

    def contested(self, payment: Payment) -> None:  # noqa: B027
        """The payer's bank has been asked to take the money back, and decides."""

    def released(self, payment: Payment, dispute: Dispute, now) -> None:  # noqa: B027
        """The bank has let it be."""

    def taken(self, payment: Payment, amount: Decimal, now) -> None:  # noqa: B027
        """The bank has taken it back, `amount` of it out of what was `kept`."""

    def pay_url(self, payment: Payment) -> str:
        """Where the payer pays, and tries again."""
        return reverse("commerce:payment", args=[payment.public_id])

    def back_url(self, payment: Payment) -> str:
        """Where the provider sends the payer back to: a page that waits until the money has come."""
        return reverse("commerce:payment_state", args=[payment.public_id])

    def can_be_tried_again(self, payment: Payment) -> bool:
        """Whether another payment may take the place of this failed one; asked under the locks as well."""
        return False

    def replaced(self, payment: Payment, by: Payment) -> None:
        """Another payment has taken the place of a failed one: what is paid for points at that one from now on."""
        raise NotImplementedError


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Called from `CommerceConfig.ready`."""
    _purposes[purpose.name] = purpose


def purpose_of(payment: Payment) -> Purpose:
    """What the payment is for.

    Raises:
        LookupError: nothing has registered for it.
    """
    return _purposes[payment.purpose]
