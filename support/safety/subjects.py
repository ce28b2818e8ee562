"""One thing that is decided about, with every report of it."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from accounts.models import Report, User
from marketplace.models import Model3D
from support.models import ModerationDecision
from support.safety.targets import Target, target_of


@dataclass(frozen=True)
class Subject:
    """As it was reported last, or as it is where nobody reported it."""

    content_type: ContentType
    object_id: str
    title: str
    link: str
    owner: User | None
    snapshot: str = ""

    @classmethod
    def of_reports(cls, content_type: ContentType, object_id: str) -> "Subject | None":
        """None where nobody ever reported such a thing."""
        reports = Report.objects.filter(content_type=content_type, object_id=object_id)
        latest = reports.select_related("owner").order_by("-pk").first()
        if latest is None:
            return None
        return cls(content_type, object_id, latest.title, latest.link, latest.owner, latest.snapshot)

    @classmethod
    def of_model(cls, model: Model3D) -> "Subject":
        return cls(
            ContentType.objects.get_for_model(Model3D),
            str(model.pk),
            model.title,
            model.get_absolute_url(),
            model.creator,
            f"{model.title}\n\n{model.description}",
        )

    @classmethod
    def of_decision(cls, decision: ModerationDecision) -> "Subject":
        return cls(
            decision.content_type,
            decision.object_id,
            decision.title,
            decision.link,
            decision.owner,
            decision.snapshot,
        )

    @property
    def key(self) -> str:
        """What everybody locks who decides about it."""
        return f"support.case:{self.content_type.pk}:{self.object_id}"

    @cached_property
    def thing(self) -> Model | None:
        """None where it was deleted since."""
        model = self.content_type.model_class()
        if model is None or not self.object_id.isdecimal():
            return None
        return model._base_manager.filter(pk=self.object_id).first()

    @property
    def target(self) -> Target:
        return target_of(self.content_type.model_class())

    @property
    def measures(self) -> list[str]:
        """What can be decided about it now."""
        possible = list(self.target.measures)
        gone = [*ModerationDecision.REMOVING, ModerationDecision.Measure.HOLD]
        if self.thing is None:
            possible = [measure for measure in possible if measure not in gone]
        if self.owner is None:
            possible = [ModerationDecision.Measure.DISMISS]
        return possible

    @property
    def newest_decision(self) -> int:
        """Its key; 0 where nothing was decided."""
        return self.decisions.order_by("-pk").values_list("pk", flat=True).first() or 0

    @property
    def reports(self) -> QuerySet[Report]:
        return Report.objects.filter(content_type=self.content_type, object_id=self.object_id)

    @property
    def decisions(self) -> QuerySet[ModerationDecision]:
        return ModerationDecision.objects.about(self.content_type, self.object_id)
