"""Uploads that somebody has begun and not ended, as the upload page and the edit page list them."""

from dataclasses import dataclass, field

from marketplace.models import Model3D, Upload

# More are counted, not listed; `uploads.admission` bounds how many there can be.
LISTED = 100


@dataclass
class Batch:
    """What was dropped together."""

    id: str
    uploads: list[Upload] = field(default_factory=list)

    @property
    def has_arrived(self) -> bool:
        """Whether nothing is missing any more: only the last step was not made."""
        return all(upload.state == Upload.State.COMPLETE for upload in self.uploads)


@dataclass
class Unfinished:
    """A person's unfinished uploads: those for one model, or those for new ones."""

    batches: list[Batch]
    more: int = 0

    @classmethod
    def of(cls, user, *, model: Model3D | None = None) -> "Unfinished":
        rows = Upload.objects.owned_by(user).alive().filter(model=model).order_by("-batch", "pk")
        found = list(rows[: LISTED + 1])
        batches: dict[str, Batch] = {}
        for upload in found[:LISTED]:
            batches.setdefault(str(upload.batch), Batch(str(upload.batch))).uploads.append(upload)
        more = rows.count() - LISTED if len(found) > LISTED else 0
        return cls(sorted(batches.values(), key=lambda batch: batch.uploads[0].pk, reverse=True), more)

    def __bool__(self) -> bool:
        return bool(self.batches)
