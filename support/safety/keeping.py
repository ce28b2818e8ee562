"""What trust and safety keeps about people; a part of `support.keeper`."""

from django.db.models import F, Q

from accounts.models import User
from accounts.models.user import DELETED_NAME
from accounts.personal_data import Fate, Held, rows
from core.models import AuditEntry
from support.models import Appeal, CopyrightClaim, ModerationDecision

GONE = "(removed with the account)"
STAFF = "Who decided belongs to the decision, and is a person of the site."
_STAFF_DEED = Held("", Fate.KEPT, not_copied=STAFF, not_deleted=STAFF)
HOLDS = {
    "support.ModerationDecision.owner": Held("moderation_decisions", Fate.DELETED),
    "support.ModerationDecision.by": _STAFF_DEED,
    "support.ModerationDecision.reversed_by": _STAFF_DEED,
    "support.Appeal.by": Held("appeals", Fate.DELETED),
    "support.Appeal.first_by": _STAFF_DEED,
    "support.Appeal.decided_by": _STAFF_DEED,
    "support.CopyrightClaim.claimant": Held("claims", Fate.DELETED),
    "support.CopyrightClaim.owner": Held("claims_about_you", Fate.DELETED),
}
DECISION = (
    *("public_id", "title", "measure", "reason", "note", "evidence", "facts", "snapshot", "created_at"),
    *("ends_at", "mend_by", "appeal_by", "reversed_at"),
)
CLAIM = ("public_id", "title", "status", "work", "explanation", "facts", "created_at", "decided_at", "answer")


def tables(user: User) -> list:
    decisions = ModerationDecision.objects.concerning(user).order_by("pk")
    appeals = Appeal.objects.filter(by=user).order_by("pk")
    own = CopyrightClaim.objects.filter(claimant=user).order_by("pk")
    about = CopyrightClaim.objects.about(user).order_by("pk")
    signed = ("name", "on_behalf_of", "email", "address", "work_url", "signature")
    return [
        ("moderation_decisions", rows(decisions, *DECISION)),
        ("appeals", rows(appeals, "text", "status", "answer", "created_at", title=F("decision__title"))),
        ("claims", rows(own, *CLAIM, *signed)),
        # Not where their writers live.
        ("claims_about_you", rows(about, *CLAIM, "answer_signature", claimed_by=F("name"))),
    ]


def veto(user: User) -> list[str]:
    """Claims are decided first: money may hang on them."""
    undecided = CopyrightClaim.objects.waiting()
    if undecided.filter(Q(owner=user) | Q(claimant=user)).exists():
        return ["A claim to a work, of yours or about a model of yours, is not decided yet."]
    return []


def erase(user: User) -> None:
    """That it was decided stays; what says whose it was goes. Again and again with the same result."""
    about = ModerationDecision.objects.filter(owner=user)
    _forget_reasons(about)
    about.update(owner=None, title=DELETED_NAME, link="", snapshot="", note=GONE, evidence="", facts=[])
    Appeal.objects.filter(by=user).update(by=None, text=GONE)
    written = CopyrightClaim.objects.filter(claimant=user)
    written.update(
        claimant=None,
        name=DELETED_NAME,
        on_behalf_of="",
        email="deleted@account.invalid",
        address=GONE,
        work=GONE,
        work_url="",
        explanation=GONE,
        signature=DELETED_NAME,
        facts=[],
    )
    models = CopyrightClaim.objects.filter(owner=user)
    models.update(owner=None, title=DELETED_NAME, facts=[])
    models_answered = CopyrightClaim.objects.filter(model__creator=user, answered_at__isnull=False)
    models_answered.update(answer=GONE, answer_signature=DELETED_NAME)


def _forget_reasons(decisions) -> None:
    """What took a thing down says why in the audit log as well, in the words of the decision."""
    for content_type, object_id in decisions.values_list("content_type", "object_id").distinct():
        entries = AuditEntry.objects.filter(content_type=content_type, object_id=object_id)
        entries.filter(data__has_key="reason").update(data={"erased": True})
