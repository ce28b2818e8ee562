"""What moderators of the demo have to do: reports that wait, a warning with an appeal, and a claim that is open."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts import reporting
from accounts.models import Report, User
from config.demo.catalogue.society import MEMBERS
from config.demo.clock import at
from marketplace.models import Model3D
from support.actions.safety import claims
from support.actions.safety.appealing import file_appeal
from support.actions.safety.deciding import decide
from support.models import CopyrightClaim, ModerationDecision
from support.safety.subjects import Subject

# Title of the model, who reports it (by their place among the members), why, and how many hours ago.
REPORTS = [
    ("Teapot and two cups", 0, Report.Reason.BROKEN, "The handle of one cup is not joined to it.", 30),
    ("Teapot and two cups", 1, Report.Reason.BROKEN, "Two cups have open edges where the handle begins.", 6),
    ("Striped lighthouse", 2, Report.Reason.SPAM, "The description is about another model.", 50),
]
WARNED = "Rangefinder camera"
CLAIMED = "Classic roadster"


def populate(people: dict[str, User]) -> None:
    """Nothing where it happened already, or where the models are not there."""
    if ModerationDecision.objects.exists() or CopyrightClaim.objects.exists():
        return
    members = {member.username: None for member in MEMBERS}
    found = list(User.objects.filter(username__in=members, is_demo=True).order_by("pk"))
    for title, place, reason, note, hours in REPORTS:
        if place < len(found):
            _report(title, found[place], reason, note, hours)
    if found:
        _warn(found[-1], people["moderator"])
    _claim(people["moderator"])


def _model(title: str) -> Model3D | None:
    return Model3D.objects.listed().select_related("creator").filter(title__iexact=title).first()


def _report(title: str, by: User, reason: str, note: str, hours: int) -> None:
    model = _model(title)
    thing = model and reporting.find("model", str(model.pk), user=by)
    if thing:
        with at(timezone.now() - timedelta(hours=hours)):
            reporting.report(thing, by=by, reason=reason, note=note)


def _warn(reporter: User, moderator: User) -> None:
    """Decided four days ago; its owner says since yesterday that it is mended."""
    _report(WARNED, reporter, Report.Reason.BROKEN, "The strap on the pictures is not in the file.", 120)
    model = _model(WARNED)
    if model is None:
        return
    subject = Subject.of_reports(ContentType.objects.get_for_model(Model3D), str(model.pk))
    with at(timezone.now() - timedelta(days=4)):
        decision = decide(
            subject=subject,
            by=moderator,
            measure=ModerationDecision.Measure.WARN,
            reason=ModerationDecision.Reason.MISLEADING,
            note="A picture shows a strap that the file does not have. Add it, or take the picture out.",
        )
    with at(timezone.now() - timedelta(days=1)):
        file_appeal(
            decision=decision,
            side="owner",
            by=model.creator,
            text="The picture is gone, and the description says what is in the file and what is not.",
        )


def _claim(moderator: User) -> None:
    model = _model(CLAIMED)
    if model is None:
        return
    with at(timezone.now() - timedelta(days=2)):
        claim = claims.file_claim(
            model=model,
            claimant=None,
            is_confirmed=True,
            name="Ivo Brandt",
            on_behalf_of="Brandt Coachworks",
            email="ivo.brandt@example.com",
            address="Kirchweg 3, 28203 Bremen, Germany",
            work="The roadster BC-4, built in 1958 and shown on our site.",
            work_url="https://example.com/bc-4",
            explanation="Grille and door line follow the BC-4; the badge is not ours.",
            signature="Ivo Brandt",
        )
        claims.open_claim(claim=claim, by=moderator)
