"""What a person changes about themselves. Sign-in settings are django-allauth's pages in the same frame."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import AvatarForm, BannerForm, MatureContentForm, PersonForm, PrivacyForm, ProfileForm
from accounts.models import User, UserProfile
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

PEOPLE_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_profile(request):
    """Name, text, place, links, skills."""
    profile = UserProfile.of(request.user)
    data = request.POST if request.method == "POST" else None
    person_form = PersonForm(data, instance=request.user)
    profile_form = ProfileForm(data, instance=profile)
    if data is not None and all([person_form.is_valid(), profile_form.is_valid()]):
        with transaction.atomic():
            person_form.save()
            profile_form.save()
        messages.success(request, "Your profile was saved.")
        return redirect("accounts:settings")
    return _settings_page(request, person_form, profile_form, AvatarForm())


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("avatar", limit=30, seconds=3600)
def avatar(request):
    """POST stores a picture; DELETE (or `_method=delete` from a plain form) removes it."""
    if wants_deletion(request):
        request.user.remove_avatar()
        messages.success(request, "Your picture was removed.")
        return redirect("accounts:settings")
    form = AvatarForm(request.POST, request.FILES)
    if not form.is_valid():
        profile_form = ProfileForm(instance=UserProfile.of(request.user))
        return _settings_page(request, PersonForm(instance=request.user), profile_form, form)
    request.user.replace_avatar(form.cleaned_data["avatar"])
    messages.success(request, "Your picture was saved.")
    return redirect("accounts:settings")


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("banner", limit=30, seconds=3600)
def banner(request):
    """POST stores the picture above the profile; DELETE removes it."""
    profile = UserProfile.of(request.user)
    if wants_deletion(request):
        profile.replace_banner(None)
        messages.success(request, "Your banner was removed.")
        return redirect("accounts:settings")
    form = BannerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _settings_page(
            request,
            PersonForm(instance=request.user),
            ProfileForm(instance=profile),
            AvatarForm(),
            banner_form=form,
        )
    profile.replace_banner(form.cleaned_data["banner"])
    messages.success(request, "Your banner was saved.")
    return redirect("accounts:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def privacy(request):
    """Mature content, and what others see."""
    profile = UserProfile.of(request.user)
    data = request.POST if request.method == "POST" else None
    forms = [MatureContentForm(data, instance=request.user), PrivacyForm(data, instance=profile)]
    if data is not None and not [form for form in forms if not form.is_valid()]:
        with transaction.atomic():
            for form in forms:
                form.save()
        messages.success(request, "Your choice was saved.")
        return redirect("accounts:settings_privacy")
    context = {"mature_form": forms[0], "privacy_form": forms[1]}
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "accounts/settings_privacy.html", context, status=status)


@require_safe
@login_required
def blocked(request):
    """Whom one has blocked."""
    people = User.objects.filter(blocked_by__blocker=request.user)
    ordered = people.order_by("-blocked_by__created_at", "-blocked_by__pk")
    page = Paginator(ordered, PEOPLE_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/settings_blocked.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def creator(request):
    """The one step from buyer to creator: a page that says what it means, and its button."""
    if request.method == "POST":
        request.user.become_creator()
        messages.success(request, "You are a creator now. Upload your first model whenever you like.")
    if request.user.is_creator:
        return HttpResponseRedirect(_safe_next(request) or reverse("accounts:settings"))
    return render(request, "accounts/become_creator.html", {"next": _safe_next(request)})


def _settings_page(request, person_form, profile_form, avatar_form, banner_form=None):
    banner_form = banner_form or BannerForm()
    forms = (person_form, profile_form, avatar_form, banner_form)
    return render(
        request,
        "accounts/settings.html",
        {
            "person_form": person_form,
            "profile_form": profile_form,
            "avatar_form": avatar_form,
            "banner_form": banner_form,
            "profile": UserProfile.of(request.user),
        },
        status=422 if any(form.errors for form in forms) else 200,
    )


def _safe_next(request) -> str:
    """Where the person came from, if that is a page of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else ""
