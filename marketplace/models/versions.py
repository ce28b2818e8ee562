"""New versions of a model that is on the marketplace: proposed, decided on, and meanwhile the live one stays.

Part of `Model3D`. While a model is a draft or was rejected its files are simply replaced: see `ShowingMixin`.
"""

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.models import ModeratedQuerySet
from marketplace.exceptions import TransitionRefused
from marketplace.models.publishing import PublishingMixin
from marketplace.models.showing import SHOWN_FIELDS

# Oldest first; an approved model waits with its new version.
QUEUE_ORDER = (Coalesce("version_submitted_at", "submitted_at").asc(), "id")
# What waits for moderators; two indexes hold just these.
WAITING = Q(Q(status="pending") | Q(version_submitted_at__isnull=False), removed_at=None, deleted_at=None)


class ReviewQuerySet(ModeratedQuerySet):
    """The scope of what waits for moderators; the others are on `Model3DQuerySet`."""

    def awaiting_review(self):
        """The moderators' queue, oldest first: models, and new versions of those on the marketplace."""
        return self.filter(WAITING).order_by(*QUEUE_ORDER)


class VersionsMixin(PublishingMixin):
    """Transitions of files that were added to an approved model; the fields are declared on `Model3D`."""

    class Meta:
        abstract = True

    @property
    def may_propose_file(self) -> bool:
        """Whether a file that is added now becomes a version that moderators decide on, beside the live ones."""
        return self.status == self.Status.APPROVED and self.deleted_at is None and not self.is_removed

    @property
    def may_take_files(self) -> bool:
        """Whether the creator may add files at all: not while the model as a whole is in review."""
        return self.may_replace_file or self.may_propose_file

    @property
    def has_version_waiting(self) -> bool:
        """Whether moderators are to decide on new files of a model that they have approved."""
        return self.version_submitted_at is not None

    @property
    def proposals(self) -> list:
        """Files that wait to become part of the model, that of the shown format first."""
        return self._shown_format_first(self.files.proposed())

    @property
    def refusals(self) -> list:
        """Files that moderators did not approve and that nothing has followed: the last of each format."""
        newest = self.files.select_related("inspection").newest_of_each_format()
        return [file for file in newest if file.standing == file.Standing.REFUSED]

    def propose_file(self, file) -> None:
        """A file that was added to the approved model has become ready: it goes to the moderators. Idempotent."""
        with self.changing("version_submitted_at", *SHOWN_FIELDS):
            if self.status == self.Status.APPROVED:
                self.version_submitted_at = self.version_submitted_at or timezone.now()
            else:
                self.include_proposals()

    def settle_proposals(self) -> None:
        """A proposed file was taken back: without another one nothing waits any more."""
        with self.changing("version_submitted_at"):
            if not self._decidable().exists():
                self.version_submitted_at = None

    def include_proposals(self) -> None:
        """The model is reviewed as a whole: what waited is part of it from now on. Inside `changing`."""
        self.version_submitted_at = None
        waiting = list(self.files.proposed().select_related("inspection").order_by("version"))
        self.files.proposed().update(standing="included")
        self._adopt([file for file in waiting if file.state == file.State.READY])

    def approve_version(self, *, by):
        """The new files become part of the model, and what its page shows. The decision, or None where none waits.

        Raises:
            ReviewNotAllowed, TransitionRefused
        """
        with self.changing("version_submitted_at", *SHOWN_FIELDS):
            waiting = self._waiting_for(by)
            if not waiting:
                return None
            decision = self._decide_on_version(by, waiting, "approved")
            for file in waiting:
                file.standing = file.Standing.INCLUDED
                file.approved_at = decision.created_at
                file.save(update_fields=["standing", "approved_at", "updated_at"])
            self._adopt(waiting)
            return decision

    def reject_version(self, *, by, reason: str, note: str):
        """The new files stay out; what is live stays so. The decision, or None where none waits.

        Raises:
            ReviewNotAllowed, TransitionRefused
        """
        with self.changing("version_submitted_at"):
            waiting = self._waiting_for(by)
            if not waiting:
                return None
            decision = self._decide_on_version(by, waiting, "rejected", reason=reason, note=note)
            self.files.filter(pk__in=[file.pk for file in waiting]).update(standing="refused")
            return decision

    def _waiting_for(self, by) -> list:
        self._check_decision(by)
        if self.status != self.Status.APPROVED:
            raise TransitionRefused(f"“{self}” is in review as a whole.")
        return self._shown_format_first(self._decidable())

    def _decidable(self):
        """Proposals that were processed: the others come to the moderators when they are."""
        return self.files.proposed().processed()

    def _decide_on_version(self, by, files: list, outcome: str, **why):
        decision = self.reviews_by_moderators.create(
            file=files[0],
            moderator=by,
            subject="version",
            outcome=outcome,
            submitted_at=self.version_submitted_at or timezone.now(),
            **why,
        )
        self.version_submitted_at = None
        return decision

    def _adopt(self, files: list) -> None:
        """Show those that follow what is shown, and list all formats; nothing is saved."""
        for file in files:
            if self.current_file is None or file.format == self.current_file.format:
                self._show(file)
        if self.current_file is not None:
            self._list_formats()

    def _shown_format_first(self, files) -> list:
        shown = self.current_file.format if self.current_file else ""
        return sorted(files.select_related("inspection"), key=lambda file: (file.format != shown, file.pk))
