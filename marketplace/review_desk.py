"""What a moderator needs to see of a model to decide about it."""

from datetime import datetime
from functools import cached_property

from django.db.models import Count, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from core.markdown import render_markdown
from core.templatetags.core_tags import age_text
from marketplace.evidence import Evidence, nearest_of_others
from marketplace.models import Model3D, ModelReview, ReviewClaim
from marketplace.progress import FileProgress
from marketplace.versions import differences

EARLIER_MODELS = 8
DECISIONS = 20


class Desk:
    """One model before one moderator."""

    def __init__(self, model: Model3D, *, moderator, claim: ReviewClaim | None) -> None:
        self.model = model
        self.moderator = moderator
        self.claim = claim

    @cached_property
    def files(self) -> list[FileProgress]:
        """All versions of all formats: first what is decided on, that of the shown format before all."""
        newest = self.model.proposals if self.model.has_version_waiting else self.model.newest_files
        older = self.model.files.exclude(pk__in=[file.pk for file in newest]).order_by("-created_at", "-pk")
        files = [*newest, *older]
        prefetch_related_objects(files, "inspection")
        for file in files:
            file.model = self.model
        self._formats = len(newest)
        return [FileProgress(file, viewer=self.moderator) for file in files]

    @property
    def newest(self) -> FileProgress | None:
        """What is decided on, and shown first."""
        return self.files[0] if self.files else None

    @property
    def other_formats(self) -> list[FileProgress]:
        """The newest of each other format: decided on with it."""
        return self.files[1 : self._formats] if self.files else []

    @cached_property
    def live(self) -> FileProgress | None:
        """What is on the marketplace meanwhile, of the format that a new version is decided on."""
        if not self.model.has_version_waiting or self.newest is None:
            return None
        live = (
            file
            for file in self.files
            if file.file.approved_at and file.file.format == self.newest.file.format
        )
        return next(live, None)

    @property
    def differences(self) -> list:
        """What the new version measures otherwise than the live one."""
        return differences(self.live.file, self.newest.file) if self.live else []

    @cached_property
    def likenesses(self) -> list[Evidence]:
        """Models of other creators that are most like this one, with what speaks for a copy."""
        return nearest_of_others(self.newest.file) if self.newest else []

    @cached_property
    def documents(self) -> list:
        return list(self.model.documents.order_by("name", "pk"))

    @cached_property
    def tags(self) -> list:
        return list(self.model.tags.order_by("name"))

    @cached_property
    def description_html(self):
        return render_markdown(self.model.description)

    @cached_property
    def decisions(self) -> list[ModelReview]:
        reviews = self.model.reviews_by_moderators.select_related("moderator", "undone_by")
        return list(reviews.order_by("-created_at", "-pk")[:DECISIONS])

    @cached_property
    def creator_counts(self) -> dict[str, int]:
        """What became of the creator's models and of earlier decisions."""
        models = Model3D.objects.filter(creator=self.model.creator_id).exclude(pk=self.model.pk)
        decided = ModelReview.objects.filter(model__creator=self.model.creator_id, undone_at__isnull=True)
        return {
            **models.aggregate(
                models=Count("pk", filter=~Q(status=Model3D.Status.DRAFT)),
                taken_down=Count("pk", filter=Q(removed_at__isnull=False)),
            ),
            **decided.aggregate(
                approvals=Count("pk", filter=Q(outcome=ModelReview.Outcome.APPROVED)),
                rejections=Count("pk", filter=Q(outcome=ModelReview.Outcome.REJECTED)),
            ),
        }

    @cached_property
    def earlier_models(self) -> list[Model3D]:
        models = Model3D.objects.filter(creator=self.model.creator_id).exclude(status=Model3D.Status.DRAFT)
        return list(
            models.exclude(pk=self.model.pk)
            .select_related("current_file")
            .order_by("-submitted_at", "-pk")[:EARLIER_MODELS]
        )

    @property
    def is_own(self) -> bool:
        return self.model.creator_id == self.moderator.pk

    @property
    def is_claimed_by_other(self) -> bool:
        return (
            self.claim is not None and self.claim.is_current and self.claim.moderator_id != self.moderator.pk
        )

    @property
    def may_decide(self) -> bool:
        return self.is_waiting and not self.is_own and not self.is_gone

    @property
    def is_waiting(self) -> bool:
        return self.model.status == Model3D.Status.PENDING or self.model.has_version_waiting

    @property
    def is_gone(self) -> bool:
        return self.model.deleted_at is not None or self.model.is_removed

    @cached_property
    def undoable(self) -> ModelReview | None:
        """The decision that can be taken back, if any."""
        last = self.model.last_decision()
        stands = last and last.submitted_at == self.model.submitted_at and self.model.status == last.outcome
        return last if stands and not self.is_own and not self.is_gone else None

    @property
    def seen(self) -> str:
        """Goes with a decision, so that nothing is approved that was changed meanwhile."""
        return self.model.updated_at.isoformat()


def parse_seen(text: str) -> datetime | None:
    """The time that `Desk.seen` wrote; None for anything else."""
    try:
        seen = parse_datetime(text)
    except ValueError:
        return None
    return seen if seen is not None and seen.tzinfo is not None else None


def next_in_queue(moderator) -> Model3D | None:
    """The oldest waiting model that is not the moderator's own and that no other moderator has open."""
    claimed = ReviewClaim.objects.filter(claimed_at__gt=timezone.now() - ReviewClaim.DURATION)
    return (
        Model3D.objects.awaiting_review()
        .exclude(creator=moderator)
        .exclude(pk__in=claimed.exclude(moderator=moderator).values("model"))
        .first()
    )


def waiting_text(model: Model3D) -> str:
    """When it was handed in, and while it waits by when it is to be decided: `3 hours ago, by 2 Dec`."""
    since = model.version_submitted_at or model.submitted_at
    if since is None:
        return "–"
    if model.review_due_at is None:
        return age_text(since)
    due = "overdue" if model.is_review_overdue else f"by {date_format(model.review_due_at, 'j M')}"
    return f"{age_text(since)}, {due}"
