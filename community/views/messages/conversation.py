"""A conversation: read, written into, and what a person makes of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.actions import messages as actions
from community.messaging.chat import Chat, number_in
from community.messaging.exceptions import MessageRefused
from community.messaging.forms import MessageForm, attachable
from community.models import Participant
from community.views.messages.finding import own_side
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("message", limit=60, seconds=300)
def conversation(request, conversation_id: uuid.UUID):
    """GET: the messages, which are read by it. POST: one more. A script gets the rows that it does not have yet."""
    mine = own_side(request, conversation_id)
    if request.method == "POST":
        return _send(request, mine)
    chat = Chat(mine, request.GET)
    if request.htmx:
        return render(request, "community/messages/_rows.html", {"chat": chat})
    form = MessageForm(
        sender=request.user, model=attachable(request.user, number_in(request.GET.get("model")))
    )
    response = _page(request, chat, form)
    # What was new is marked so on the page that shows it first.
    if request.method == "GET" and chat.last_number:
        actions.mark_read(conversation=mine.conversation, by=request.user, number=chat.last_number)
    return response


def _page(request, chat: Chat, form: MessageForm, status: int = 200):
    context = {"chat": chat, "form": form, "other": chat.other}
    return render(request, "community/messages/conversation.html", context, status=status)


def _send(request, mine: Participant):
    form = MessageForm(request.POST, request.FILES, sender=request.user)
    if form.is_valid():
        try:
            message = actions.send(conversation=mine.conversation, sender=request.user, letter=form.letter())
        except MessageRefused as error:
            form.add_error(None, str(error))
        else:
            return _sent(request, mine, message)
    if request.htmx:
        context = {"form": form}
        return render(request, "community/messages/_composer_errors.html", context, status=422)
    return _page(request, Chat(mine, {}), form, status=422)


def _sent(request, mine: Participant, message):
    if not request.htmx:
        return redirect(message.conversation)
    mine.refresh_from_db()
    # What the page has not got yet: its own message, and what came in between.
    chat = Chat(mine, {"after": request.POST.get("after", "")})
    return render(request, "community/messages/_rows.html", {"chat": chat})


@require_http_methods(["POST"])
@login_required
def read(request, conversation_id: uuid.UUID):
    """An open page says up to where its person has seen it."""
    mine = own_side(request, conversation_id)
    number = number_in(request.POST.get("number"))
    if number is None:
        return HttpResponse(status=422)
    actions.mark_read(conversation=mine.conversation, by=request.user, number=number)
    return HttpResponse(status=204)


@require_http_methods(["POST", "DELETE"])
@login_required
def mute(request, conversation_id: uuid.UUID):
    """POST mutes, DELETE hears again."""
    mine = own_side(request, conversation_id)
    deed = actions.unmute if wants_deletion(request) else actions.mute
    deed(conversation=mine.conversation, by=request.user)
    return redirect(mine.conversation)


@require_http_methods(["POST", "DELETE"])
@login_required
def acceptance(request, conversation_id: uuid.UUID):
    """POST takes a request, DELETE declines it."""
    mine = own_side(request, conversation_id)
    if wants_deletion(request):
        actions.decline(conversation=mine.conversation, by=request.user)
        messages.success(request, f"Declined. {mine.other.display_name} is not told.")
        return redirect("community:messages")
    actions.accept(conversation=mine.conversation, by=request.user)
    return redirect(mine.conversation)
