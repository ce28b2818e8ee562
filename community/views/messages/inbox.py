"""The list of conversations, and writing to somebody new."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from community.actions import messages as actions
from community.messaging.chat import number_in
from community.messaging.exceptions import MessageRefused
from community.messaging.forms import NewMessageForm, attachable
from community.messaging.inbox import Inbox
from community.models import Conversation
from core.ratelimit import rate_limited

MOST_SUGGESTED = 50


@require_safe
@login_required
@never_cache
def inbox(request):
    """Conversations; `?show=requests` are strangers' first messages, `?q=` looks into all of them."""
    get = request.GET
    shown = Inbox(request.user, show=get.get("show", ""), query=get.get("q", ""), page=get.get("page", ""))
    is_part = request.htmx and not shown.query
    template = "community/messages/_inbox.html" if is_part else "community/messages/inbox.html"
    return render(request, template, {"inbox": shown, "page": shown.page, "tabs": shown.tabs})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("message", limit=60, seconds=300)
def new(request):
    """Write to somebody: `?to=` names them, `?model=` is a model that comes along."""
    if request.method == "POST":
        form = NewMessageForm(request.POST, request.FILES, sender=request.user)
        if form.is_valid():
            try:
                message = actions.write_to(
                    sender=request.user, recipient=form.cleaned_data["to"], letter=form.letter()
                )
            except MessageRefused as error:
                form.add_error("to", str(error))
            else:
                return redirect(message.conversation)
        return _new_page(request, form, status=422)
    known = _known_conversation(request)
    if known is not None:
        model = request.GET.get("model", "")
        return redirect(f"{known.get_absolute_url()}{f'?model={model}' if number_in(model) else ''}")
    form = NewMessageForm(
        sender=request.user, model=attachable(request.user, number_in(request.GET.get("model")))
    )
    form.initial["to"] = request.GET.get("to", "")[:150]
    return _new_page(request, form)


def _known_conversation(request) -> Conversation | None:
    """Who writes to somebody again goes on where they were."""
    name = request.GET.get("to", "").replace("\0", "")
    person = User.objects.active().filter(username__iexact=name).first() if name else None
    if person is None or person == request.user:
        return None
    return Conversation.objects.between(request.user, person).first()


def _new_page(request, form: NewMessageForm, status: int = 200):
    people = User.objects.active().filter(followed_by__follower=request.user).order_by("username")
    to = (
        User.objects.active().filter(username__iexact=str(form["to"].value() or "").replace("\0", "")).first()
    )
    context = {"form": form, "people": people[:MOST_SUGGESTED], "recipient": to}
    return render(request, "community/messages/new.html", context, status=status)
