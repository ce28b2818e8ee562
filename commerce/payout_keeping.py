"""What is kept about people because of payouts, how it is forgotten, and what stands against that."""

from django.db.models import F
from django.utils import timezone

from accounts.exceptions import NotYet
from accounts.models import User
from accounts.personal_data import Fate, Held, rows
from commerce.actions.payouts import drop_open_payout
from commerce.exceptions import PayoutNotPossible
from commerce.ledger import balance_of
from commerce.models import EarningsDay, LedgerEntry, Payout, PayoutDetails
from core.templatetags.core_tags import money_text

BOOKS = "Sums and dates of what was paid have to stay in the books; where it went to does not."
TRAIL = "The trail of who did what stays whole, without the name."
SAME_AS_AUDIT = "It repeats the audit log."

HOLDS = {
    "commerce.PayoutDetails.user": Held("payout_details", Fate.DELETED),
    "commerce.Payout.seller": Held("payouts", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Payout.first_approver": Held("", Fate.ANONYMISED, not_copied=SAME_AS_AUDIT, not_deleted=TRAIL),
    "commerce.Payout.second_approver": Held("", Fate.ANONYMISED, not_copied=SAME_AS_AUDIT, not_deleted=TRAIL),
    "commerce.PayoutBatch.made_by": Held("", Fate.ANONYMISED, not_copied=SAME_AS_AUDIT, not_deleted=TRAIL),
    "commerce.PayoutBatch.paid_by": Held("", Fate.ANONYMISED, not_copied=SAME_AS_AUDIT, not_deleted=TRAIL),
    "commerce.EarningsDay.seller": Held(
        "", Fate.DELETED, not_copied="Sums of what is in the copy sale by sale."
    ),
}
PAYOUT = (
    *("public_id", "status", "amount", "currency", "method", "destination", "created_at", "paid_at"),
    *("ended_at", "end_reason"),
)


def tables(user: User) -> list:
    """Details are masked: the person knows them, and whoever finds the copy need not."""
    details = ("method", "country", "created_at", "replaced_at")
    return [
        ("payout_details", rows(user.payout_details.order_by("pk"), *details, destination=F("masked"))),
        ("payouts", rows(user.payouts.order_by("pk"), *PAYOUT)),
    ]


def vetoes(user: User) -> list[str]:
    """An account without a person can be paid nothing."""
    found = []
    payout = Payout.objects.of_seller(user).open().first()
    if payout is not None:
        found.append(f"A payout of {money_text(payout.amount)} to you is under way.")
    balance = balance_of(user)
    if balance.held > 0:
        found.append(
            f"{money_text(balance.held)} from your sales is disputed or claimed: that has to be decided first."
        )
    left = balance.available + balance.on_hold
    if left > 0:
        found.append(
            f"{money_text(left)} from your sales has not been paid out to you yet."
            f" Request a payout on the page Financials{_when(user)}."
        )
    return found


def erase(user: User) -> None:
    """Where the money went to is forgotten; that it went stays in the books.

    Raises:
        NotYet: a payout is with the bank.
    """
    try:
        drop_open_payout(user)
    except PayoutNotPossible as error:
        raise NotYet(error.message) from error
    PayoutDetails.objects.of_user(user).delete()
    Payout.objects.of_seller(user).update(destination="")
    EarningsDay.objects.filter(seller=user).delete()


def _when(user: User) -> str:
    """From when on all of it can be asked for, where that is not now."""
    waiting = LedgerEntry.objects.of(LedgerEntry.Account.SELLER, user).filter(available_at__gt=timezone.now())
    last = waiting.order_by("-available_at").values_list("available_at", flat=True).first()
    return f" as soon as all of it is available, on {timezone.localtime(last):%-d %B %Y}" if last else ""
