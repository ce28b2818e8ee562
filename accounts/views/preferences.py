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
from core.models import MailSuppression

Kind = Notification.Kind
GROUPS = {
    "Your models": [
        Kind.MODEL_APPROVED,
        Kind.MODEL_REJECTED,
        Kind.MODEL_IN_REVIEW,
        Kind.PROCESSING_FAILED,
        Kind.SALE,
        Kind.PAYOUT,
        Kind.REVIEW,
        Kind.COMMENT,
        Kind.LIKE,
    ],
    "People": [
        Kind.MESSAGE,
        Kind.NEW_FOLLOWER,
        Kind.ANSWER,
        Kind.REVIEW_ANSWER,
        Kind.MENTION,
        Kind.COLLECTION_FOLLOWED,
    ],
    "Communities and bounties": [
        Kind.COMMUNITY,
        Kind.COMMUNITY_REQUEST,
        Kind.COMMUNITY_INVITE,
        Kind.BOUNTY,
        Kind.BOUNTY_WORK,
    ],
    "What you follow": [
        Kind.NEW_MODEL,
        Kind.COLLECTION_GREW,
        Kind.SAVED_SEARCH,
        Kind.COURSE,
    ],
    "What you have": [Kind.PURCHASE, Kind.REFUND, Kind.NEW_VERSION, Kind.SUBSCRIPTION, Kind.ACCOUNT],
    "From us": [Kind.SUPPORT, Kind.DECISION, Kind.NEWS],
}
# Whatever else there is to be told: nobody gets what they cannot choose.
GROUPS["From us"] += [kind for kind in Kind if not any(kind in kinds for kinds in GROUPS.values())]
# What no mail is written for.
ON_SITE_ONLY = {
    Kind.MODEL_IN_REVIEW,
    Kind.PROCESSING_FAILED,
    Kind.LIKE,
    Kind.COLLECTION_FOLLOWED,
    Kind.NEW_MODEL,
    Kind.COLLECTION_GREW,
    Kind.COURSE,
}
# What comes by mail alone, and only to who asks for it.
BY_MAIL_ONLY = {Kind.NEWS}


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
        (
            title,
            [
                (kind, choices[kind], kind in COMPULSORY, kind not in BY_MAIL_ONLY, kind not in ON_SITE_ONLY)
                for kind in kinds
            ],
        )
        for title, kinds in GROUPS.items()
    ]
    # Whoever may hear nothing of us any more is told so, rather than left to wonder.
    stopped = MailSuppression.objects.of(request.user.email).first()
    return render(request, "accounts/settings_notifications.html", {"groups": groups, "stopped": stopped})


# The signed address is what allows it: mail programs send the POST of RFC 8058 without a cookie or a form of ours. It
# has no limit: a mail provider sends those of all its people from a few addresses, and one changes nothing twice.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
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
