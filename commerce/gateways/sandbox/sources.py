"""What pays in the sandbox: test cards, accounts and wallets, each with what happens then."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commerce.models import Payment, SandboxRefund

Method = Payment.Method


class Ending(StrEnum):
    """What becomes of a payment once its payer has sent it."""

    SUCCEEDS = "succeeds"
    ASKS = "asks"
    DECLINED = "declined"
    SLOW = "slow"
    TWICE = "twice"
    SHORT = "short"
    CONTESTED = "contested"


@dataclass(frozen=True)
class TestSource:
    """Something that the sandbox takes money from."""

    __test__ = False

    number: str
    name: str
    outcome: str
    method: str = Method.CARD
    ending: Ending = Ending.SUCCEEDS
    # The same for a card that was kept and is charged again.
    ending_later: Ending = Ending.SUCCEEDS
    refund: str = SandboxRefund.Status.SUCCEEDED
    brand: str = "Visa"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def shown_number(self) -> str:
        """As it is written: cards in groups of four."""
        if self.method != Method.CARD:
            return self.number
        return " ".join(self.number[place : place + 4] for place in range(0, len(self.number), 4))

    @property
    def expires(self) -> date:
        return date(2099, 12, 31)


CARD_SUCCEEDS = TestSource("4242424242424242", "Succeeds", "The payment goes through at once.")
CARD_CONFIRMS = TestSource(
    "4000002500003155",
    "Asks for confirmation",
    "The bank asks the cardholder first (3-D Secure).",
    ending=Ending.ASKS,
    ending_later=Ending.ASKS,
)
CARD_DECLINED = TestSource(
    "4000000000000002",
    "Declined",
    "The bank says no.",
    ending=Ending.DECLINED,
    ending_later=Ending.DECLINED,
)
CARD_DECLINED_LATER = TestSource(
    "4000000000000341",
    "Declined next time",
    "It pays now; kept and charged again, the bank says no.",
    ending_later=Ending.DECLINED,
)
CARD_SLOW = TestSource("4000000000000077", "Slow", "The answer takes a while.", ending=Ending.SLOW)
CARD_TWICE = TestSource(
    "4000000000000010",
    "Charged twice",
    "The bank takes the money two times.",
    ending=Ending.TWICE,
    brand="Mastercard",
)
CARD_CONTESTED = TestSource(
    "4000000000000259",
    "Contested",
    "It pays; the cardholder contests it a little later.",
    ending=Ending.CONTESTED,
)
CARD_REFUND_PENDING = TestSource(
    "4000000000007726",
    "Refunds take time",
    "It pays; a refund waits until the sandbox lets it through.",
    refund=SandboxRefund.Status.PENDING,
    brand="Mastercard",
)
CARD_REFUND_FAILS = TestSource(
    "4000000000005126",
    "Refunds fail",
    "It pays; the bank takes no refund.",
    refund=SandboxRefund.Status.FAILED,
    brand="Mastercard",
)
TEST_CARDS = (
    CARD_SUCCEEDS,
    CARD_CONFIRMS,
    CARD_DECLINED,
    CARD_SLOW,
    CARD_TWICE,
    CARD_DECLINED_LATER,
    CARD_CONTESTED,
    CARD_REFUND_PENDING,
    CARD_REFUND_FAILS,
)


def _account(number: str, name: str, outcome: str, **kinds) -> TestSource:
    return TestSource(number, name, outcome, method=Method.PAYPAL, brand="PayPal", **kinds)


ACCOUNT_PAYS = _account("pays@sandbox.test", "Has a balance", "The payment goes through at once.")
ACCOUNT_CONFIRMS = _account(
    "asks@sandbox.test", "Asks for a code", "The payer confirms on their phone first.", ending=Ending.ASKS
)
ACCOUNT_DECLINED = _account(
    "empty@sandbox.test", "Has no money", "The payment is declined.", ending=Ending.DECLINED
)
ACCOUNT_SLOW = _account(
    "review@sandbox.test", "Under review", "The payment is looked at first.", ending=Ending.SLOW
)
ACCOUNT_TWICE = _account("twice@sandbox.test", "Pays twice", "Two payments arrive.", ending=Ending.TWICE)
ACCOUNT_REFUND_FAILS = _account(
    "closed@sandbox.test",
    "Will be closed",
    "It pays; a refund fails.",
    refund=SandboxRefund.Status.FAILED,
)
TEST_ACCOUNTS = (
    ACCOUNT_PAYS,
    ACCOUNT_CONFIRMS,
    ACCOUNT_DECLINED,
    ACCOUNT_SLOW,
    ACCOUNT_TWICE,
    ACCOUNT_REFUND_FAILS,
)


def _wallet(number: str, name: str, outcome: str, **kinds) -> TestSource:
    # Coins are not called back: who is to get money says where it shall go, and that takes time.
    return TestSource(
        number,
        name,
        outcome,
        method=Method.CRYPTO,
        brand="Wallet",
        refund=SandboxRefund.Status.PENDING,
        **kinds,
    )


WALLET_PAYS = _wallet("test-wallet-1", "Pays exactly", "The network confirms at once.")
WALLET_SLOW = _wallet(
    "test-wallet-2", "Waits for the network", "Confirmed after a while.", ending=Ending.SLOW
)
WALLET_SHORT = _wallet(
    "test-wallet-3", "Sends too little", "Half of the amount arrives.", ending=Ending.SHORT
)
WALLET_DECLINED = _wallet(
    "test-wallet-4", "Sends too late", "The invoice expires first.", ending=Ending.DECLINED
)
WALLET_TWICE = _wallet("test-wallet-5", "Pays twice", "Two payments arrive.", ending=Ending.TWICE)
TEST_WALLETS = (WALLET_PAYS, WALLET_SLOW, WALLET_SHORT, WALLET_DECLINED, WALLET_TWICE)

SOURCES = {Method.CARD: TEST_CARDS, Method.PAYPAL: TEST_ACCOUNTS, Method.CRYPTO: TEST_WALLETS}
_BY_NUMBER = {source.number: source for sources in SOURCES.values() for source in sources}


def source(number: str) -> TestSource:
    """
    Raises:
        LookupError: the sandbox knows no such card, account or wallet.
    """
    return _BY_NUMBER[number]
