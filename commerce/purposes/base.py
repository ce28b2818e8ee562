"""What every purpose of a payment looks like to the calls that carry payments out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from commerce.models import Payment


@dataclass(frozen=True)
class Settlement:
    """What received money did; `due` is the part that bought nothing, and `problem` says why."""

    problem: str = ""
    due: Decimal = Decimal("0.00")


class Purpose(ABC):
    """One kind of thing that is paid for. `settle`, `failed` and `given_up` run inside the transaction that changes the
    payment, under the locks of payer, subject and payment, in this order.
    """

    name: str

    @abstractmethod
    def subject_lock(self, payment: Payment) -> None:
        """Lock the rows of what is paid for, after the payer and before the payment."""

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
