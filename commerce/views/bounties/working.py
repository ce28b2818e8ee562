"""Those who answer a bounty: they apply, hand in models, and take both back; its poster declines and looks at them."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.actions.bounties import working
from commerce.bounties.forms import ApplicationForm, SubmissionForm
from commerce.bounties.handing_in import candidates_of
from commerce.bounties.work_page import WorkPage
from commerce.exceptions import BountyRefused
from commerce.models import BountyApplication, BountySubmission
from commerce.views.bounties.browsing import show
from commerce.views.bounties.finding import own_bounty, visible_bounty
from core.files import send_private
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.models import Model3D


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("bounty-application", limit=60, seconds=3600)
def application(request, pk: int):
    """POST applies, or says it in other words; DELETE takes it back, with what was handed in."""
    bounty = visible_bounty(request, pk)
    own = bounty.applications.filter(applicant=request.user).first()
    if wants_deletion(request):
        if own is None:
            raise Http404
        return _done(request, bounty, lambda: working.withdraw_application(application=own), "Withdrawn.")
    form = ApplicationForm(request.POST, applicant=request.user)
    if form.is_valid():
        try:
            working.apply(bounty=bounty, applicant=request.user, **form.cleaned_data)
        except BountyRefused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "Your application is with the poster.")
            return redirect(f"{bounty.get_absolute_url()}#your-part")
    return show(request, bounty, application_form=form, status=422)


def _done(request, bounty, call, said: str):
    try:
        call()
    except BountyRefused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect(bounty)


@require_POST
@login_required
def decline(request, pk: int, application_id: uuid.UUID):
    bounty = own_bounty(request, pk)
    row = get_object_or_404(bounty.applications, public_id=application_id)
    said = "The application was declined."
    return _done(request, bounty, lambda: working.decline(application=row), said)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("bounty-submission", limit=60, seconds=3600)
def submit(request, pk: int):
    """GET: one's own models, each with why it cannot be handed in where that is so. POST hands one in."""
    bounty = visible_bounty(request, pk)
    own = get_object_or_404(BountyApplication, bounty=bounty, applicant=request.user)
    form = SubmissionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        model = get_object_or_404(Model3D.objects.owned_by(request.user), pk=form.cleaned_data["model"])
        try:
            working.submit(application=own, model=model, note=form.cleaned_data["note"])
        except BountyRefused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"“{model.title}” is handed in.")
            return redirect(f"{bounty.get_absolute_url()}#your-part")
    context = {"bounty": bounty, "form": form, "application": own}
    context["page"] = candidates_of(request.user, bounty, request.GET.get("page", ""))
    return render(request, "commerce/bounty_submit.html", context, status=422 if form.errors else 200)


def find_submission(request, pk: int, submission_id: uuid.UUID) -> BountySubmission:
    """What was handed in, if the viewer may look at it."""
    rows = BountySubmission.objects.visible_to(request.user).with_page_data()
    return get_object_or_404(rows, bounty=pk, public_id=submission_id)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
def submission(request, pk: int, submission_id: uuid.UUID):
    """The protected preview and the measures beside what was asked for. DELETE: its maker takes it back."""
    found = find_submission(request, pk, submission_id)
    if request.method in ("GET", "HEAD"):
        return render(request, "commerce/bounty_submission.html", {"shown": WorkPage(found, request.user)})
    if not wants_deletion(request):
        return HttpResponseNotAllowed(["GET", "HEAD", "DELETE"])
    if found.maker != request.user:
        raise PermissionDenied
    said = "Your work was taken back."
    return _done(request, found.bounty, lambda: working.withdraw_submission(submission=found), said)


@require_safe
@login_required
def preview(request, pk: int, submission_id: uuid.UUID):
    """The protected preview, for those who may look at the submission: never the original, and nothing for others."""
    shown = WorkPage(find_submission(request, pk, submission_id), request.user)
    if not shown.preview_url:
        raise Http404
    return send_private(
        request,
        shown.model.current_file.preview.name,
        filename="model.glb",
        content_type="model/gltf-binary",
        as_attachment=False,
    )
