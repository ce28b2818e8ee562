"""The gallery's pictures and the documents of a model: added, described, put in order, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from core.models import AuditEntry
from marketplace.actions.storing import delete_stored, delete_stored_on_commit
from marketplace.arrivals import Arrival
from marketplace.exceptions import TransitionRefused
from marketplace.models import Model3D, ModelDocument, PreviewImage

MAX_PICTURES = 20
MAX_DOCUMENTS = 20
_NAME_LENGTH = ModelDocument._meta.get_field("name").max_length


@dataclass(frozen=True)
class Text:
    """A document that has been looked at: its kind, and the arrival that holds it."""

    kind: str
    name: str
    arrival: Arrival


def add_pictures(*, model: Model3D, pictures: Sequence[ContentFile]) -> bool:
    """Put pictures, as `marketplace.pictures` makes them, at the end of the gallery.

    True where that sent an approved model back to review.

    Raises:
        ValidationError: the gallery would have more than MAX_PICTURES.
        TransitionRefused: the model was deleted.
    """
    if not pictures:
        return False
    stored = []
    try:
        with transaction.atomic():
            is_back = model.reopen_review()
            have = model.preview_images.aggregate(last=Max("order"))["last"] or 0
            _check_room(model.preview_images.count(), len(pictures), MAX_PICTURES, "pictures")
            for number, picture in enumerate(pictures, 1):
                row = PreviewImage(model=model, order=have + number)
                row.image.save(picture.name, picture, save=False)
                stored.append(row.image)
                row.save()
    except BaseException:
        delete_stored(stored)
        raise
    return is_back


def add_documents(*, model: Model3D, texts: Sequence[Text]) -> bool:
    """Add documents that `marketplace.documents` has looked at. True where that sent an approved model back to review.

    Raises:
        ValidationError: the model would have more than MAX_DOCUMENTS.
        TransitionRefused: the model was deleted.
    """
    if not texts:
        return False
    stored = []
    try:
        with transaction.atomic():
            is_back = model.reopen_review()
            _check_room(model.documents.count(), len(texts), MAX_DOCUMENTS, "documents")
            for text in texts:
                row = ModelDocument(
                    model=model, kind=text.kind, name=text.name[-_NAME_LENGTH:], size=text.arrival.size
                )
                text.arrival.move_to(row.file, text.arrival.name)
                stored.append(row.file)
                row.save()
    except BaseException:
        delete_stored(stored)
        raise
    return is_back


def describe_picture(*, picture: PreviewImage, alt_text: str) -> bool:
    """Say what a picture shows. True where that sent an approved model back to review: the words are public.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        _check_there(picture.model)
        changed = picture.alt_text != alt_text
        is_back = picture.model.reopen_review() if changed and alt_text else False
        picture.alt_text = alt_text
        picture.save(update_fields=["alt_text", "updated_at"])
    return is_back


def move_picture(*, picture: PreviewImage, position: int) -> None:
    """Put a picture at `position` of the gallery, counted from 1; beyond either end is the end. Idempotent.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        _check_there(picture.model)
        pictures = list(picture.model.preview_images.order_by("order", "pk"))
        moved = next((other for other in pictures if other.pk == picture.pk), None)
        if moved is None:
            return
        pictures.remove(moved)
        pictures.insert(max(position, 1) - 1, moved)
        for number, other in enumerate(pictures, 1):
            other.order = number
        PreviewImage.objects.bulk_update(pictures, ["order"])


def choose_cover(*, model: Model3D, picture: PreviewImage | None) -> None:
    """Open the gallery with `picture`, one of the model's; with None by the 3D view. Idempotent.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        _check_there(model)
        model.preview_images.filter(is_cover=True).update(is_cover=False)
        if picture is not None:
            model.preview_images.filter(pk=picture.pk).update(is_cover=True)


def delete_picture(*, picture: PreviewImage) -> None:
    """Take a picture out of the gallery, for good.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        _check_there(picture.model)
        delete_stored_on_commit([picture.image])
        picture.delete()


def delete_document(*, document: ModelDocument) -> None:
    """Take a document off the model, for good.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        _check_there(document.model)
        AuditEntry.record(
            actor=document.model.creator,
            action="model.document.delete",
            target=document.model,
            name=document.name,
        )
        delete_stored_on_commit([document.file])
        document.delete()


def _check_there(model: Model3D) -> None:
    model.lock()
    if model.deleted_at is not None:
        raise TransitionRefused("This model was deleted.")


def _check_room(have: int, more: int, most: int, what: str) -> None:
    if have + more > most:
        raise ValidationError(
            f"A model has at most {most} {what}: it has {have}, and these are {more} more.", code="too_many"
        )
