"""What every payment provider looks like to the rest of commerce."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from commerce.models import Payment


class PaymentState(StrEnum):
    """How far a payment is, in the provider's eyes; `FAILED` and `CANCELLED` are final there, `PENDING` is not."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ProviderState:
    """What a provider says of a payment; `amount` is what was received, once it has succeeded."""

    state: PaymentState
    amount: Decimal
    currency: str
    message: str = ""


@dataclass(frozen=True)
class NextStep:
    """How the buyer goes on: at `redirect_url`, or in a card form of this site with `client_secret`."""

    redirect_url: str = ""
    client_secret: str = ""


@dataclass(frozen=True)
class Started:
    """A payment that the provider knows now."""

    provider_id: str
    next_step: NextStep


@dataclass(frozen=True)
class Event:
    """A webhook whose signature is right; `state` is None for events that say nothing of a payment's state.

    `reference` is our public id of the payment, for events that overtake the answer that names `provider_id`.
    """

    event_id: str
    kind: str
    provider_id: str = ""
    reference: str = ""
    state: ProviderState | None = None
    payload: dict = field(default_factory=dict)


class Gateway(ABC):
    """One payment provider. Every call but `parse_webhook` may take as long as `TIMEOUT_SECONDS`.

    Calls raise `ProviderUnavailable` where the provider does not answer (the same call may be made again), and
    `ProviderRefused` where it will not do what is asked.
    """

    TIMEOUT_SECONDS = 10

    name: str
    # What the checkout page calls it, and says about it.
    label: str
    description: str
    payment_method: str

    @abstractmethod
    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:
        """Make the payment known to the provider; the same payment started twice is one payment there.

        `return_url` and `cancel_url` are absolute addresses of this site.
        """

    @abstractmethod
    def next_step(self, payment: Payment) -> NextStep:
        """How the buyer goes on with a payment that was started."""

    @abstractmethod
    def fetch(self, payment: Payment) -> ProviderState:
        """Ask the provider how far a started payment is."""

    @abstractmethod
    def cancel(self, payment: Payment) -> ProviderState:
        """Give up a started payment, and say what became of it: it may have succeeded meanwhile."""

    @abstractmethod
    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> None:
        """Send back `amount`; the same `key` again sends nothing twice."""

    @abstractmethod
    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        """The event in a webhook request.

        Raises:
            SignatureInvalid: it is not signed by the provider for us, or signed too long ago.
        """
