"""One ticket before an agent: shown, answered, noted on, handed on, ended. Each deed is a form of its own."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse

from community.messaging.chat import number_in
from core.verbs import wants_deletion
from support.actions import tickets as actions
from support.exceptions import TicketRefused
from support.models import SupportTicket
from support.ticketing.chat import TicketChat
from support.ticketing.desk import queues
from support.ticketing.desk.case import Case
from support.ticketing.forms import NoteForm, ReplyForm, WeightForm
from support.ticketing.rules import ANSWER, agents


def show(
    request, model_admin, ticket: SupportTicket, *, form=None, note_form=None, status: int = 200
) -> HttpResponse:
    """The whole page; a script gets the rows that it has not got yet, or where the ticket stands."""
    chat, case = TicketChat(ticket, request.GET, for_staff=True), Case(ticket, request.user)
    context = {"chat": chat, "case": case, "ticket": ticket}
    if request.htmx and request.method == "GET":
        part = "admin/support/supportticket/_state.html"
        return render(request, part if request.GET.get("part") == "state" else _ROWS, context)
    if case.may_answer and request.method == "GET" and chat.last_number:
        actions.mark_read(ticket=ticket, by=request.user, number=chat.last_number)
    context |= {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": ticket.subject,
        "original": ticket,
        "form": form or ReplyForm(initial={"body": _started(request, case)}),
        "note_form": note_form or NoteForm(prefix="note"),
    }
    return TemplateResponse(request, "admin/support/supportticket/ticket.html", context, status=status)


_ROWS = "support/tickets/_rows.html"


def _started(request, case: Case) -> str:
    """What an answer begins with, where a canned one was chosen (`?canned=`): for browsers without scripts."""
    chosen = number_in(request.GET.get("canned"))
    return next((ready.text for ready in case.canned if ready.pk == chosen), "") if chosen else ""


def go_on(request) -> HttpResponse:
    following = queues.next_for(request.user)
    if following is None:
        messages.info(request, "Nothing waits for you.")
        return redirect("admin:support_supportticket_changelist")
    return redirect(following.get_desk_url())


def _ticket(request, model_admin, pk: int) -> SupportTicket:
    if not (model_admin.has_view_permission(request) and request.user.has_perm(ANSWER)):
        raise PermissionDenied
    return get_object_or_404(model_admin.get_queryset(request), pk=pk)


def _done(request, ticket: SupportTicket, deed: Callable[[], object], done: str) -> HttpResponseRedirect:
    try:
        deed()
    except TicketRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(ticket.get_desk_url())


def answer(request, pk, model_admin):
    """`resolve` ends it with the answer."""
    ticket = _ticket(request, model_admin, pk)
    form = ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        resolves = "resolve" in request.POST
        try:
            actions.answer(ticket=ticket, by=request.user, letter=form.letter(), resolves=resolves)
        except TicketRefused as error:
            form.add_error(None, str(error))
        else:
            return _answered(request, ticket)
    if request.htmx:
        return render(request, "community/messages/_composer_errors.html", {"form": form}, status=422)
    return show(request, model_admin, ticket, form=form, status=422)


def _answered(request, ticket: SupportTicket) -> HttpResponse:
    if request.htmx:
        ticket.refresh_from_db()
        chat = TicketChat(ticket, {"after": request.POST.get("after", "")}, for_staff=True)
        return render(request, _ROWS, {"chat": chat})
    messages.success(request, "The answer is sent.")
    return HttpResponseRedirect(ticket.get_desk_url())


def note(request, pk, model_admin):
    ticket = _ticket(request, model_admin, pk)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return show(request, model_admin, ticket, note_form=form, status=422)
    body = form.cleaned_data["body"]
    return _done(
        request,
        ticket,
        lambda: actions.annotate(ticket=ticket, by=request.user, body=body),
        "The note is kept. Whoever asked does not see it.",
    )


def take(request, pk, model_admin):
    """POST takes it, DELETE puts it back into the queue."""
    ticket = _ticket(request, model_admin, pk)
    if wants_deletion(request):
        return _done(
            request,
            ticket,
            lambda: actions.put_back(ticket=ticket, by=request.user),
            "It is nobody's again.",
        )
    return _done(
        request, ticket, lambda: actions.take(ticket=ticket, by=request.user), "You answer this one."
    )


def assign(request, pk, model_admin):
    ticket = _ticket(request, model_admin, pk)
    agent = get_object_or_404(agents(), pk=number_in(request.POST.get("agent")) or 0)
    return _done(
        request,
        ticket,
        lambda: actions.assign(ticket=ticket, to=agent, by=request.user),
        f"{agent.display_name} answers this one.",
    )


def weigh(request, pk, model_admin):
    ticket = _ticket(request, model_admin, pk)
    form = WeightForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such priority or category.")
        return HttpResponseRedirect(ticket.get_desk_url())
    return _done(
        request,
        ticket,
        lambda: actions.weigh(ticket=ticket, by=request.user, **form.cleaned_data),
        "It is kept.",
    )


def resolution(request, pk, model_admin):
    """POST ends it, DELETE opens it again."""
    ticket = _ticket(request, model_admin, pk)
    deed = actions.reopen if wants_deletion(request) else actions.resolve
    done = "It is open again." if wants_deletion(request) else "It is resolved."
    return _done(request, ticket, lambda: deed(ticket=ticket, by=request.user), done)


def read(request, pk, model_admin):
    """An open page says up to where support has seen it."""
    ticket = _ticket(request, model_admin, pk)
    number = number_in(request.POST.get("number"))
    if number is None or ticket.owner_id == request.user.pk:
        return HttpResponse(status=422)
    actions.mark_read(ticket=ticket, by=request.user, number=number)
    return HttpResponse(status=204)


# By the last part of its address.
DEEDS = {
    "answer": answer,
    "note": note,
    "take": take,
    "assign": assign,
    "weigh": weigh,
    "resolution": resolution,
    "read": read,
}
