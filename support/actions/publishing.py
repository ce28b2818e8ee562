"""Texts of help and docs: shown, taken back, deleted; each change of what everybody sees is in the audit log."""

from django.db import transaction

from accounts.models import User
from core.models import AuditEntry
from support.exceptions import PublishingRefused
from support.models.writing import Writing


def publish(*, text: Writing, by: User) -> None:
    """Everybody sees it from now on.

    Raises:
        PublishingRefused: it is shown already.
    """
    with transaction.atomic():
        row = _locked(text)
        if row.is_published:
            raise PublishingRefused("This text is published already.")
        row.publish()
        row.save(update_fields=["status", "updated_at"])
        AuditEntry.record(actor=by, action=f"{row._meta.model_name}.publish", target=row)


def take_back(*, text: Writing, by: User) -> None:
    """A draft again, with its votes.

    Raises:
        PublishingRefused: it is a draft.
    """
    with transaction.atomic():
        row = _locked(text)
        if not row.is_published:
            raise PublishingRefused("This text is a draft already.")
        row.take_back()
        row.save(update_fields=["status", "updated_at"])
        AuditEntry.record(actor=by, action=f"{row._meta.model_name}.take_back", target=row)


def delete(*, text: Writing, by: User) -> None:
    """For good, with its votes."""
    with transaction.atomic():
        row = _locked(text)
        AuditEntry.record(actor=by, action=f"{row._meta.model_name}.delete", target=row)
        row.delete()


def _locked(text: Writing) -> Writing:
    return type(text).objects.select_for_update(of=("self",)).get(pk=text.pk)
