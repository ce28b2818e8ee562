"""What speaks for one creator's file being a copy of another's. It is laid before a person, who decides; nothing else
follows from any of it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format

from core.addresses import absolute_url
from marketplace.models import Fingerprint, Model3D, ModelFile
from marketplace.processing.shape import VERSION
from marketplace.processing.shape.handedness import mirrored
from marketplace.shapes import SIMILAR_FROM, closeness_of, nearest, size_text

# So many models a reviewer is shown beside one.
MOST = 6
# Words that titles share without meaning the same thing.
_SMALL_WORDS = frozenset(
    (
        "and",
        "for",
        "from",
        "game",
        "high",
        "low",
        "model",
        "old",
        "pack",
        "poly",
        "ready",
        "set",
        "the",
        "with",
    )
)


@dataclass(frozen=True)
class Evidence:
    """How `file`, which is looked at, and `other`, of another model, are alike. Each has its model loaded.

    `first_uploads` says since when each model has had a file; `same_files` are those files of the other model that
    are, byte for byte, a file of the model looked at.
    """

    file: ModelFile
    other: ModelFile
    first_uploads: tuple[datetime, datetime]
    same_files: tuple[ModelFile, ...] = ()

    @property
    def model(self) -> Model3D:
        """The other one."""
        return self.other.model

    @cached_property
    def _shapes(self) -> tuple[Fingerprint, Fingerprint] | None:
        """None where one of the two has no measured shape, or they do not compare."""
        shapes = [getattr(file, "fingerprint", None) for file in (self.file, self.other)]
        return tuple(shapes) if all(shape and shape.version == VERSION for shape in shapes) else None

    @property
    def closeness(self) -> int | None:
        """How alike the shapes are, in percent, as `marketplace.shapes` counts it."""
        if self._shapes is None:
            return None
        one, two = (np.asarray(shape.vector, float) for shape in self._shapes)
        return closeness_of(float(np.linalg.norm(one - two)))

    @property
    def is_similar(self) -> bool:
        return self.closeness is not None and self.closeness >= SIMILAR_FROM

    @property
    def scale_ratio(self) -> float | None:
        """How many times as large the other one is."""
        return self._shapes[1].scale / self._shapes[0].scale if self._shapes else None

    @property
    def is_mirrored(self) -> bool | None:
        """Whether one is the other's mirror image; None where it cannot be told, or they are no such copies."""
        if not self.is_similar:
            return None
        return mirrored(self._shapes[0].handedness, self._shapes[1].handedness)

    @property
    def textures(self) -> tuple[list[str], list[str]]:
        """The hashes of the pictures in each."""
        return tuple(
            shape.textures if (shape := getattr(file, "fingerprint", None)) else []
            for file in (self.file, self.other)
        )

    @property
    def shared_textures(self) -> list[str]:
        """Hashes of the pictures that lie in both, byte for byte."""
        own, theirs = self.textures
        return sorted(set(own) & set(theirs))

    @property
    def title_words(self) -> list[str]:
        """Words that both titles have, but for the small ones, in the order of the title looked at."""
        theirs = set(_words(self.model.title))
        return [word for word in dict.fromkeys(_words(self.file.model.title)) if word in theirs]

    @property
    def is_later(self) -> bool:
        """Whether the other model came to the site after the one looked at."""
        return self.first_uploads[1] > self.first_uploads[0]

    def quotation(self) -> str:
        """The evidence as the start of a note to the creator: it names nothing that they may not see."""
        named = "another creator's model"
        if self.model.is_open_to_all:
            named = f"“{self.model.title}” by {self.model.creator.username}"
            named += f" ({absolute_url(self.model.get_absolute_url())})"
        lines = [f"Your file is like {named}, which was uploaded on {_day(self.first_uploads[1])}:"]
        if self.closeness is not None:
            size = size_text(self.scale_ratio)
            mirror = ", mirrored" if self.is_mirrored else ""
            lines.append(f"- shape: {self.closeness} % alike{mirror}; theirs is {size}")
        if self.same_files:
            lines.append("- file: the same, byte for byte")
        if self.shared_textures:
            count = f"{len(self.shared_textures)} of your {len(self.textures[0])}"
            lines.append(f"- textures: {count} are the same pictures")
        return "\n".join(lines) + "\n\n"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _words(title: str) -> list[str]:
    return [word for word in re.findall(r"\w{3,}", title.casefold()) if word not in _SMALL_WORDS]


def evidence_between(file: ModelFile, model: Model3D) -> Evidence | None:
    """For the file that `model` shows, or its newest; None where it has none."""
    other = model.current_file or model.newest_file
    if other is None:
        return None
    other.model = model
    same = _same_files(file, ModelFile.objects.filter(model=model))
    return _evidence(file, [(other, tuple(same))])[0]


def nearest_of_others(file: ModelFile) -> list[Evidence]:
    """Models of other creators that are most like `file`, in whatever state: the same file first, then by shape.

    At most `MOST`. Where none is similar, the nearest alone, so that it can be seen how far the rest is.
    """
    others = Model3D.objects.exclude(creator=file.model.creator_id).select_related(
        "creator", "category", "current_file__fingerprint"
    )
    same: dict[int, list[ModelFile]] = {}
    for found in _same_files(file, ModelFile.objects.exclude(model__creator=file.model.creator_id)):
        same.setdefault(found.model_id, []).append(found)
    candidates: dict[int, ModelFile] = {}
    for model in others.filter(pk__in=list(same)[:MOST]):
        shown = model.current_file or same[model.pk][0]
        candidates[model.pk] = _of(shown, model)
    shape = getattr(file, "fingerprint", None)
    if shape is not None and shape.version == VERSION:
        for near in nearest(shape.vector, among=others, limit=MOST):
            candidates.setdefault(near.model.pk, _of(near.model.current_file, near.model))
    found = _evidence(file, [(other, tuple(same.get(pk, ()))) for pk, other in candidates.items()])
    found.sort(key=lambda one: (not one.same_files, -(one.closeness or 0)))
    alike = [one for one in found if one.same_files or one.is_similar]
    return alike[:MOST] or found[:1]


def _of(file: ModelFile, model: Model3D) -> ModelFile:
    """The reverse of current_file is not loaded with it."""
    file.model = model
    return file


def _same_files(file: ModelFile, among) -> list[ModelFile]:
    """Those with the bytes of any file of the model that `file` is of, earliest first."""
    own = ModelFile.objects.filter(model=file.model_id).exclude(sha256="").values("sha256")
    return list(
        among.filter(sha256__in=own)
        .exclude(model=file.model_id)
        .select_related("fingerprint")
        .order_by("created_at", "pk")[: 4 * MOST]
    )


def _evidence(file: ModelFile, others: list[tuple[ModelFile, tuple[ModelFile, ...]]]) -> list[Evidence]:
    models = {file.model_id, *(other.model_id for other, _same in others)}
    first = dict(
        ModelFile.objects.filter(model__in=models).values_list("model").annotate(first=Min("created_at"))
    )
    return [
        Evidence(file, other, (first[file.model_id], first[other.model_id]), same) for other, same in others
    ]
