"""The creator's own switch: shown, hidden, shown later by itself, deleted and brought back. Part of `Model3D`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.exceptions import TransitionRefused
from marketplace.models.versions import ReviewQuerySet, VersionsMixin

FARTHEST = timedelta(days=366)


def kept_since(now: datetime | None = None) -> datetime:
    """What was deleted before can be brought back no more."""
    return (now or timezone.now()) - timedelta(days=settings.DELETED_MODELS_KEPT_DAYS)


class OfferingQuerySet(ReviewQuerySet):
    """Scopes of what is a creator's own, deleted, or left for an hour; the others are on `Model3DQuerySet`."""

    def owned_by(self, user):
        """A creator's own models, without those they deleted."""
        return self.filter(creator=user, deleted_at__isnull=True)

    def deleted_by(self, user):
        """What a creator has deleted and can still bring back: see `Model3D.may_be_restored`."""
        return self.filter(creator=user, deleted_at__gt=kept_since())

    def purgeable(self, now=None):
        """What was deleted too long ago to be brought back, and never was anybody else's business."""
        untouched = self.filter(published_at__isnull=True, reviews_by_moderators__isnull=True, sales_count=0)
        return untouched.filter(deleted_at__lte=kept_since(now))

    def due(self, now):
        """What is to be shown by itself from now on: see `Model3D.is_due`."""
        approved = self.not_removed().filter(status="approved", deleted_at__isnull=True)
        return approved.filter(publish_at__lte=now)


class OfferingMixin(VersionsMixin):
    """Transitions of `Model3D` that its creator makes alone; the other fields are declared there."""

    # When followers were told of it: they are told once, however often it comes and goes.
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What `is_published` was when the model was deleted: bringing it back puts it where it was.
    was_published = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def is_for_sale(self) -> bool:
        """Whether somebody who can open the page may get the model now."""
        return self.status == self.Status.APPROVED and self.is_published and self.deleted_at is None

    def publish(self) -> bool:
        """Show the model, now or as soon as it is approved; False where its switch is on already.

        Raises:
            TransitionRefused: the model was deleted or taken down.
        """
        with self.changing("is_published", "publish_at"):
            self._check_offered()
            if self.is_published:
                return False
            self.is_published = True
            self.publish_at = None
        return True

    def unpublish(self) -> bool:
        """Take the model off the marketplace, for as long as the creator likes; False where it is off already.

        Raises:
            TransitionRefused: the model was deleted or taken down.
        """
        with self.changing("is_published"):
            self._check_offered()
            if not self.is_published:
                return False
            self.is_published = False
        return True

    def schedule(self, *, at: datetime) -> None:
        """Hide the model until `at`; from then on it is shown as soon as it is approved.

        Raises:
            TransitionRefused: it can be seen now, `at` is past or too far away, or the model was deleted or taken down.
        """
        with self.changing("is_published", "publish_at"):
            self._check_offered()
            if self.is_published and self.status == self.Status.APPROVED:
                raise TransitionRefused("It is on the marketplace now. Hide it first, then set a time.")
            if not timezone.now() < at <= timezone.now() + FARTHEST:
                raise TransitionRefused("Choose a time that is to come, within a year.")
            self.is_published = False
            self.publish_at = at

    def unschedule(self) -> bool:
        """No time any more: the model stays hidden until its creator shows it. False where there was none."""
        with self.changing("publish_at"):
            if self.publish_at is None:
                return False
            self.publish_at = None
        return True

    def publish_when_due(self, now: datetime) -> bool:
        """Show the model where its time has come; see `OfferingQuerySet.due`."""
        with self.changing("is_published", "publish_at"):
            if not self.is_due(now):
                return False
            self.is_published = True
            self.publish_at = None
        return True

    def is_due(self, now: datetime) -> bool:
        """Instance twin of `OfferingQuerySet.due`."""
        return (
            self.publish_at is not None
            and self.publish_at <= now
            and self.status == self.Status.APPROVED
            and self.deleted_at is None
            and not self.is_removed
        )

    def withdraw(self) -> None:
        """The creator deletes the model: off the site, kept for those who have it. Idempotent."""
        with self.changing("deleted_at", "is_published", "was_published"):
            if self.deleted_at is None:
                self.deleted_at = timezone.now()
                self.was_published = self.is_published
                self.is_published = False

    def restore(self) -> bool:
        """Bring a deleted model back to where it was; False where it is there.

        Raises:
            TransitionRefused: it was deleted too long ago.
        """
        with self.changing("deleted_at", "is_published"):
            if self.deleted_at is None:
                return False
            if not self.may_be_restored:
                raise TransitionRefused("It was deleted too long ago.")
            self.deleted_at = None
            self.is_published = self.was_published
        return True

    @property
    def may_be_restored(self) -> bool:
        """Instance twin of `OfferingQuerySet.deleted_by`."""
        return self.deleted_at is not None and self.deleted_at > kept_since()

    @property
    def gone_for_good_at(self) -> datetime:
        """When a deleted model can be brought back no more."""
        return self.deleted_at + timedelta(days=settings.DELETED_MODELS_KEPT_DAYS)

    @property
    def is_nobodys(self) -> bool:
        """Whether nobody but the creator ever had to do with it: never on sale, never sold, no decision about it."""
        return self.published_at is None and not self.sales_count and not self.reviews_by_moderators.exists()

    def _check_offered(self) -> None:
        if self.deleted_at is not None:
            raise TransitionRefused("This model was deleted.")
        if self.is_removed:
            raise TransitionRefused("Moderation has taken it off the site.")
