"""What a creator changes about a model, and handing it in."""

from django.db import transaction
from django.utils import timezone

from core.models import AuditEntry
from marketplace.actions.comparing import compare
from marketplace.actions.processing import remake_preview
from marketplace.exceptions import TransitionRefused
from marketplace.models import Model3D, Tag
from marketplace.models.publishing import REVIEWED_FIELDS


def edit_model(*, model: Model3D, tags: list[str], **changes) -> bool:
    """Change a model's details. True where that sent an approved model back to review.

    `tags` are names as `forms.TagsField` cleans them, `changes` fields of the model by name. A change between free and
    paid makes the preview anew, and a preview that shows too much for the new price is gone with the commit. The words
    are held against what was measured.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with model.changing(*changes, "status", "submitted_at"):
        if model.deleted_at is not None:
            raise TransitionRefused("This model was deleted.")
        was_paid = model.is_paid
        before = _reviewed(model)
        for name, value in changes.items():
            setattr(model, name, value)
        _set_tags(model, tags)
        compare(model)
        is_back = model.status == Model3D.Status.APPROVED and _reviewed(model) != before
        if is_back:
            model.status = Model3D.Status.PENDING
            model.submitted_at = timezone.now()
        if model.is_paid != was_paid:
            AuditEntry.record(actor=model.creator, action="model.price", target=model, price=str(model.price))
            remake_preview(model=model)
    return is_back


def submit(*, model: Model3D) -> bool:
    """Hand a model to the moderators; False where it waits already.

    Raises:
        NotReadyForReview, TransitionRefused
    """
    with transaction.atomic():
        is_new = model.submit()
        if is_new:
            AuditEntry.record(actor=model.creator, action="model.submit", target=model)
    return is_new


def _reviewed(model: Model3D) -> dict:
    values = {name: getattr(model, name) for name in REVIEWED_FIELDS if name != "tags"}
    return {**values, "tags": set(model.tags.values_list("name", flat=True))}


def _set_tags(model: Model3D, names: list[str]) -> None:
    """Tags are shared by everybody, so two people may make the same new one at once."""
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    model.tags.set(Tag.objects.filter(name__in=names))
