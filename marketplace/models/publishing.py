"""How a model gets onto the marketplace and off it again: the transitions of `Model3D`.

Each locks the row first, so that two people cannot decide at once, and keeps the counts of what is listed right in the
same transaction. Each is idempotent: asked for what is already so, it changes nothing and says so by returning None or
False.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import activities
from accounts.models import User
from marketplace.exceptions import Missing, NotReadyForReview, ReviewNotAllowed, TransitionRefused
from marketplace.models.category import Category
from marketplace.models.showing import SHOWN_FIELDS, ShowingMixin

# Changing one of these on an approved model sends it back to review: they are what the moderator looked at. Price,
# visibility, preview mode and the creator's own switch are not.
REVIEWED_FIELDS = ("title", "description", "category", "tags", "license")
# What follows where a model goes back to review: files that waited for a decision of their own are part of it then.
REOPENED_FIELDS = ("status", "submitted_at", "version_submitted_at", *SHOWN_FIELDS)


class PublishingMixin(ShowingMixin):
    """Transitions of `Model3D`; the fields are declared there."""

    class Meta:
        abstract = True

    @contextmanager
    def changing(self, *fields: str):
        """Lock and reload the row, then save `fields` as the block leaves them.

        Who counts how many models are listed (category, creator) follows in the same transaction. Unsaved changes made
        before the block are lost: make them inside.

        Raises:
            TransitionRefused: the row was deleted.
        """
        with transaction.atomic():
            self.lock()
            before = self._listed_in()
            yield
            self.save(update_fields=[*fields, "updated_at"])
            self._count_listing(before, self._listed_in())

    def lock(self) -> None:
        """Lock and reload the row, until the end of the transaction.

        Raises:
            TransitionRefused: it was deleted.
        """
        rows = type(self)._base_manager.select_for_update(of=("self",))
        try:
            self.refresh_from_db(from_queryset=rows)
        except type(self).DoesNotExist as error:
            raise TransitionRefused("This model was deleted.") from error

    def _listed_in(self) -> int | None:
        return self.category_id if self.is_listed else None

    def _count_listing(self, before: int | None, after: int | None) -> None:
        """Lock order: model, categories by id, creator. A count that has drifted never stands in the way."""
        if before == after:
            return
        if after is None:
            # What was done in public about it is public no more.
            activities.forget(self)
        changes = {before: -1, after: 1}
        changes.pop(None, None)
        for category_id in sorted(changes):
            count = Greatest(F("model_count") + changes[category_id], 0)
            Category.objects.filter(pk=category_id).update(model_count=count)
        if (before is None) != (after is None):
            count = Greatest(F("total_models") + (1 if before is None else -1), 0)
            User.objects.filter(pk=self.creator_id).update(total_models=count)

    # ------------------------------------------------------------------ the creator

    @property
    def is_paid(self) -> bool:
        return self.price > 0

    def missing_for_review(self) -> list[Missing]:
        """What keeps this model from being submitted, in the order of the edit page."""
        files = self.newest_files
        missing = [] if files else [Missing("file", "Upload a file.")]
        for file in files:
            name = "The file" if len(files) == 1 else f"The {file.get_format_display()} file"
            if file.state == file.State.FAILED:
                remedy = "try again or replace it" if len(files) == 1 else "try again, replace or remove it"
                missing.append(Missing("file", f"{name} could not be processed: {remedy}."))
            # A preview that is being made anew for another price keeps nobody waiting: the measures are there.
            elif file.state != file.State.READY and file.processed_at is None:
                missing.append(
                    Missing("file", f"{name} is still being processed. You can submit when it is ready.")
                )
        if not self.title.strip():
            missing.append(Missing("id_title", "Give the model a title."))
        if not self.description.strip():
            missing.append(Missing("id_description", "Describe the model."))
        if self.category is None or not self.category.enabled:
            missing.append(Missing("id_category", "Choose a category."))
        return missing

    def submit(self) -> bool:
        """Hand the model to the moderators; False where it already waits or is approved.

        Raises:
            NotReadyForReview: something is missing.
            TransitionRefused: the model was deleted or taken down.
        """
        with self.changing("status", "submitted_at"):
            if self.deleted_at is not None or self.is_removed:
                raise TransitionRefused("This model is no longer on the site.")
            if self.status in (self.Status.PENDING, self.Status.APPROVED):
                return False
            missing = self.missing_for_review()
            if missing:
                raise NotReadyForReview(missing)
            self.status = self.Status.PENDING
            self.submitted_at = timezone.now()
        return True

    def retract(self) -> bool:
        """The creator takes the model back out of the queue, to mend it; False where it does not wait.

        Raises:
            TransitionRefused: the model was deleted.
        """
        with self.changing("status"):
            if self.deleted_at is not None:
                raise TransitionRefused("This model was deleted.")
            if self.status != self.Status.PENDING:
                return False
            self.status = self.Status.DRAFT
        return True

    def reopen_review(self) -> bool:
        """Something was added that no moderator has seen: an approved model goes back to review. True where it did.

        Raises:
            TransitionRefused: the model was deleted.
        """
        with self.changing(*REOPENED_FIELDS):
            if self.deleted_at is not None:
                raise TransitionRefused("This model was deleted.")
            return self.reopen()

    def reopen(self) -> bool:
        """Back to review, inside `changing(*REOPENED_FIELDS)`; False where the model is not approved."""
        if self.status != self.Status.APPROVED:
            return False
        self.status = self.Status.PENDING
        self.submitted_at = timezone.now()
        self.include_proposals()
        return True

    # ------------------------------------------------------------------ the moderators

    def may_be_reviewed_by(self, user) -> bool:
        """Moderators may, but nobody reviews their own."""
        return user.has_perm("marketplace.review_model3d") and user.pk != self.creator_id

    def approve(self, *, by):
        """Onto the marketplace. Returns the decision, or None where the model is approved already.

        Raises:
            ReviewNotAllowed, TransitionRefused
        """
        with self.changing("status", "published_at"):
            self._check_decision(by)
            if self.status == self.Status.APPROVED:
                return None
            if self.status != self.Status.PENDING:
                raise TransitionRefused(f"“{self}” is not waiting for review any more.")
            if self.current_file is None:
                raise TransitionRefused(f"“{self}” has no processed file.")
            self.status = self.Status.APPROVED
            self.published_at = self.published_at or timezone.now()
            decision = self._decide(by, "approved")
            newest = self.files.included().processed().newest_of_each_format().values("pk")
            self.files.filter(pk__in=newest, approved_at=None).update(approved_at=decision.created_at)
            return decision

    def reject(self, *, by, reason: str, note: str):
        """Back to the creator with a reason. Returns the decision, or None where the model is rejected already.

        Raises:
            ReviewNotAllowed, TransitionRefused
        """
        with self.changing("status"):
            self._check_decision(by)
            if self.status == self.Status.REJECTED:
                return None
            if self.status != self.Status.PENDING:
                raise TransitionRefused(f"“{self}” is not waiting for review any more.")
            self.status = self.Status.REJECTED
            return self._decide(by, "rejected", reason=reason, note=note)

    def undo_decision(self, *, by):
        """Back into the queue at its old place. Returns the decision taken back, or None where there is none.

        Raises:
            ReviewNotAllowed, TransitionRefused: the creator has acted on the decision meanwhile.
        """
        with self.changing("status", "published_at", "version_submitted_at", *SHOWN_FIELDS):
            self._check_decision(by)
            decision = self.last_decision()
            if decision is None:
                return None
            if decision.submitted_at != self.submitted_at or self.status != decision.outcome:
                raise TransitionRefused("The creator has changed the model since: decide on it anew.")
            decision.undone_at = timezone.now()
            decision.undone_by = by
            decision.save(update_fields=["undone_at", "undone_by"])
            self.files.filter(approved_at=decision.created_at).update(approved_at=None)
            self.include_proposals()
            self.status = self.Status.PENDING
            approvals = self.reviews_by_moderators.filter(subject="model", outcome="approved")
            if not approvals.filter(undone_at__isnull=True).exists():
                self.published_at = None
            return decision

    @property
    def review_due_at(self):
        """By when a moderator usually has decided; None where nothing waits."""
        waits = self.status == self.Status.PENDING or self.version_submitted_at
        since = (self.version_submitted_at or self.submitted_at) if waits else None
        return since + timedelta(days=settings.REVIEW_DAYS) if since else None

    @property
    def is_review_overdue(self) -> bool:
        return self.review_due_at is not None and self.review_due_at < timezone.now()

    @property
    def review_days(self) -> int:
        return settings.REVIEW_DAYS

    def take_down(self, *, by, reason: str) -> bool:
        """Off the site, whatever its creator's switch says; False where it is down already."""
        with self.changing("removed_at", "removed_by", "removal_reason"):
            if self.is_removed:
                return False
            self.removed_at, self.removed_by = timezone.now(), by
            self.removal_reason = reason[: self._meta.get_field("removal_reason").max_length]
        return True

    def put_back(self) -> bool:
        """To where it was: status and switch have not changed meanwhile. False where it was not taken down."""
        with self.changing("removed_at", "removed_by", "removal_reason"):
            if not self.is_removed:
                return False
            self.removed_at, self.removed_by, self.removal_reason = None, None, ""
        return True

    def last_decision(self):
        """The newest decision about the model as a whole that was not undone, or None."""
        decisions = self.reviews_by_moderators.filter(subject="model", undone_at__isnull=True)
        return decisions.order_by("-created_at", "-pk").first()

    def _check_decision(self, by) -> None:
        if not by.has_perm("marketplace.review_model3d"):
            raise ReviewNotAllowed("Only moderators review models.")
        if by.pk == self.creator_id:
            raise ReviewNotAllowed("Nobody reviews their own model.")
        if self.deleted_at is not None or self.is_removed:
            raise TransitionRefused(f"“{self}” is no longer on the site.")

    def _decide(self, by, outcome: str, **why):
        return self.reviews_by_moderators.create(
            file=self.current_file, moderator=by, outcome=outcome, submitted_at=self.submitted_at, **why
        )
