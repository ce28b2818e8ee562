"""What refunds and disputes keep about people; a part of `commerce.keeper`."""

from django.db.models import F, Q

from accounts.models import User
from accounts.personal_data import Fate, Held, rows
from commerce.models import Dispute, ProceedsHold, Refund, SoldListing

BOOKS = "Sums and dates of what went back have to stay in the books; what people wrote about it does not."
GONE = "(removed with the account)"
STAFF = "Who decided belongs to the decision, and is a person of the site."

HOLDS = {
    "commerce.Refund.requested_by": Held("refunds", Fate.ANONYMISED, not_deleted=BOOKS),
    "commerce.Refund.decided_by": Held("", Fate.KEPT, not_copied=STAFF, not_deleted=STAFF),
    "commerce.Dispute.submitted_by": Held("", Fate.KEPT, not_copied=STAFF, not_deleted=STAFF),
    "commerce.ProceedsHold.seller": Held("proceeds_held", Fate.ANONYMISED, not_deleted=BOOKS),
}
_STATE = ("public_id", "status", "amount", "tax_amount", "currency", "reason", "created_at", "completed_at")


def tables(user: User) -> list:
    asked = Refund.objects.filter(Q(requested_by=user) | Q(payment__payer=user)).order_by("pk")
    answered = Refund.objects.of_seller(user).order_by("pk")
    return [
        (
            "refunds",
            rows(asked, *_STATE, "text", "evidence", "decision_text", title=F("transaction__title")),
        ),
        # Not whose they were, and not what they wrote to support.
        (
            "refunds_of_sales",
            rows(
                answered,
                *_STATE,
                "seller_amount",
                "fee_amount",
                "answer",
                "answer_text",
                title=F("transaction__title"),
            ),
        ),
        ("proceeds_held", rows(_holds(user), "reason", "opened_at", "closed_at", "outcome")),
    ]


def _holds(user: User):
    return ProceedsHold.objects.filter(seller=user).order_by("pk")


def veto(user: User) -> list[str]:
    """Money that is asked for, or on its way."""
    found = []
    if Refund.objects.open().filter(payment__payer=user).exists():
        found.append("A refund of yours is not settled yet.")
    if Refund.objects.open().of_seller(user).exists():
        found.append("Somebody has asked for a refund of a model of yours: that is to be settled first.")
    return found


def erase(user: User) -> None:
    """What they wrote goes; the sums stay."""
    Refund.objects.filter(payment__payer=user).exclude(kind=Refund.Kind.DUE).update(text="")
    of_sales = Refund.objects.of_seller(user)
    of_sales.exclude(answer_text="").update(answer_text=GONE)
    # They quote what the seller's pages said.
    of_sales.exclude(evidence=[]).update(evidence=[])
    _holds(user).update(reason=GONE)
    SoldListing.objects.filter(model__creator=user).update(title="", description="", tags=[])
    answered = Dispute.objects.filter(payment__payer=user, submitted_at__isnull=False)
    answered.update(evidence=[], statement=GONE)
