"""From arrived files to models: what `marketplace.assembly` has planned, carried out whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from accounts.models import User
from marketplace.actions import attachments
from marketplace.actions.dropped import Dropped, Made
from marketplace.actions.storing import deleted_on_error
from marketplace.actions.uploads import CLOSED, put_file, title_from_name
from marketplace.arrivals import Arrival
from marketplace.assembly import Plan, PlanRefused, Problem, plan_drop
from marketplace.exceptions import TransitionRefused
from marketplace.incoming import assembly_folder
from marketplace.models import FormatSwitch, Model3D, ModelFile
from marketplace.processing.formats import FORMATS
from marketplace.quota import Quota, lock_storage_of


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
        drop = Dropped(arrivals, folder)
        plan = plan_drop(drop.drops(), for_one=model is not None)
        if model is not None and plan.models[0].files and not model.may_take_files:
            raise TransitionRefused(f"{CLOSED} Documents and pictures can be added.")
        made = [Made(planned, drop) for planned in plan.models]
        _check(plan, drop)
        try:
            for one in made:
                one.make()
                # After each: many models of the same textures would fill the disk before the last is packed.
                _require_room(creator, drop, made)
            _refuse(drop)
            return _write(creator, plan, drop, made, model)
        finally:
            for one in made:
                one.discard()


def _write(creator: User, plan: Plan, drop: Dropped, made: list[Made], model: Model3D | None) -> Assembled:
    result = Assembled(left_out=plan.left_out)
    with deleted_on_error() as stored, transaction.atomic():
        lock_storage_of(creator.pk)
        _require_room(creator, drop, made)
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


def _check(plan: Plan, drop: Dropped) -> None:
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
    unpacked = {
        piece: piece.size
        for planned in plan.models
        for file in planned.files
        if not file.archive
        for piece in (file.main, *file.companions)
        if piece.member
    }
    if sum(unpacked.values()) > settings.MAX_UPLOAD_BYTES:
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        drop.say(
            next(iter(unpacked)), f"The zips unfold to more than {limit}. Upload them one after the other."
        )
    _refuse(drop)


def _require_room(creator: User, drop: Dropped, made: list[Made]) -> None:
    """What came out of zips may be larger than they were, and textures may be needed by several models.

    Files of a plain form are counted here for the first time: what was measured while they came, others may have taken.
    """
    kept = sum(file.arrival.size for one in made for file in one.files)
    kept += sum(text.arrival.size for one in made for text in one.documents)
    grown = kept - sum(arrival.size for arrival in drop.arrivals if arrival.is_announced)
    quota = Quota.of(creator)
    if grown > 0 and not quota.has_room_for(grown):
        size = filesizeformat(kept)
        raise PlanRefused(
            [Problem(f"As they are kept, these files have {size}: more than you have left. {quota.sentence}")]
        )


def _refuse(drop: Dropped) -> None:
    if drop.problems:
        raise PlanRefused(drop.problems)
