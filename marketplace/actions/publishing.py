"""What a creator changes about a model, and handing it in."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.models import AuditEntry
from marketplace.actions.announcing import announce
from marketplace.actions.comparing import compare
from marketplace.actions.processing import remake_preview
from marketplace.exceptions import PrivateModelsFull, TransitionRefused
from marketplace.models import Model3D, Tag
from marketplace.models.publishing import REOPENED_FIELDS, REVIEWED_FIELDS
from marketplace.quota import PrivateModels, lock_private_models_of

# So many are published by one run; the next one goes on.
AT_A_TIME = 1000


def edit_model(*, model: Model3D, tags: list[str], **changes) -> bool:
    """Change a model's details. True where that sent an approved model back to review.

    `tags` are names as `forms.TagsField` cleans them, `changes` fields of the model by name. A change between free and
    paid makes the preview anew, and a preview that shows too much for the new price is gone with the commit. The words
    are held against what was measured.

    Raises:
        TransitionRefused: the model was deleted.
        PrivateModelsFull: it was to become private, and the creator has as many of those as they may.
    """
    with transaction.atomic():
        if changes.get("visibility") == Model3D.Visibility.PRIVATE:
            lock_private_models_of(model.creator_id)
        is_back = _edit(model, tags, changes)
        announce(model)
    return is_back


def _edit(model: Model3D, tags: list[str], changes: dict) -> bool:
    with model.changing(*changes, "publish_at", *REOPENED_FIELDS):
        if model.deleted_at is not None:
            raise TransitionRefused("This model was deleted.")
        was_paid = model.is_paid
        _require_room_among_private(model, changes)
        before = _reviewed(model)
        for name, value in changes.items():
            setattr(model, name, value)
        if model.is_published:
            # Shown by hand: nothing is left for its hour.
            model.publish_at = None
        _set_tags(model, tags)
        is_back = _reviewed(model) != before and model.reopen()
        compare(model)
        if model.is_paid != was_paid:
            AuditEntry.record(actor=model.creator, action="model.price", target=model, price=str(model.price))
            remake_preview(model=model)
    return is_back


def _require_room_among_private(model: Model3D, changes: dict) -> None:
    """What is private stays so, however many there are; only one more has to find room."""
    private = Model3D.Visibility.PRIVATE
    if changes.get("visibility") == private and model.visibility != private:
        private_models = PrivateModels.of(model.creator)
        if not private_models.has_room:
            raise PrivateModelsFull(private_models.refusal)


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


def publish(*, model: Model3D) -> bool:
    """Show a model, and tell followers of one that they have not heard of; False where it is shown already.

    Raises:
        TransitionRefused: it was deleted or taken down.
    """
    with transaction.atomic():
        changed = model.publish()
        announce(model)
    return changed


def publish_due(now: datetime | None = None) -> int:
    """Show the models whose hour has come; how many those were. Each by itself, the longest due first."""
    now = now or timezone.now()
    count = 0
    for model in Model3D.objects.due(now).with_card_data().order_by("publish_at", "pk")[:AT_A_TIME]:
        with suppress(TransitionRefused), transaction.atomic():
            if model.publish_when_due(now):
                AuditEntry.record(actor=None, action="model.publish_scheduled", target=model)
                announce(model)
                count += 1
    return count


def _reviewed(model: Model3D) -> dict:
    values = {name: getattr(model, name) for name in REVIEWED_FIELDS if name != "tags"}
    return {**values, "tags": set(model.tags.values_list("name", flat=True))}


def _set_tags(model: Model3D, names: list[str]) -> None:
    """Tags are shared by everybody, so two people may make the same new one at once."""
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    model.tags.set(Tag.objects.filter(name__in=names))
