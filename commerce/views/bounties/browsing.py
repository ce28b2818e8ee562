"""The list of bounties, and one."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commerce.bounties.board import Board
from commerce.bounties.conversation import BountyConversation
from commerce.bounties.forms import ApplicationForm
from commerce.bounties.page import BountyPage
from commerce.models import Bounty
from commerce.views.bounties.finding import kept_private, visible_bounty
from core.robots import tell_robots
from marketplace.forms.comment import CommentForm


@require_safe
def index(request):
    """Those that are open, being judged or awarded; narrowed and sorted by the address."""
    return render(request, "commerce/bounty_list.html", {"board": Board(request.GET)})


@require_safe
def bounty(request, pk: int):
    return show(request, visible_bounty(request, pk))


def show(request, found: Bounty, *, application_form=None, status: int = 200):
    """The page of a bounty; with an application that did not pass, where there is one."""
    page, work = request.GET.get("page", ""), request.GET.get("work", "")
    shown = BountyPage(found, viewer=request.user, page=page, work_page=work)
    if application_form is None and request.user.is_authenticated and not shown.refusal:
        own = shown.own_application
        application_form = ApplicationForm(instance=own, applicant=request.user)
    context = {
        "bounty": found,
        "shown": shown,
        "application_form": application_form,
        "conversation": BountyConversation(found, viewer=request.user),
        "comment_form": CommentForm(),
        "judging_days": settings.BOUNTY_JUDGING_DAYS,
    }
    response = kept_private(render(request, "commerce/bounty.html", context, status=status), found)
    return tell_robots(response, is_indexed=found.is_indexed, may_train=False)
