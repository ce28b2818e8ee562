"""What a moderator sees of one reported thing."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from accounts.models import Report, User
from marketplace.evidence import Evidence, nearest_of_others
from marketplace.models import Model3D
from support.models import ModerationDecision
from support.safety.subjects import Subject

# So many reports, decisions and likenesses are shown.
SHOWN_REPORTS = 50
SHOWN_DECISIONS = 20


@dataclass(frozen=True)
class Reporter:
    """A report with what its writer reported before."""

    report: Report
    upheld: int
    dismissed: int


class CasePage:
    """Reports, what the thing is now, what was decided before about it and about its owner."""

    def __init__(self, subject: Subject, *, viewer: User) -> None:
        self.subject = subject
        self.viewer = viewer
        # Before anything else is looked at: what is decided from now on has not been seen.
        self.newest_decision = subject.newest_decision

    @property
    def is_own(self) -> bool:
        return self.subject.owner == self.viewer

    @cached_property
    def reports(self) -> list[Reporter]:
        found = self.subject.reports.open().select_related("reporter").order_by("created_at", "pk")
        shown = list(found[:SHOWN_REPORTS])
        decided = Report.objects.filter(reporter__in={one.reporter_id for one in shown}).values("reporter")
        counts = {
            row["reporter"]: row
            for row in decided.annotate(
                upheld=Count("pk", filter=Q(state=Report.State.UPHELD)),
                dismissed=Count("pk", filter=Q(state=Report.State.DISMISSED)),
            )
        }
        nobody = {"upheld": 0, "dismissed": 0}
        return [
            Reporter(one, *(counts.get(one.reporter_id, nobody)[name] for name in ("upheld", "dismissed")))
            for one in shown
        ]

    @cached_property
    def reports_count(self) -> int:
        return self.subject.reports.open().count()

    @cached_property
    def decisions(self) -> list[ModerationDecision]:
        found = self.subject.decisions.select_related("by").prefetch_related("appeals").newest_first()
        return list(found[:SHOWN_DECISIONS])

    @cached_property
    def others(self) -> list[ModerationDecision]:
        """What was decided about other things of the same person."""
        if self.subject.owner is None:
            return []
        found = ModerationDecision.objects.filter(owner=self.subject.owner)
        found = found.exclude(content_type=self.subject.content_type, object_id=self.subject.object_id)
        return list(found.newest_first()[:SHOWN_DECISIONS])

    @cached_property
    def likenesses(self) -> list[Evidence]:
        """Of a model, those of others that are most like it."""
        model = self.subject.thing
        file = isinstance(model, Model3D) and (model.current_file or model.newest_file)
        if not file:
            return []
        file.model = model
        return nearest_of_others(file)

    @property
    def is_model(self) -> bool:
        return isinstance(self.subject.thing, Model3D)
