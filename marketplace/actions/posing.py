"""Another view for a model's poster: chosen by its creator, rendered anew while the old poster stays."""

from django.db import transaction

from core.models import AuditEntry
from marketplace.actions import reprocessing
from marketplace.actions.processing import enqueue
from marketplace.exceptions import TransitionRefused
from marketplace.models import Model3D, ModelFile, PosterAngle
from marketplace.processing.types import Angle, Step


def choose_angle(*, model: Model3D, angle: Angle) -> bool:
    """Take the model's posters from `angle` from now on; False where they are.

    The poster step of its newest files runs again; until each is done, its old poster is shown.

    Raises:
        TransitionRefused: the model was deleted.
    """
    with transaction.atomic():
        model.lock()
        if model.deleted_at is not None:
            raise TransitionRefused("This model was deleted.")
        if angle == model.poster_view:
            return False
        values = {"azimuth": angle.azimuth, "elevation": angle.elevation}
        model.poster_angle, _ = PosterAngle.objects.update_or_create(model=model, defaults=values)
        AuditEntry.record(actor=model.creator, action="model.poster_angle", target=model, **values)
        for pk in reprocessing.mark([(file, [Step.POSTER]) for file in _rendered(model)]):
            transaction.on_commit(lambda pk=pk: enqueue(pk), robust=True)
    return True


def _rendered(model: Model3D) -> list[ModelFile]:
    """The newest files, live and proposed, whose poster is there or being rendered; others come to it by themselves."""
    return [
        file
        for file in [*model.newest_files, *model.proposals]
        if file.state != ModelFile.State.FAILED
        and hasattr(file, "inspection")
        and (file.poster_medium or file.step == Step.POSTER)
    ]
