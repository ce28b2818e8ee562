"""What a maker can hand in."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from accounts.models import User
from commerce.bounties.rules import reason_against_model
from commerce.models import Bounty, BountySubmission
from marketplace.models import Model3D

PAGE_SIZE = 24


@dataclass(frozen=True)
class Candidate:
    """One of the maker's models; `reason` says why it cannot be handed in."""

    model: Model3D
    reason: str


def candidates_of(maker: User, bounty: Bounty, page: str) -> Page:
    """The maker's models, the newest first, a page at a time."""
    models = Model3D.objects.owned_by(maker).with_card_data().order_by("-created_at", "-pk")
    shown = Paginator(models, PAGE_SIZE).get_page(page)
    models = list(shown.object_list)
    there = BountySubmission.objects.standing().filter(bounty=bounty, model__in=models)
    there = set(there.values_list("model_id", flat=True))
    shown.object_list = [
        Candidate(
            model,
            f"“{model.title}” is handed in already." if model.pk in there else reason_against_model(model),
        )
        for model in models
    ]
    return shown
