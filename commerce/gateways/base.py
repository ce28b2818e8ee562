"""What every payment provider looks like to the rest of commerce."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.conf import settings

from accounts.models import User
from commerce.exceptions import ProviderRefused
from commerce.models import Payment, SavedPaymentMethod


class PaymentState(StrEnum):
    """How far a payment is, in the provider's eyes; `FAILED` and `CANCELLED` are final there, `PENDING` is not."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class ProviderState:
    """What a provider says of a payment; `amount` is what was received, once it has succeeded.

    `charge_id` is the provider's name for the money where that is not the payment's, and `cost` what the provider kept
    of it, where it tells. `provider_id` is there on answers that make the payment known (see `charge_saved`).
    """

    state: PaymentState
    amount: Decimal
    currency: str
    message: str = ""
    needs_confirmation: bool = False
    provider_id: str = ""
    charge_id: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True)
class KeptCard:
    """A card that a provider keeps for a payer, by its own names."""

    customer_id: str
    method_id: str
    brand: str
    last4: str
    expires: date | None = None


@dataclass(frozen=True)
class NextStep:
    """How the buyer goes on: at `redirect_url`, or in a card form of this site with `client_secret`, which asks for no
    card where the bank only wants them to confirm one that is kept (`confirm_with`).
    """

    redirect_url: str = ""
    client_secret: str = ""
    confirm_with: str = ""


@dataclass(frozen=True)
class Started:
    """A payment that the provider knows now."""

    provider_id: str
    next_step: NextStep


class RefundProgress(StrEnum):
    """How far a refund is, in the provider's eyes; `PENDING` may still end either way."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class RefundState:
    """What a provider says of a refund. Where the buyer has to fetch it themselves, `claim_url` is where."""

    progress: RefundProgress
    provider_refund_id: str = ""
    message: str = ""
    claim_url: str = ""


@dataclass(frozen=True)
class RefundNews:
    """An event about a refund; `key` is that of the call that asked for it, empty where somebody else did."""

    provider_refund_id: str
    key: str
    state: RefundState
    amount: Decimal


class DisputeProgress(StrEnum):
    OPENED = "opened"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class DisputeNews:
    """An event about a payment that its payer contests at their bank; won and lost are said of us."""

    provider_dispute_id: str
    state: DisputeProgress
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Wording:
    """What forms call a way of paying, and say about it."""

    label: str
    description: str


@dataclass(frozen=True)
class Event:
    """A webhook whose signature is right; `state`, `refund` and `dispute` are None where it says nothing of them.

    `provider_id` and `reference` (our public id of the payment, for events that overtake the answer that names the
    provider's) say whose payment it is about, or `charge_id` where the event knows only that. One that `asks_to_look`
    says that something happened and not what: the provider has to be asked.
    """

    event_id: str
    kind: str
    provider_id: str = ""
    reference: str = ""
    charge_id: str = ""
    asks_to_look: bool = False
    state: ProviderState | None = None
    refund: RefundNews | None = None
    dispute: DisputeNews | None = None
    payload: dict = field(default_factory=dict)


class Gateway(ABC):
    """One payment provider. Every call but `parse_webhook` may take as long as `TIMEOUT_SECONDS`.

    Calls raise `ProviderUnavailable` where the provider does not answer (the same call may be made again), and
    `ProviderRefused` where it will not do what is asked.
    """

    TIMEOUT_SECONDS = 10

    name: str
    # The methods (`Payment.Method`) that it can take.
    wordings: dict[str, Wording]
    # Without these it cannot be offered, and none of its webhooks can be checked.
    required_settings: tuple[str, ...] = ()

    def is_set_up(self) -> bool:
        """Whether it can be talked to, also where it is no longer offered: payments made with it go on."""
        return all(getattr(settings, name) for name in self.required_settings)

    # Whether it tells what it keeps of a payment, and be it only later.
    tells_cost = False
    # Whether it can keep cards and charge them again.
    keeps_cards = False

    @abstractmethod
    def start(
        self, payment: Payment, *, return_url: str, cancel_url: str, save_for: User | None = None
    ) -> Started:
        """Make the payment known to the provider; the same payment started twice is one payment there.

        `return_url` and `cancel_url` are absolute addresses of this site. Where the provider keeps cards, it keeps the
        one that pays for `save_for`.
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
    def refund(self, payment: Payment, amount: Decimal, *, key: str) -> RefundState:
        """Send back `amount`; the same `key` again sends nothing twice and says how far it is by then."""

    @abstractmethod
    def fetch_refund(self, payment: Payment, provider_refund_id: str) -> RefundState:
        """Ask the provider how far a refund is."""

    def charge_saved(
        self,
        payment: Payment,
        saved: SavedPaymentMethod,
        *,
        return_url: str,
        cancel_url: str,
        payer_is_there: bool = False,
    ) -> ProviderState:
        """Charge a card that the provider keeps, once a payment.

        Where its bank wants the payer, the payment waits for them as any other does (`needs_confirmation`). One that
        is declined has failed, unless the payer is there to try another card.
        """
        raise ProviderRefused("This provider keeps no cards.")

    def fetch_kept(self, payment: Payment) -> KeptCard | None:
        """The card that the provider kept when the payment was made; None where it kept none."""
        return None

    def forget(self, saved: SavedPaymentMethod) -> None:
        """Let the provider forget a card; one that it does not know is forgotten."""
        raise ProviderRefused("This provider keeps no cards.")

    @abstractmethod
    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Event:
        """The event in a webhook request.

        Raises:
            SignatureInvalid: it is not signed by the provider for us, or signed too long ago.
        """
