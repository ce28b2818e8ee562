"""From arrived files to models: what `marketplace.assembly` has planned, carried out whole or not at all."""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from accounts.models import User
from marketplace.actions import attachments
from marketplace.actions.storing import deleted_on_error
from marketplace.actions.uploads import put_file, title_from_name
from marketplace.arrivals import Arrival
from marketplace.assembly import Drop, Plan, PlannedFile, PlannedModel, PlanRefused, Problem, plan_drop
from marketplace.assembly.packing import COPY_BYTES, write_archive
from marketplace.assembly.pieces import Piece
from marketplace.assembly.roles import Role, clean_path, role_of
from marketplace.documents import kind_of_document
from marketplace.exceptions import TransitionRefused
from marketplace.incoming import IncomingFile, assembly_folder, finished, incoming_from_stream
from marketplace.models import FormatSwitch, Model3D, ModelFile
from marketplace.pictures import gallery_webp
from marketplace.processing import archive
from marketplace.processing.formats import FORMATS
from marketplace.processing.rejections import sentence
from marketplace.processing.tool import FileRejected


@dataclass
class Assembled:
    """What became of a drop. `left_out` names the files of zips that nothing uses; `is_back`: to review again."""

    models: list[Model3D] = field(default_factory=list)
    files: list[ModelFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    documents: int = 0
    pictures: int = 0
    is_back: bool = False


def assemble(*, creator: User, arrivals: Sequence[Arrival], model: Model3D | None = None) -> Assembled:
    """Make drafts of what has arrived together, or add it to `model`.

    The arrivals stay as they are: whoever has them discards them afterwards.

    Raises:
        PlanRefused: some of the files cannot be used; nothing was done.
        TransitionRefused: the model's files cannot be changed now, or it was deleted.
    """
    with assembly_folder() as folder:
        drop = _Dropped(arrivals, folder)
        plan = plan_drop(drop.drops(), for_one=model is not None)
        if model is not None and plan.models[0].files and not model.may_replace_file:
            raise TransitionRefused(
                "The files of a model that is in review or published cannot be changed; documents and pictures can."
            )
        made = [_Made(planned, drop) for planned in plan.models]
        _check(plan, drop)
        try:
            for one in made:
                one.make()
            _refuse(drop)
            return _write(creator, plan, made, model)
        finally:
            for one in made:
                one.discard()


def _write(creator: User, plan: Plan, made: list["_Made"], model: Model3D | None) -> Assembled:
    result = Assembled(left_out=plan.left_out)
    with deleted_on_error() as stored, transaction.atomic():
        for one in made:
            title = title_from_name(f"{one.planned.stem}.zip")
            target = model or Model3D.objects.create(creator=creator, title=title)
            result.models.append(target)
            for file in one.files:
                row = put_file(
                    model=target,
                    arrival=file.arrival,
                    file_format=file.planned.format,
                    name=file.name,
                    main_member=file.main_member,
                )
                stored.append(row.original)
                result.files.append(row)
            try:
                back = attachments.add_documents(model=target, texts=one.documents)
                back |= attachments.add_pictures(model=target, pictures=one.pictures)
            except ValidationError as error:
                raise PlanRefused([Problem(error.messages[0])]) from error
            result.is_back |= back
            result.documents += len(one.documents)
            result.pictures += len(one.pictures)
    return result


class _Dropped:
    """The arrivals of one drop, and the folder into which its zips are taken apart."""

    def __init__(self, arrivals: Sequence[Arrival], folder: Path) -> None:
        self.arrivals = arrivals
        self.folder = folder
        self.problems: list[Problem] = []
        self._paths: dict[int, Path] = {}
        self._members: dict[Piece, Path] = {}

    def drops(self) -> list[Drop]:
        return [self._drop(number, arrival) for number, arrival in enumerate(self.arrivals)]

    def _drop(self, number: int, arrival: Arrival) -> Drop:
        path = clean_path(arrival.path)
        if role_of(path) is not Role.ARCHIVE:
            return Drop(path, arrival.size)
        try:
            members = archive.members(self._local(number))
        except FileRejected as error:
            return Drop(path, arrival.size, refusal=sentence(error.code, **error.values))
        return Drop(path, arrival.size, tuple((member.name, member.size) for member in members))

    def say(self, piece: Piece, message: str) -> None:
        self.problems.append(Problem.about(piece, message))

    def unpack(self, pieces: Sequence[Piece]) -> None:
        """Take out of the zips what is needed, each zip once."""
        needed: dict[int, list[Piece]] = {}
        for piece in pieces:
            if piece.member and piece not in self._members:
                needed.setdefault(piece.drop, []).append(piece)
        for number, wanted in needed.items():
            target = self.folder / f"{number}-{len(self._members)}"
            target.mkdir()
            try:
                found = archive.extract(self._local(number), target, only={piece.member for piece in wanted})
            except FileRejected as error:
                self.say(wanted[0], sentence(error.code, **error.values))
            else:
                self._members |= {piece: found[piece.member] for piece in wanted}

    @contextmanager
    def open(self, piece: Piece):
        """The bytes of a piece; those of a zip must have been unpacked."""
        if piece.member:
            with self._members[piece].open("rb") as stream:
                yield stream
        else:
            with self.arrivals[piece.drop].open() as stream:
                yield stream

    def arrival_of(self, piece: Piece) -> Arrival:
        """A piece as an arrival of its own: what was dropped as it is, a member of a zip as a copy."""
        if not piece.member:
            return self.arrivals[piece.drop]
        with self.open(piece) as stream:
            return Arrival.of_incoming(incoming_from_stream(piece.name, stream))

    def _local(self, number: int) -> Path:
        """Where the bytes are on this disk; object storage's are copied there."""
        if number not in self._paths:
            with self.arrivals[number].open() as stream:
                if isinstance(stream, BufferedReader):
                    self._paths[number] = Path(stream.name)
                else:
                    self._paths[number] = self.folder / f"{number}.zip"
                    with self._paths[number].open("wb") as copy:
                        copyfileobj(stream, copy, COPY_BYTES)
        return self._paths[number]


@dataclass
class _MadeFile:
    planned: PlannedFile
    arrival: Arrival
    name: str
    main_member: str = ""


class _Made:
    """One planned model with everything it needs built and looked at, so that only rows and renames are left."""

    def __init__(self, planned: PlannedModel, drop: _Dropped) -> None:
        self.planned = planned
        self.drop = drop
        self.files: list[_MadeFile] = []
        self.documents: list[attachments.Text] = []
        self.pictures: list[ContentFile] = []
        self._ours: list[Arrival] = []

    def make(self) -> None:
        needed = [*self.planned.documents, *self.planned.pictures]
        for file in self.planned.files:
            needed += [] if file.archive else [file.main, *file.companions]
        self.drop.unpack(needed)
        if self.drop.problems:
            return
        for piece in self.planned.documents:
            self._make_document(piece)
        for piece in self.planned.pictures:
            self._make_picture(piece)
        # Last, because it takes longest.
        if not self.drop.problems:
            self.files = [self._make_file(file) for file in self.planned.files]

    def discard(self) -> None:
        """Remove what was built on the way and no storage has taken over."""
        for arrival in self._ours:
            arrival.discard()

    def _make_file(self, file: PlannedFile) -> _MadeFile:
        if file.archive:
            arrival = self.drop.arrivals[file.main.drop]
            return _MadeFile(file, arrival, arrival.name, file.main.member)
        if not file.companions:
            return _MadeFile(file, self._kept(file.main), file.main.name)
        packed = IncomingFile(f"{file.stem}.zip", "application/zip", None, None)
        self._ours.append(Arrival.of_incoming(packed))
        member = write_archive(packed.file, file, self.drop.open)
        finished(packed)
        self._ours[-1] = Arrival.of_incoming(packed)
        return _MadeFile(file, self._ours[-1], file.main.name, member)

    def _make_document(self, piece: Piece) -> None:
        with self.drop.open(piece) as content:
            try:
                kind = kind_of_document(piece.name, piece.size, content)
            except ValidationError as error:
                self.drop.say(piece, error.messages[0])
                return
        self.documents.append(attachments.Text(kind, piece.name, self._kept(piece)))

    def _make_picture(self, piece: Piece) -> None:
        with self.drop.open(piece) as content:
            try:
                self.pictures.append(gallery_webp(UploadedFile(content, piece.name, size=piece.size)))
            except ValidationError as error:
                self.drop.say(piece, error.messages[0])

    def _kept(self, piece: Piece) -> Arrival:
        arrival = self.drop.arrival_of(piece)
        if piece.member:
            self._ours.append(arrival)
        return arrival


def _check(plan: Plan, drop: _Dropped) -> None:
    """What can be said before a byte is copied."""
    off = FormatSwitch.objects.refusals()
    for planned in plan.models:
        for file in planned.files:
            size = file.main.size + sum(piece.size for piece in file.companions)
            if file.format in off:
                drop.say(file.main, off[file.format])
            elif not drop.arrivals[file.main.drop].size or not file.main.size:
                drop.say(
                    file.main, "The file is empty. Export the model again and check that it has content."
                )
            elif size > settings.MAX_UPLOAD_BYTES:
                limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
                label = FORMATS[file.format].label
                drop.say(
                    file.main, f"The {label} file and what goes with it are larger than {limit} together."
                )
        for kind, most in (
            ("documents", attachments.MAX_DOCUMENTS),
            ("pictures", attachments.MAX_PICTURES),
        ):
            if len(getattr(planned, kind)) > most:
                message = f"A model has at most {most} {kind}."
                drop.say(getattr(planned, kind)[most], message)
    _refuse(drop)


def _refuse(drop: _Dropped) -> None:
    if drop.problems:
        raise PlanRefused(drop.problems)
