"""The list of notifications, and what can be done with one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.notifications import push_unread_count

PAGE_SIZE = 20


@require_safe
@login_required
def index(request):
    """All or only unread notifications, newest first."""
    unread_only = request.GET.get("show") == "unread"
    notifications = request.user.notifications.newest_first()
    if unread_only:
        notifications = notifications.unread()
    return render(
        request,
        "accounts/notification_list.html",
        {
            "page": Paginator(notifications, PAGE_SIZE).get_page(request.GET.get("page")),
            "unread_only": unread_only,
        },
    )


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
