"""One deed done with several models of one creator: under the locks of them all, each wholly or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from marketplace.bulk import Deed
from marketplace.exceptions import MarketplaceError
from marketplace.models import Category, Model3D, Upload


@dataclass(frozen=True)
class Outcome:
    """What becomes of one model: `effect`, or `refusal` where nothing does."""

    model: Model3D
    effect: str = ""
    refusal: str = ""


def foresee(*, owner: User, deed: Deed, ids: Iterable[int]) -> list[Outcome]:
    """What the deed would do now with those of the models that are the owner's; nothing is changed."""
    return [_foresee(deed, model) for model in _with_data(deed.models_of(owner).filter(pk__in=ids))]


def carry_out(*, owner: User, deed: Deed, ids: Iterable[int]) -> list[Outcome]:
    """Do it, with those of the models that are the owner's, and say of each what became of it.

    What one model is refused does not keep the others back; nothing is left half done, also where the process dies.
    """
    with transaction.atomic():
        return [_carry_out(deed, model) for model in _locked(owner, deed, list(ids))]


def _with_data(models):
    found = models.select_related("creator", "category", "current_file").order_by("pk")
    return found.prefetch_related("tags", "files")


def _foresee(deed: Deed, model: Model3D) -> Outcome:
    try:
        return Outcome(model, effect=deed.effect(model))
    except MarketplaceError as error:
        return Outcome(model, refusal=str(error))


def _carry_out(deed: Deed, model: Model3D) -> Outcome:
    foreseen = _foresee(deed, model)
    if foreseen.refusal:
        return foreseen
    try:
        # A savepoint: of a model that is refused in the middle nothing is changed.
        with transaction.atomic():
            deed.carry_out(model)
    except MarketplaceError as error:
        return Outcome(model, refusal=str(error))
    return foreseen


def _locked(owner: User, deed: Deed, ids: list[int]) -> list[Model3D]:
    """The models under every lock that a deed may need, taken in the order in which everybody takes them.

    Unfinished uploads, models, categories, the creator: each by ascending id. So two selections at once, whatever they
    share, wait for each other and never in a circle.
    """
    list(Upload.objects.filter(model__in=ids, owner=owner).select_for_update(of=("self",)).order_by("pk"))
    own = deed.models_of(owner).filter(pk__in=ids)
    locked = [model.pk for model in own.order_by("pk").select_for_update(of=("self",))]
    models = list(_with_data(Model3D.objects.filter(pk__in=locked)))
    categories = {model.category_id for model in models if model.category_id}
    list(Category.objects.filter(pk__in=categories).select_for_update(no_key=True).order_by("pk"))
    list(User.objects.filter(pk=owner.pk).select_for_update(no_key=True))
    return models
