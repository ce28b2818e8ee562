"""One ticket: read, written in, resolved, opened again, rated; and the files in it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.messaging.chat import number_in
from core.files import send_private
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from support.actions import tickets as actions
from support.exceptions import TicketRefused
from support.models import SupportAttachment, SupportTicket
from support.ticketing.about import about_of_ticket
from support.ticketing.chat import TicketChat
from support.ticketing.forms import RatingForm, ReplyForm
from support.ticketing.rules import may_look_on
from support.views.tickets.finding import own_ticket

# A browser asks again after so long whether it may still have a picture.
PICTURE_SECONDS = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("support-message", limit=60, seconds=300)
def ticket(request, ticket_id: uuid.UUID):
    """GET: the messages, which are read by it. POST: one more. Support is led to its own page of it."""
    if may_look_on(request.user) and request.method != "POST":
        found = get_object_or_404(SupportTicket, public_id=ticket_id)
        if found.owner_id != request.user.pk:
            return redirect(found.get_desk_url())
    found = own_ticket(request, ticket_id)
    if request.method == "POST":
        return _send(request, found)
    chat = TicketChat(found, request.GET)
    if request.htmx:
        part = "_state" if request.GET.get("part") == "state" else "_rows"
        return render(request, f"support/tickets/{part}.html", _context(request, chat))
    response = _page(request, chat, ReplyForm())
    # What was new is marked so on the page that shows it first.
    if request.method == "GET" and chat.last_number:
        actions.mark_read(ticket=found, by=request.user, number=chat.last_number)
    return response


def _context(request, chat: TicketChat, **more) -> dict:
    about = about_of_ticket(chat.ticket)
    return {
        "chat": chat,
        "ticket": chat.ticket,
        "about": about,
        "about_url": about.url_for(request.user),
        "rating_form": RatingForm(),
        **more,
    }


def _page(request, chat: TicketChat, form: ReplyForm, *, status: int = 200, **more):
    context = _context(request, chat, form=form, **more)
    return render(request, "support/tickets/ticket.html", context, status=status)


def _send(request, found: SupportTicket):
    form = ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.write(ticket=found, by=request.user, letter=form.letter())
        except TicketRefused as error:
            form.add_error(None, str(error))
        else:
            return _sent(request, found)
    if request.htmx:
        return render(request, "community/messages/_composer_errors.html", {"form": form}, status=422)
    return _page(request, TicketChat(found, {}), form, status=422)


def _sent(request, found: SupportTicket):
    if not request.htmx:
        return redirect(found)
    found.refresh_from_db()
    # What the page has not got yet: its own message, and what came in between.
    chat = TicketChat(found, {"after": request.POST.get("after", "")})
    return render(request, "support/tickets/_rows.html", {"chat": chat})


@require_http_methods(["POST"])
@login_required
def read(request, ticket_id: uuid.UUID):
    """An open page says up to where its person has seen it."""
    found = own_ticket(request, ticket_id)
    number = number_in(request.POST.get("number"))
    if number is None:
        return HttpResponse(status=422)
    actions.mark_read(ticket=found, by=request.user, number=number)
    return HttpResponse(status=204)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("support-resolution", limit=30, seconds=3600, methods=("POST", "DELETE"))
def resolution(request, ticket_id: uuid.UUID):
    """POST: it is resolved. DELETE: it is not, after all."""
    deed = actions.reopen if wants_deletion(request) else actions.resolve
    return redirect(deed(ticket=own_ticket(request, ticket_id), by=request.user))


@require_http_methods(["POST"])
@login_required
@rate_limited("support-rating", limit=30, seconds=3600)
def rating(request, ticket_id: uuid.UUID):
    """How the answer was, once it is resolved."""
    found = own_ticket(request, ticket_id)
    form = RatingForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.rate(ticket=found, by=request.user, stars=data["rating"], text=data["text"])
        except TicketRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{found.get_absolute_url()}#rating")
    return _page(request, TicketChat(found, {}), ReplyForm(), status=422, rating_form=form)


@require_safe
@login_required
def attachment(request, attachment_id: uuid.UUID):
    """To whoever asked, and to support: pictures to be seen, all else to be saved."""
    found = get_object_or_404(
        SupportAttachment.objects.select_related("message__ticket"), public_id=attachment_id
    )
    if found.message.ticket.owner_id != request.user.pk and not may_look_on(request.user):
        raise Http404
    return send_private(
        request,
        found.file.name,
        filename=found.name,
        content_type="image/webp" if found.is_picture else "application/octet-stream",
        as_attachment=not found.is_picture,
        max_age=PICTURE_SECONDS if found.is_picture else 0,
    )
