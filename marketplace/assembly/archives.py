"""What a dropped zip is: a model as it stands, several formats to be taken apart, or textures for what lies beside."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from marketplace.assembly.pieces import Drop, Piece, PlannedFile, Problem
from marketplace.assembly.roles import MATERIAL_FORMATS, Role, folders_of, role_of, stem_of
from marketplace.processing.formats import FORMATS, Format, format_of_name

_LISTED = 5


@dataclass
class Unpacked:
    """What a zip gives to the plan: files of models, loose pieces by role, names that are left out, problems."""

    files: list[PlannedFile] = field(default_factory=list)
    loose: dict[Role, list[Piece]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def unpack_drop(number: int, drop: Drop) -> Unpacked:
    """Look at the names in a zip.

    With one 3D file it is kept byte for byte, but for a GLB, which has all in it and is taken out. With several
    formats it is taken apart, and each gets what it needs. Without any, its textures, materials and documents count
    as if they had been dropped beside the zip.
    """
    base = drop.path[: -len(".zip")]
    pieces = [Piece(number, f"{base}/{name}", size, name) for name, size in drop.members]
    by_format: dict[Format, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if role_of(piece.member) is Role.MODEL:
            by_format[format_of_name(piece.member)].append(piece)
    found = Unpacked()
    mains = []
    for name, candidates in by_format.items():
        main = _main_of(candidates, stem_of(drop.path))
        if main is None:
            found.problems.append(Problem(_several(name, candidates), number, drop.path))
        else:
            mains.append(main)
    if found.problems:
        return found
    if len(mains) == 1 and format_of_name(mains[0].member) is not Format.GLB:
        main = mains[0]
        found.files = [PlannedFile(format_of_name(main.member), main, [], archive=drop.path)]
    elif mains:
        _take_apart(found, mains, pieces)
    else:
        _lay_out(found, Piece(number, drop.path, drop.size), pieces)
    return found


def _main_of(candidates: list[Piece], zip_stem: str) -> Piece | None:
    """The model's own file among several of one format: the one nearest to the top, or named as the zip."""
    depth = min(len(folders_of(piece.member)) for piece in candidates)
    top = [piece for piece in candidates if len(folders_of(piece.member)) == depth]
    if len(top) == 1:
        return top[0]
    named = [piece for piece in candidates if stem_of(piece.member) == zip_stem]
    return named[0] if len(named) == 1 else None


def _several(name: Format, candidates: list[Piece]) -> str:
    listed = ", ".join(piece.member for piece in candidates[:_LISTED])
    more = f" and {len(candidates) - _LISTED} more" if len(candidates) > _LISTED else ""
    return (
        f"It holds {len(candidates)} files in {FORMATS[name].label}: {listed}{more}. Keep the one that is the model at"
        " the top of the zip, or name it as the zip, or make a zip of each."
    )


def _take_apart(found: Unpacked, mains: list[Piece], pieces: list[Piece]) -> None:
    files = [PlannedFile(format_of_name(main.member), main, []) for main in mains]
    documents = []
    for piece in pieces:
        role = role_of(piece.member)
        takers = []
        if role is Role.MATERIAL:
            wanted = MATERIAL_FORMATS[PurePosixPath(piece.member).suffix.lower()]
            takers = [file for file in files if file.format is wanted]
        elif role is Role.TEXTURE:
            takers = [file for file in files if FORMATS[file.format].has_companions]
        elif role is Role.DOCUMENT:
            documents.append(piece)
        for file in takers:
            file.companions.append(piece)
        if not takers and piece not in mains and role is not Role.DOCUMENT:
            found.left_out.append(piece.path)
    found.files = files
    found.loose = {Role.DOCUMENT: documents}


def _lay_out(found: Unpacked, archive: Piece, pieces: list[Piece]) -> None:
    """Nothing in it is a model: what it holds lies beside the zip from now on."""
    usable = {Role.MATERIAL: [], Role.TEXTURE: [], Role.DOCUMENT: []}
    for piece in pieces:
        role = role_of(piece.member)
        if role in usable:
            usable[role].append(piece)
        else:
            found.left_out.append(piece.path)
    if any(usable.values()):
        found.loose = usable
    else:
        found.problems.append(
            Problem.about(archive, "There is no 3D file in this zip, nor anything that goes with one.")
        )
