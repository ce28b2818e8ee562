"""Searching with a file: it is measured as every upload is, and what is most like it is shown. Nothing is kept.

The file waits in the private storage for the worker, who deletes it; what was measured waits in the cache for the
person, and is gone some minutes later. There is no row.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from typing import Self

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from marketplace.assembly import PlanRefused
from marketplace.exceptions import UploadRefused
from marketplace.incoming import IncomingFile, IncomingFileHandler
from marketplace.inspecting import Report, reports_of, run
from marketplace.models import FormatSwitch, Model3D
from marketplace.processing.formats import ARCHIVE_EXTENSION, FORMATS, format_of_name
from marketplace.processing.shape.handedness import mirrored
from marketplace.processing.types import ProcessingError, Step
from marketplace.shapes import SIMILAR_FROM, Near, nearest
from marketplace.workspace import work_folder

TASK = "marketplace.tasks.search_by_shape"
FOLDER = "shape-searches"
MOST = 24
_NOT_NEEDED = (Step.POSTER, Step.TURNTABLE, Step.GEOMETRY)


class ShapeFileHandler(IncomingFileHandler):
    """Takes the one file that a person searches with; nothing of it counts against what they may keep."""

    max_files = 1

    @property
    def max_bytes(self) -> int:
        return settings.SHAPE_SEARCH_MAX_BYTES

    def room_of(self, user) -> int:
        return settings.SHAPE_SEARCH_MAX_BYTES

    def too_many(self) -> UploadRefused:
        return UploadRefused(
            "too-many", "Search with one file. A model of several files goes as a zip of them."
        )


@dataclass
class ShapeSearch:
    """One search, as long as it lasts: `waiting`, then `done` or `refused` with a sentence.

    `name` is the file's, as its owner called it; the other fields are those of `Fingerprint`.
    """

    user: int
    name: str
    stored: str
    pk: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "waiting"
    message: str = ""
    vector: list[float] = field(default_factory=list)
    handedness: list[float] = field(default_factory=list)
    scale: float = 0.0

    @classmethod
    def find(cls, search_id: str) -> Self | None:
        """None where it is over, or never was."""
        found = cache.get(_key(search_id))
        return cls(**found) if found else None

    def keep(self) -> None:
        """For some minutes more."""
        cache.set(_key(self.pk), asdict(self), settings.SHAPE_SEARCH_KEPT_SECONDS)

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"

    def results(self, *, viewer) -> list["Result"]:
        """The listed models of the nearest shapes that `viewer` wants to see, nearest first."""
        among = (
            Model3D.objects.listed()
            .suited_to(viewer)
            .select_related("creator", "category", "current_file__fingerprint")
        )
        found = nearest(self.vector, among=among, limit=MOST)
        return [Result(near, self) for near in found if near.closeness]


@dataclass(frozen=True)
class Result:
    """A model found by its shape."""

    near: Near
    search: ShapeSearch

    @property
    def model(self) -> Model3D:
        return self.near.model

    @property
    def closeness(self) -> int:
        return self.near.closeness

    @property
    def is_similar(self) -> bool:
        """Whether it is more than the nearest there is."""
        return self.closeness >= SIMILAR_FROM

    @property
    def scale_ratio(self) -> float:
        """How many times as large as the file it is."""
        return self.model.current_file.fingerprint.scale / self.search.scale

    @property
    def is_mirrored(self) -> bool:
        return self.is_similar and bool(
            mirrored(self.search.handedness, self.model.current_file.fingerprint.handedness)
        )


def labels() -> list[str]:
    """The formats that can be searched with now."""
    off = FormatSwitch.objects.refusals()
    return [info.label for name, info in FORMATS.items() if name.value not in off]


def begin(*, user, file: IncomingFile) -> ShapeSearch:
    """Queue a search with a file that has arrived.

    Raises:
        UploadRefused: it is none that can be read; nothing was kept.
    """
    file_format = format_of_name(file.name)
    is_archive = file.name.lower().endswith(ARCHIVE_EXTENSION)
    if file_format is None and not is_archive:
        message = f"This is no 3D model that we can read. We read {', '.join(labels())}, and zips of them."
        raise UploadRefused("format", message)
    refusal = FormatSwitch.objects.refusal(file_format) if file_format else ""
    if refusal:
        raise UploadRefused("format-off", refusal)
    extension = "zip" if is_archive else file_format.value
    search = ShapeSearch(user=user.pk, name=file.name, stored="")
    search.stored = storages["private"].save(f"{FOLDER}/{search.pk}.{extension}", file)
    search.keep()
    try:
        current_app.send_task(
            TASK, (search.pk,), queue="files", retry=False, expires=settings.SHAPE_SEARCH_KEPT_SECONDS
        )
    except BaseException:
        _forget(search)
        raise
    return search


def measure(search_id: str) -> None:
    """The job: measure the file, keep what was measured, delete the file. Safe to deliver any number of times."""
    search = ShapeSearch.find(search_id)
    if search is None or not search.is_waiting:
        return
    try:
        with work_folder(uuid.UUID(search.pk)) as folder:
            try:
                _measure(search, folder)
            finally:
                _finish(search)
    except FileExistsError:
        # Another delivery of the job is at it.
        return


def _finish(search: ShapeSearch) -> None:
    standing = ShapeSearch.find(search.pk)
    # What a late delivery of the job did not find must not replace what the first has found.
    if standing is None or standing.is_waiting:
        search.keep()
    storages["private"].delete(search.stored)


def forget_abandoned() -> int:
    """Delete files whose job never came; returns how many."""
    storage = storages["private"]
    oldest = timezone.now() - timedelta(seconds=settings.SHAPE_SEARCH_KEPT_SECONDS)
    count = 0
    for name in _stored_names(storage):
        if storage.get_modified_time(name) < oldest:
            storage.delete(name)
            count += 1
    return count


def _stored_names(storage) -> Iterable[str]:
    try:
        _folders, names = storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{name}" for name in names]


def _measure(search: ShapeSearch, folder: Path) -> None:
    """Fill `search` with what was measured, or with the sentence of the refusal."""
    search.state, search.message = "refused", "Something on our side failed. Please search again."
    try:
        report = _first_model(search, folder)
    except PlanRefused as refused:
        search.message = refused.problems[0].message
        return
    except FileNotFoundError:
        return
    refusal = FormatSwitch.objects.refusal(report.source.format.value)
    if refusal:
        search.message = refusal
        return
    for _step, _result in run(
        report, folder / "work", paid=False, skip=_NOT_NEEDED, seconds=settings.SHAPE_SEARCH_SECONDS
    ):
        pass
    if report.error is not None:
        search.message = _sentence(report.error)
        return
    data = report.results[Step.FINGERPRINT].data
    if data["vector"] is None:
        search.message = "The model has no surface, only points or lines: there is no shape to search by."
        return
    search.vector, search.handedness, search.scale = data["vector"], data["handedness"], data["scale"]
    search.state, search.message = "done", ""


def _first_model(search: ShapeSearch, folder: Path) -> Report:
    """Of a zip the first model in it."""
    path = folder / Path(search.stored).name
    with storages["private"].open(search.stored) as content, path.open("wb") as target:
        copyfileobj(content, target)
    return reports_of([path], folder / "parts")[0]


def _sentence(error: ProcessingError) -> str:
    if error.code == "tool_timeout":
        return (
            f"Reading this file took longer than {settings.SHAPE_SEARCH_SECONDS} seconds and was stopped. A lighter"
            " copy finds the same models: some thousand triangles are enough."
        )
    return error.message


def _forget(search: ShapeSearch) -> None:
    storages["private"].delete(search.stored)
    cache.delete(_key(search.pk))


def _key(search_id: str) -> str:
    return f"marketplace:shape-search:{search_id}"


def limit_sentence() -> str:
    """What is said beside the form."""
    most = filesizeformat(settings.SHAPE_SEARCH_MAX_BYTES)
    return f"{', '.join(labels())}, or a zip of one with its textures; at most {most}."
