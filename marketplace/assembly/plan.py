"""Which of the dropped files become which files of which model: rules over names, without a byte read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from marketplace.assembly.archives import unpack_drop
from marketplace.assembly.pieces import Drop, Piece, PlannedFile, PlannedModel, Problem
from marketplace.assembly.roles import (
    MATERIAL_FORMATS,
    PICTURE_EXTENSIONS,
    Role,
    folders_of,
    role_of,
    stem_of,
    why_refused,
)
from marketplace.exceptions import MarketplaceError
from marketplace.processing.formats import FORMATS, Format, format_of_name

__all__ = ["Drop", "Plan", "PlanRefused", "PlannedFile", "PlannedModel", "Problem", "plan_drop"]

# Of models that one drop may begin.
MAX_MODELS = 50
# Files of a drop, those in its zips counted.
MAX_PIECES = 5000


@dataclass
class Plan:
    """What becomes of a drop: models to begin, or the one to add to, and the names that are left out."""

    models: list[PlannedModel]
    left_out: list[str] = field(default_factory=list)


class PlanRefused(MarketplaceError):
    """Some of the files cannot be used as they were dropped: nothing was done. `problems` has a sentence a file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def plan_drop(drops: Sequence[Drop], *, for_one: bool) -> Plan:
    """Sort what was dropped together.

    `for_one` says that all of it belongs to one model that exists, which a drop of documents and pictures alone may
    then do as well; else it begins models, one for each name where a format comes more than once.

    Raises:
        PlanRefused: naming every file that cannot be used and why.
    """
    return _Planner(drops, for_one=for_one).plan()


class _Planner:
    def __init__(self, drops: Sequence[Drop], *, for_one: bool) -> None:
        self.drops = drops
        self.for_one = for_one
        self.problems: list[Problem] = []
        self.left_out: list[str] = []
        self.files: list[PlannedFile] = []
        self.loose: dict[Role, list[Piece]] = {role: [] for role in Role}

    def plan(self) -> Plan:
        for number, drop in enumerate(self.drops):
            self._sort(number, drop)
        mains = [self._file(piece) for piece in self.loose[Role.MODEL]]
        self._give_materials(mains)
        pictures = self._give_textures(mains)
        self.files = mains + self.files
        if not self.files and not self.for_one:
            self._say("There is no 3D file among these. Choose the model's own file along with them.")
        models = self._models()
        self._give(models, self.loose[Role.DOCUMENT], "documents")
        self._give(models, pictures, "pictures")
        if self.problems:
            raise PlanRefused(self.problems)
        if not any(model.files or model.documents or model.pictures for model in models):
            raise PlanRefused([Problem("Choose at least one file.")])
        return Plan(models, self.left_out)

    def _say(self, message: str, piece: Piece | None = None) -> None:
        self.problems.append(Problem.about(piece, message) if piece else Problem(message))

    def _sort(self, number: int, drop: Drop) -> None:
        role = role_of(drop.path)
        piece = Piece(number, drop.path, drop.size)
        if role is Role.REFUSED:
            self._say(why_refused(drop.path), piece)
        elif role is not Role.ARCHIVE:
            self.loose[role].append(piece)
        elif drop.refusal:
            self._say(drop.refusal, piece)
        else:
            found = unpack_drop(number, drop)
            self.problems += found.problems
            self.files += found.files
            self.left_out += found.left_out
            for role, pieces in found.loose.items():
                self.loose[role] += pieces

    @staticmethod
    def _file(piece: Piece) -> PlannedFile:
        return PlannedFile(format_of_name(piece.path), piece, [])

    def _give_materials(self, mains: list[PlannedFile]) -> None:
        for piece in self.loose[Role.MATERIAL]:
            wanted = MATERIAL_FORMATS[PurePosixPath(piece.path).suffix.lower()]
            takers = [file for file in mains if file.format is wanted]
            same = [file for file in takers if stem_of(file.main.path) == stem_of(piece.path)]
            if not takers:
                label = FORMATS[wanted].label
                self._say(f"It belongs to a file in {label}, and there is none among these.", piece)
            for file in same or nearest(piece, takers):
                file.companions.append(piece)

    def _give_textures(self, mains: list[PlannedFile]) -> list[Piece]:
        """Textures go to the formats that can name them; returns those that are pictures of the gallery instead."""
        takers = [file for file in mains if FORMATS[file.format].has_companions]
        pictures = []
        for piece in self.loose[Role.TEXTURE]:
            if takers:
                for file in nearest(piece, takers):
                    file.companions.append(piece)
            elif PurePosixPath(piece.path).suffix.lower() in PICTURE_EXTENSIONS:
                pictures.append(piece)
            else:
                self._say(
                    "No file among these can use this texture. Pictures of the model come as JPEG, PNG or WebP.",
                    piece,
                )
        return pictures

    def _models(self) -> list[PlannedModel]:
        repeated = [name for name, count in Counter(file.format for file in self.files).items() if count > 1]
        if not repeated or self.for_one:
            for name in repeated:
                self._say_repeated(name, [file for file in self.files if file.format is name])
            return [PlannedModel(self.files[0].stem if self.files else "", list(self.files))]
        models: dict[str, PlannedModel] = {}
        for file in self.files:
            key = stem_of(file.main.path)
            models.setdefault(key, PlannedModel(file.stem, [])).files.append(file)
        for model in models.values():
            for name, count in Counter(file.format for file in model.files).items():
                if count > 1:
                    self._say_repeated(name, [file for file in model.files if file.format is name])
        if len(models) > MAX_MODELS:
            self._say(f"These are {len(models)} models; at most {MAX_MODELS} can be begun together.")
        return list(models.values())

    def _say_repeated(self, name: Format, files: list[PlannedFile]) -> None:
        listed = _listed(file.main.path for file in files)
        label = FORMATS[name].label
        self._say(
            f"A model has one file of each format, and these are {len(files)} in {label}: {listed}.",
            files[1].main,
        )

    def _give(self, models: list[PlannedModel], pieces: list[Piece], kind: str) -> None:
        for piece in pieces:
            takers = models
            if len(models) > 1:
                same = [model for model in models if stem_of(piece.path) == stem_of(model.files[0].main.path)]
                near = nearest(piece, [file for model in models for file in model.files])
                takers = same or [model for model in models if any(file in near for file in model.files)]
            if len(takers) == 1:
                getattr(takers[0], kind).append(piece)
            elif takers:
                self._say(
                    "These are several models, and it may belong to any of them. Name it as its model,"
                    " or add it on the model's page.",
                    piece,
                )


def nearest(piece: Piece, files: list[PlannedFile]) -> list[PlannedFile]:
    """Those of `files` whose folder shares most with the piece's: a model's own textures lie below its folder."""
    folders = folders_of(piece.path)
    shared = [_shared(folders, folders_of(file.main.path)) for file in files]
    most = max(shared, default=0)
    return [file for file, count in zip(files, shared, strict=True) if count == most]


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _listed(paths: Iterable[str], most: int = 5) -> str:
    names = list(paths)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
