"""The picture of a post or a course."""

from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.db import transaction

from blog.models.picture import PicturedMixin
from blog.pictures import SIZES
from marketplace.actions.storing import delete_stored_on_commit, deleted_on_error


def set_picture(*, subject: PicturedMixin, pictures: Mapping[str, ContentFile] | None) -> None:
    """The picture of `subject` in all sizes, as `blog.pictures` makes them; None takes it away."""
    with deleted_on_error() as stored, transaction.atomic():
        row = type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
        delete_stored_on_commit([getattr(row, field) for field in SIZES if getattr(row, field)])
        for field in SIZES:
            if pictures is None:
                setattr(row, field, "")
                continue
            getattr(row, field).save(pictures[field].name, pictures[field], save=False)
            stored.append(getattr(row, field))
        row.save(update_fields=[*SIZES, "updated_at"])
