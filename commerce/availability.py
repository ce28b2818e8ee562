"""Who may get which model now: the one rule behind the buy box, the cart and the checkout."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from commerce.models import Purchase
from marketplace.models import Model3D

_ANYBODY = AnonymousUser()


class Reason(StrEnum):
    """Why somebody cannot get a model."""

    OWN = "own"
    OWNED = "owned"
    UNAVAILABLE = "unavailable"

    def sentence(self, title: str) -> str:
        """The reason in words that name the model."""
        return {
            Reason.OWN: f"“{title}” is your own model.",
            Reason.OWNED: f"“{title}” is in your library already.",
            Reason.UNAVAILABLE: f"“{title}” is no longer for sale.",
        }[self]


def is_for_sale(model: Model3D) -> bool:
    """Whether anybody who has the address may get the model; needs `with_card_data`."""
    return model.is_for_sale and model.is_visible_to(_ANYBODY)


def reason_against(model: Model3D, user, owned: set[int]) -> Reason | None:
    """Why `user`, who has the models with the ids `owned`, cannot get `model`; None where they can."""
    if user.is_authenticated and model.creator_id == user.pk:
        return Reason.OWN
    if model.pk in owned:
        return Reason.OWNED
    return None if is_for_sale(model) else Reason.UNAVAILABLE


def owned_ids(user, model_ids) -> set[int]:
    """Those of the models that `user` has; one query, none for visitors."""
    if not user.is_authenticated:
        return set()
    return set(
        Purchase.objects.of_user(user).active().filter(model__in=model_ids).values_list("model_id", flat=True)
    )
