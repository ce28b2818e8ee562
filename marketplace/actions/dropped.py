"""A drop on its way to a model: its zips looked into and taken apart, archives built, pictures and texts looked at."""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from shutil import copyfileobj

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from marketplace.actions.attachments import Text
from marketplace.arrivals import Arrival
from marketplace.assembly import Drop, PlannedFile, PlannedModel, PlanRefused, Problem
from marketplace.assembly.packing import COPY_BYTES, write_archive
from marketplace.assembly.pieces import Piece
from marketplace.assembly.plan import MAX_PIECES
from marketplace.assembly.roles import Role, clean_path, role_of
from marketplace.documents import kind_of_document
from marketplace.incoming import IncomingFile, finished, incoming_from_stream
from marketplace.pictures import gallery_webp
from marketplace.processing import archive
from marketplace.processing.rejections import sentence
from marketplace.processing.tool import FileRejected


class Dropped:
    """The arrivals of one drop, and the folder into which its zips are taken apart."""

    def __init__(self, arrivals: Sequence[Arrival], folder: Path) -> None:
        self.arrivals = arrivals
        self.folder = folder
        self.problems: list[Problem] = []
        self._paths: dict[int, Path] = {}
        self._members: dict[Piece, Path] = {}

    def drops(self) -> list[Drop]:
        """What came, zips with the names in them.

        Raises:
            PlanRefused: it is more than anybody drops; no further zip was opened.
        """
        drops, pieces = [], 0
        for number, arrival in enumerate(self.arrivals):
            drops.append(self._drop(number, arrival))
            pieces += len(drops[-1].members) or 1
            if pieces > MAX_PIECES:
                message = (
                    f"These are more than {MAX_PIECES:,} files, zips unpacked. Upload them in several parts."
                )
                raise PlanRefused([Problem(message)])
        return drops

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
class MadeFile:
    """A planned file with its bytes; `name` is what the creator calls it."""

    planned: PlannedFile
    arrival: Arrival
    name: str
    main_member: str = ""


class Made:
    """One planned model with everything it needs built and looked at, so that only rows and renames are left."""

    def __init__(self, planned: PlannedModel, drop: Dropped) -> None:
        self.planned = planned
        self.drop = drop
        self.files: list[MadeFile] = []
        self.documents: list[Text] = []
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

    def _make_file(self, file: PlannedFile) -> MadeFile:
        if file.archive:
            arrival = self.drop.arrivals[file.main.drop]
            return MadeFile(file, arrival, arrival.name, file.main.member)
        if not file.companions:
            return MadeFile(file, self._kept(file.main), file.main.name)
        packed = IncomingFile(f"{file.stem}.zip", "application/zip", None, None)
        self._ours.append(Arrival.of_incoming(packed))
        member = write_archive(packed.file, file, self.drop.open)
        finished(packed)
        self._ours[-1] = Arrival.of_incoming(packed)
        return MadeFile(file, self._ours[-1], file.main.name, member)

    def _make_document(self, piece: Piece) -> None:
        with self.drop.open(piece) as content:
            try:
                kind = kind_of_document(piece.name, piece.size, content)
            except ValidationError as error:
                self.drop.say(piece, error.messages[0])
                return
        self.documents.append(Text(kind, piece.name, self._kept(piece)))

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
