"""What a person has: one purchase a model or course, free or paid, and the download links made from it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from commerce.models.order import Transaction
from commerce.models.things import ThingMixin, one_thing
from marketplace.models import Model3D, ModelDocument, ModelFile

_signer = Signer(salt="commerce.download")


class PurchaseQuerySet(models.QuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def active(self):
        """Without those taken back by a refund."""
        return self.filter(revoked_at__isnull=True)

    def of_models(self):
        """Those with something to download; a course is a page of its own."""
        return self.filter(model__isnull=False)

    def returned(self):
        """Those taken back by a refund of what was paid."""
        return self.filter(revoked_at__isnull=False, transaction__amount__gt=0)

    def downloadable(self):
        """Active ones whose money is not on its way back."""
        return self.active().filter(paused_at__isnull=True)

    def matching(self, words: str):
        """Those whose model's title, as bought or as it is now, or whose creator contains every one of the words."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(model__title__icontains=word)
                | Q(transaction__title__icontains=word)
                | Q(model__creator__username__icontains=word)
                | Q(model__creator__full_name__icontains=word)
            )
        return found

    def with_library_data(self):
        """All that a row of the library shows, but its links."""
        return self.select_related(
            "model__creator", "model__current_file", "model__category", "transaction__order", "review"
        )

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Purchase(ThingMixin, models.Model):
    """The right to download a model, which counts every download link made; or to take a course."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="purchases")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="purchase")
    file_version = models.PositiveIntegerField(default=1)
    download_count = models.PositiveIntegerField(default=0)
    download_limit = models.PositiveIntegerField(default=10, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField("taken back at", null=True, blank=True)
    # While all of its money is on its way back: it is still theirs, but nobody downloads.
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        permissions = [("grant_downloads", "Can grant more downloads")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "model"], condition=Q(revoked_at__isnull=True), name="purchase_unique"
            ),
            models.UniqueConstraint(
                fields=["user", "course"],
                condition=Q(revoked_at__isnull=True),
                name="purchase_course_unique",
            ),
            models.CheckConstraint(condition=one_thing(), name="purchase_model_or_course"),
            models.CheckConstraint(
                condition=Q(download_count__lte=F("download_limit")), name="purchase_downloads_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(revoked_at__isnull=True),
                name="purchase_paused_is_active",
            ),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="purchase_library")]

    def __str__(self):
        return f"{self.thing} of {self.user_id}"

    @property
    def downloads_left(self) -> int:
        return self.download_limit - self.download_count

    @property
    def may_be_reviewed(self) -> bool:
        """Whether its owner can know what the model is like: they paid for it, or have downloaded it."""
        is_known = bool(self.transaction.amount or self.download_count)
        return self.revoked_at is None and self.model_id is not None and is_known

    @property
    def is_active(self) -> bool:
        """Instance twin of `PurchaseQuerySet.active`."""
        return self.revoked_at is None

    @property
    def is_downloadable(self) -> bool:
        """Instance twin of `PurchaseQuerySet.downloadable`."""
        return self.is_active and self.paused_at is None

    @property
    def is_unused(self) -> bool:
        """Whether nothing of it was had yet: no download, no lesson."""
        if self.course_id is None:
            return not self.download_count
        enrollment = self.course.enrollments.filter(user=self.user_id).first()
        return enrollment is None or enrollment.is_untouched

    def pause(self, at) -> None:
        """All of its money is on its way back since `at`; None where it is not any more."""
        self.paused_at = at
        self.save(update_fields=["paused_at"])

    def revoke(self, at) -> None:
        """All of its money has gone back: it is not theirs any more."""
        if self.revoked_at is None:
            self.revoked_at, self.paused_at = at, None
            self.save(update_fields=["revoked_at", "paused_at"])

    def restore(self, paused_at=None) -> None:
        """The money did not go back after all."""
        self.revoked_at, self.paused_at = None, paused_at
        self.save(update_fields=["revoked_at", "paused_at"])

    def files(self) -> list[ModelFile]:
        """What the purchase gives: one file a format, the shown format first.

        Of each format the newest version that a moderator has approved, also one that came after the purchase; of one
        whose approval was taken back, the version that was there. What waits for a moderator is never among them.
        """
        chosen: dict[str, ModelFile] = {}
        for file in self.model.files.included().processed().select_related("inspection").order_by("version"):
            before = chosen.get(file.format)
            is_only_one = before is None or before.approved_at is None
            if file.approved_at is not None or (is_only_one and file.created_at <= self._seen_until):
                chosen[file.format] = file
        shown = self.model.current_file.format if self.model.current_file else ""
        return sorted(chosen.values(), key=lambda file: (file.format != shown, file.pk))

    @cached_property
    def _seen_until(self) -> datetime:
        """When a moderator last approved the whole model before it was bought; what came later they had not seen."""
        return self._approved(created_at__lte=self.created_at) or self.created_at

    def documents(self) -> list[ModelDocument]:
        """The texts that ride with the model, without what no moderator has seen yet."""
        found = self.model.documents.order_by("name", "pk")
        if self.model.status != Model3D.Status.APPROVED:
            found = found.filter(created_at__lte=self._approved() or self.created_at)
        return list(found)

    def _approved(self, **when) -> datetime | None:
        """When a moderator last approved the whole model."""
        decisions = self.model.reviews_by_moderators.filter(subject="model", outcome="approved", **when)
        return decisions.aggregate(at=Max("created_at"))["at"]


class DownloadLinkQuerySet(models.QuerySet):
    def valid(self, now=None):
        return self.filter(expires_at__gt=now or timezone.now())


class DownloadLink(models.Model):
    """A counted download: opens all that the purchase gives, and resumes, until it expires, without counting twice.

    `file` is the one that was shown when it was made.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="links")
    file = models.ForeignKey(ModelFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    objects = DownloadLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["purchase", "-created_at"], name="download_link_recent")]

    def __str__(self):
        return str(self.public_id)

    def get_absolute_url(self):
        """The signed address; it works for the purchase's owner alone."""
        return reverse("commerce:download", args=[self.token])

    @property
    def token(self) -> str:
        """What signs the link's addresses."""
        return _signer.sign(str(self.public_id))

    @classmethod
    def find(cls, token: str, *, user) -> "DownloadLink | None":
        """The link behind a signed address, if it was signed here and is this person's."""
        try:
            public_id = uuid.UUID(_signer.unsign(token))
        except (BadSignature, ValueError):
            return None
        return (
            cls.objects.select_related("purchase__model__current_file", "file")
            .filter(public_id=public_id, purchase__in=Purchase.objects.of_user(user).downloadable())
            .first()
        )

    @property
    def is_valid(self) -> bool:
        return self.expires_at > timezone.now()
