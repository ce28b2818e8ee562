"""Who did what to which object: written by every privileged action, never changed.

The database holds that, whoever asks (`audit_append_only`): an entry is never deleted, and of one that is there only
what names a person can go, when their account is erased (see `accounts.erasing`).
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One privileged action; `data` holds what an auditor needs to see of it."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=80)
    content_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, related_name="+")
    object_id = models.CharField(max_length=64, blank=True)
    object_repr = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "audit entries"
        # Asked for by every list, of whatever app.
        permissions = [("export_lists", "Can take lists of the console away as files")]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-created_at"], name="audit_object"),
            models.Index(fields=["-created_at"], name="audit_recent"),
            models.Index(fields=["action", "-created_at"], name="audit_by_action"),
        ]

    def __str__(self):
        return f"{self.action} {self.object_repr}"

    @property
    def action_words(self) -> str:
        """For people: `model.take_down` is `Model: take down`."""
        about, _, deed = self.action.replace("_", " ").rpartition(".")
        return ": ".join(part for part in (about.replace(".", " "), deed) if part).capitalize()

    @classmethod
    def record(cls, *, actor, action: str, target=None, **data) -> "AuditEntry":
        """Write one entry; `actor` is None for what the system does by itself."""
        return cls.objects.create(
            actor=actor,
            action=action,
            content_type=ContentType.objects.get_for_model(target) if target is not None else None,
            object_id=str(target.pk) if target is not None else "",
            object_repr=str(target)[:200] if target is not None else "",
            data=data,
        )
