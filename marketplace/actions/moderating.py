"""Models and collections that break the rules: taken off the site, and put back as they were."""

from django.db import transaction
from django.utils import timezone

from accounts import activities
from accounts.models import User
from core.models import AuditEntry
from marketplace.models import Collection, Model3D

_LONGEST_REASON = Collection._meta.get_field("removal_reason").max_length


def take_model_down(*, model: Model3D, by: User, reason: str) -> bool:
    """Nobody but its creator and the moderators sees it; who has it keeps it. False where it is down already."""
    with transaction.atomic():
        is_down = model.take_down(by=by, reason=reason)
        if is_down:
            AuditEntry.record(actor=by, action="model.take_down", target=model, reason=reason)
    return is_down


def put_model_back(*, model: Model3D, by: User) -> bool:
    """As it was before, listed if it was. False where it was not taken down."""
    with transaction.atomic():
        is_back = model.put_back()
        if is_back:
            AuditEntry.record(actor=by, action="model.put_back", target=model)
    return is_back


def take_collection_down(*, collection: Collection, by: User, reason: str) -> bool:
    """Its owner alone sees it, and it leaves every feed; its models stay. False where it is down already."""
    with transaction.atomic():
        row = _locked(collection)
        if row.is_removed:
            return False
        _set(row, removed_at=timezone.now(), removed_by=by, removal_reason=reason[:_LONGEST_REASON])
        activities.forget(row)
        AuditEntry.record(actor=by, action="collection.take_down", target=row, reason=reason)
    return True


def put_collection_back(*, collection: Collection, by: User) -> bool:
    """False where it was not taken down."""
    with transaction.atomic():
        row = _locked(collection)
        if not row.is_removed:
            return False
        _set(row, removed_at=None, removed_by=None, removal_reason="")
        AuditEntry.record(actor=by, action="collection.put_back", target=row)
    return True


def _locked(collection: Collection) -> Collection:
    return Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)


def _set(row: Collection, **fields) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "updated_at"])
