"""The poster chooses the winner."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.actions.bounties.awarding import award as give
from commerce.actions.bounties.awarding import reason_against_award
from commerce.bounties.work_page import WorkPage
from commerce.exceptions import BountyRefused
from commerce.views.bounties.working import find_submission
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty", limit=60, seconds=3600)
def award(request, pk: int, submission_id: uuid.UUID):
    """Asks, naming amount and person; then pays and hands over."""
    found = find_submission(request, pk, submission_id)
    bounty = found.bounty
    if bounty.creator_id != request.user.pk:
        raise PermissionDenied
    problem = reason_against_award(bounty, by=request.user)
    if request.method == "POST":
        try:
            give(submission=found, by=request.user, seen=_seen(request))
        except BountyRefused as error:
            problem = error.message
        else:
            messages.success(request, f"{found.maker.display_name} has won. The model is in your library.")
            return redirect(bounty)
    context = {"shown": WorkPage(found, request.user), "problem": problem}
    return render(request, "commerce/bounty_award.html", context, status=422 if problem else 200)


def _seen(request) -> uuid.UUID:
    """The file that the poster looked at; one that nobody has where the page did not say."""
    try:
        return uuid.UUID(request.POST.get("seen", ""))
    except ValueError:
        return uuid.UUID(int=0)
