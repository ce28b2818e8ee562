"""Which notifications reach somebody, and how; and the page behind the link in a mail's foot."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Notification
from accounts.preferences import (
    COMPULSORY,
    Channels,
    choices_of,
    choose,
    end_mails,
    read_unsubscribe_token,
)
from core.ratelimit import rate_limited

Kind = Notification.Kind
GROUPS = {
    "Your models": [
        Kind.MODEL_APPROVED,
        Kind.MODEL_REJECTED,
        Kind.MODEL_IN_REVIEW,
        Kind.PROCESSING_FAILED,
        Kind.SALE,
        Kind.PAYOUT,
        Kind.COMMENT,
        Kind.LIKE,
    ],
    "People": [
        Kind.NEW_FOLLOWER,
        Kind.ANSWER,
        Kind.MENTION,
        Kind.COLLECTION_FOLLOWED,
    ],
    "What you follow": [
        Kind.NEW_MODEL,
        Kind.COLLECTION_GREW,
        Kind.SAVED_SEARCH,
    ],
    "What you have": [Kind.PURCHASE, Kind.NEW_VERSION, Kind.ACCOUNT],
}
# What a mail is written for; the others are told on the site only.
WITH_MAIL = {
    Kind.MODEL_APPROVED,
    Kind.MODEL_REJECTED,
    Kind.SALE,
    Kind.PAYOUT,
    Kind.PURCHASE,
    Kind.NEW_VERSION,
    Kind.NEW_FOLLOWER,
    Kind.COMMENT,
    Kind.ANSWER,
    Kind.MENTION,
    Kind.SAVED_SEARCH,
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notifications(request):
    """A table: kinds by channel."""
    if request.method == "POST":
        wanted = {
            kind: Channels(
                on_site=f"site-{kind.value}" in request.POST, by_mail=f"mail-{kind.value}" in request.POST
            )
            for kinds in GROUPS.values()
            for kind in kinds
        }
        choose(request.user, wanted)
        messages.success(request, "Your choice was saved.")
        return redirect("accounts:settings_notifications")
    choices = choices_of(request.user)
    groups = [
        (title, [(kind, choices[kind], kind in COMPULSORY, kind in WITH_MAIL) for kind in kinds])
        for title, kinds in GROUPS.items()
    ]
    return render(request, "accounts/settings_notifications.html", {"groups": groups})


# The signed address is what allows it: mail programs send the POST of RFC 8058 without a cookie or a form of ours.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("unsubscribe", limit=60, seconds=3600)
def unsubscribe(request, token: str):
    """GET asks, since mail scanners open every link; POST ends mails of this kind."""
    found = read_unsubscribe_token(token)
    if found is None:
        raise Http404
    user, kind = found
    if request.method == "POST":
        end_mails(user, kind)
    context = {"kind": kind, "is_done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", context)
