"""What was decided about somebody's things, and objecting to it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.ratelimit import rate_limited
from support.actions.safety.appealing import file_appeal
from support.exceptions import SafetyRefused
from support.forms.safety import AppealForm
from support.models import ModerationDecision
from support.safety.board import Board
from support.safety.page import DecisionPage
from support.safety.sides import Side, door_of, enter, is_party, side_of_decision
from support.safety.telling import send_door_again


@require_safe
@login_required
def index(request):
    """Decisions about their things, claims of both kinds, and what became of their reports."""
    return render(request, "support/safety/decisions.html", {"board": Board(request.user, request.GET)})


@require_safe
@never_cache
def decision(request, public_id):
    """One of them, from whichever side it is read."""
    shown = _page(request, *_decision_of(request, public_id))
    return render(request, "support/safety/decision.html", {"shown": shown, "form": AppealForm()})


@require_POST
@rate_limited("appeal", limit=10, seconds=3600)
def appeal(request, public_id):
    """Another person is to look at it."""
    found, side = _decision_of(request, public_id)
    form = AppealForm(request.POST)
    if form.is_valid():
        # By a mailed link somebody is in who cannot log in: whose things they are is known all the same.
        by = found.owner if side == Side.OWNER else (request.user if request.user.is_authenticated else None)
        try:
            file_appeal(decision=found, side=side, by=by, text=form.cleaned_data["text"])
        except SafetyRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Your appeal is filed. Another person will look at it.")
        return redirect(found)
    context = {"shown": _page(request, found, side), "form": form}
    return render(request, "support/safety/decision.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited("safety-door", limit=60, seconds=3600, methods=("GET",))
@rate_limited("safety-door-again", limit=5, seconds=3600)
def door(request, token: str):
    """A link that was mailed to somebody who cannot log in. Over, it lets nobody in: POST mails a new one."""
    found = door_of(token)
    if found is None:
        raise Http404
    if not found.is_over:
        return redirect(enter(request, found))
    context = {"days": settings.SAFETY_LINK_DAYS}
    if request.method == "POST":
        thing = found.thing
        context["is_sent"] = thing is not None and send_door_again(thing, found.side)
        return render(request, "support/safety/link_over.html", context)
    return render(request, "support/safety/link_over.html", context, status=410)


def _page(request, found: ModerationDecision, side: str) -> DecisionPage:
    return DecisionPage(found, side, viewer=request.user, is_party=is_party(request, found, side))


def _decision_of(request, public_id) -> tuple[ModerationDecision, str]:
    found = get_object_or_404(
        ModerationDecision.objects.select_related("owner", "claim", "content_type", "hold"),
        public_id=public_id,
    )
    side = side_of_decision(request, found)
    if not side:
        raise Http404
    return found, side
