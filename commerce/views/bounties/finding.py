"""Looking a bounty up is asking whether one may see it."""

from django.shortcuts import get_object_or_404

from commerce.models import Bounty


def visible_bounty(request, pk: int) -> Bounty:
    return get_object_or_404(Bounty.objects.visible_to(request.user).with_page_data(), pk=pk)


def own_bounty(request, pk: int) -> Bounty:
    return get_object_or_404(Bounty.objects.of_poster(request.user).with_page_data(), pk=pk)
