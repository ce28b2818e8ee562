"""Reports, moderators and claims for tests, made by the same calls as on the site."""

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts import reporting
from accounts.models import Report, User
from accounts.reporting import Reportable
from accounts.tests.factories import UserFactory
from support.actions.safety.claims import file_claim
from support.actions.safety.deciding import decide
from support.models import CopyrightClaim, ModerationDecision
from support.safety.subjects import Subject

Measure, Reason = ModerationDecision.Measure, ModerationDecision.Reason
SAID = {
    "name": "Mira Holm",
    "address": "Kirchweg 3, Bremen",
    "on_behalf_of": "",
    "work": "A carved chest of walnut, published in 2021.",
    "work_url": "https://example.com/chest",
    "explanation": "The carving of the lid is the same, leaf by leaf.",
    "signature": "Mira Holm",
}


def moderator(**fields) -> User:
    person = UserFactory(staff=True, **fields)
    person.groups.add(Group.objects.get(name="Moderators"))
    return person


def reported(thing, owner: User, *, by: User | None = None, reason: str = Report.Reason.SPAM) -> Report:
    seen = Reportable(thing, str(thing), "/", owner, f"Snapshot of {thing}")
    return reporting.report(seen, by=by or UserFactory(), reason=reason)


def subject_of(thing) -> Subject:
    return Subject.of_reports(ContentType.objects.get_for_model(thing), str(thing.pk))


def decided(
    thing,
    owner: User,
    *,
    measure: str = Measure.REMOVE,
    by: User | None = None,
    note: str = "Sold as yours.",
    reason: str = Reason.COPYRIGHT,
) -> ModerationDecision:
    """A report of the thing, and a moderator's decision about it."""
    reported(thing, owner)
    return decide(subject=subject_of(thing), by=by or moderator(), measure=measure, reason=reason, note=note)


def claimed(model, *, claimant: User | None = None, **said) -> CopyrightClaim:
    """A claim that a moderator can open."""
    email = claimant.email if claimant else "mira@example.com"
    return file_claim(model=model, claimant=claimant, is_confirmed=True, **(SAID | {"email": email} | said))
