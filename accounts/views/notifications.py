"""The list of notifications, and what can be done with one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Notification
from accounts.notifications import push_unread_count

PAGE_SIZE = 20
Kind = Notification.Kind
# The filters of the list, by the word in the address.
GROUPS = {
    "models": (
        "Your models",
        [
            Kind.MODEL_APPROVED,
            Kind.MODEL_REJECTED,
            Kind.MODEL_IN_REVIEW,
            Kind.PROCESSING_FAILED,
            Kind.LIKE,
            Kind.COMMENT,
        ],
    ),
    "people": (
        "People",
        [Kind.NEW_FOLLOWER, Kind.ANSWER, Kind.MENTION, Kind.COLLECTION_FOLLOWED],
    ),
    "sales": ("Sales and purchases", [Kind.SALE, Kind.PURCHASE, Kind.NEW_VERSION]),
    "following": ("Following", [Kind.NEW_MODEL, Kind.COLLECTION_GREW, Kind.SAVED_SEARCH]),
    "account": ("Your account", [Kind.ACCOUNT]),
}


@require_safe
@login_required
def index(request):
    """All, unread, or those of one group, newest first; the list alone where the open page asks for it anew."""
    show = request.GET.get("show", "")
    show = show if show == "unread" or show in GROUPS else ""
    tabs = _tabs(request.user, show)
    context = {
        "page": Paginator(_shown(request.user, show), PAGE_SIZE).get_page(request.GET.get("page")),
        "show": show,
        "tabs": tabs,
        "has_unread": tabs[1]["count"] > 0,
        "has_read": tabs[0]["count"] > tabs[1]["count"],
    }
    template = "_notifications.html" if request.htmx else "notification_list.html"
    return render(request, f"accounts/{template}", context)


def _shown(user, show: str):
    notifications = user.notifications.select_related("actor").newest_first()
    if show == "unread":
        return notifications.unread()
    return notifications.filter(kind__in=GROUPS[show][1]) if show else notifications


def _tabs(user, show: str) -> list[dict]:
    """How many each filter would show; one query for all."""
    rows = user.notifications.order_by().values_list("kind", "is_read").annotate(Count("pk"))
    counts = {"": 0, "unread": 0} | dict.fromkeys(GROUPS, 0)
    group_of = {kind: word for word, (_, kinds) in GROUPS.items() for kind in kinds}
    for kind, is_read, count in rows:
        counts[""] += count
        counts["unread"] += 0 if is_read else count
        if kind in group_of:
            counts[group_of[kind]] += count
    labels = {"": "All", "unread": "Unread"} | {word: label for word, (label, _) in GROUPS.items()}
    return [
        {
            "label": label,
            "url": f"?show={word}" if word else "?",
            "count": counts[word],
            "is_current": word == show,
        }
        for word, label in labels.items()
    ]


@require_safe
@login_required
def follow(request, pk):
    """Mark it read and go where it points. A GET, so that it can be a plain link; repeating it changes nothing."""
    notification = get_object_or_404(request.user.notifications, pk=pk)
    _mark_read(request.user, pk=pk)
    return redirect(notification.link or "accounts:notifications")


@require_POST
@login_required
def mark_read(request, pk):
    get_object_or_404(request.user.notifications, pk=pk)
    _mark_read(request.user, pk=pk)
    return _back_to_list(request)


@require_POST
@login_required
def mark_all_read(request):
    _mark_read(request.user)
    return _back_to_list(request)


@require_POST
@login_required
def delete(request, pk):
    get_object_or_404(request.user.notifications, pk=pk).delete()
    push_unread_count(request.user.pk)
    messages.success(request, "The notification was deleted.")
    return _back_to_list(request)


@require_POST
@login_required
def delete_read(request):
    """All that were read; unread ones stay."""
    request.user.notifications.filter(is_read=True).delete()
    push_unread_count(request.user.pk)
    messages.success(request, "All read notifications were deleted.")
    return _back_to_list(request)


def _mark_read(user, **which) -> None:
    if user.notifications.filter(**which).mark_read():
        push_unread_count(user.pk)


def _back_to_list(request):
    """To the same part of the list that the form stood on."""
    response = redirect("accounts:notifications")
    query = {name: request.POST[name] for name in ("show", "page") if request.POST.get(name)}
    if query:
        response["Location"] += f"?{urlencode(query)}"
    return response
