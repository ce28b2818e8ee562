"""A person's own data: a copy of it, and the end of the account."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import deletion, exports
from accounts.exceptions import DeletionRefused
from accounts.forms import DeletionForm
from accounts.models import AccountDeletion
from accounts.personal_data import vetoes
from core.files import send_private
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

# The copies that are shown: the one under way, and the one before.
SHOWN_EXPORTS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_data(request):
    """GET: copies, and the way to the end of the account. POST: a new copy."""
    if request.method == "POST":
        return _request_export(request)
    found = request.user.data_exports.newest_first()[:SHOWN_EXPORTS]
    context = {
        "exports": [export for export in found if export.is_downloadable or not export.ready_at],
        "kept_days": settings.DATA_EXPORT_DAYS,
    }
    context["is_working"] = any(export.is_unfinished for export in context["exports"])
    return render(request, "accounts/settings_data.html", context)


@reauthentication_required
@rate_limited("data-export", limit=5, seconds=86400)
def _request_export(request):
    exports.request_export(user=request.user)
    messages.success(request, "Your copy is being put together. You will be told by mail when it is ready.")
    return redirect("accounts:settings_data")


@require_safe
@login_required
def download_export(request, public_id):
    """The copy itself, for nobody but its person, until it expires."""
    return _download(request, get_object_or_404(request.user.data_exports, public_id=public_id))


@reauthentication_required
def _download(request, export):
    if not export.is_downloadable:
        messages.info(request, "This copy is not there any more. You can ask for a new one.")
        return redirect("accounts:settings_data")
    name = f"{settings.SITE_NAME} {request.user.username} {timezone.localdate(export.ready_at)}.zip"
    return send_private(
        request, export.file.name, filename=name, content_type="application/zip", as_attachment=True
    )


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
def delete_account(request):
    """GET says what goes and what stays; POST asks for it, DELETE takes that back."""
    if wants_deletion(request):
        if deletion.keep_account(user=request.user):
            messages.success(request, "Your account stays.")
        return redirect("accounts:settings_delete")
    if request.method == "POST":
        return _request_deletion(request)
    return _deletion_page(request, DeletionForm(user=request.user))


@reauthentication_required
@rate_limited("delete-account", limit=10, seconds=3600)
def _request_deletion(request):
    form = DeletionForm(request.POST, user=request.user)
    if not form.is_valid():
        return _deletion_page(request, form)
    try:
        deletion.request_deletion(user=request.user)
    except DeletionRefused as error:
        for sentence in error.sentences:
            form.add_error(None, sentence)
        return _deletion_page(request, form)
    return redirect("accounts:settings_delete")


def _deletion_page(request, form: DeletionForm):
    asked = AccountDeletion.objects.filter(user=request.user).first()
    context = {
        "form": form,
        "deletion": asked,
        "against": vetoes(request.user),
        "days": settings.ACCOUNT_DELETION_DAYS,
    }
    return render(request, "accounts/settings_delete.html", context, status=422 if form.errors else 200)
