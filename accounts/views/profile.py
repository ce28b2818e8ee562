"""The public pages of a person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import relations
from accounts.exceptions import RelationRefused
from accounts.models import User
from accounts.people import ProfilePage, find_person, known_to
from core.addresses import absolute_url
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

PEOPLE_PAGE = 24


@require_safe
def profile(request, username):
    """Their models. A name in other letters' case leads to the one address."""
    return profile_tab(request, username, name="accounts:profile", template="accounts/profile.html")


@require_safe
def about(request, username):
    """Text, skills, software, links."""
    return profile_tab(
        request, username, name="accounts:profile_about", template="accounts/profile_about.html"
    )


def profile_tab(request, username, *, name: str, template: str, context=None):
    """One tab of a profile at the address `name`; `context(page)` makes what the template needs besides the head."""
    person = find_person(username)
    if person.username != username:
        return redirect(name, person.username, permanent=True)
    page = ProfilePage(person, viewer=request.user)
    values = {
        "person": person,
        "profile_page": page,
        "profile": page.profile,
        "tabs": page.tabs(name),
        "structured_data": structured_data(person, request),
    }
    return render(request, template, values | (context(page) if context else {}))


@require_safe
def followers(request, username):
    """Who follows them, the latest first."""
    person = find_person(username)
    people = (
        User.objects.active()
        .filter(follows__followed=person)
        .order_by("-follows__created_at", "-follows__pk")
    )
    return _people(request, person, people, title="Followers")


@require_safe
def following(request, username):
    """Whom they follow, the latest first."""
    person = find_person(username)
    people = (
        User.objects.active()
        .filter(followed_by__follower=person)
        .order_by("-followed_by__created_at", "-followed_by__pk")
    )
    return _people(request, person, people, title="Following")


def _people(request, person, people, *, title: str):
    page = Paginator(people, PEOPLE_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": person,
        "title": title,
        "page": page,
        "people": known_to(request.user, page.object_list),
        "profile_page": ProfilePage(person, viewer=request.user),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("follow", limit=300, seconds=3600)
def follow(request, username):
    """POST follows, DELETE no more; answers with the button where a script asks."""
    person = find_person(username)
    follows = not wants_deletion(request)
    try:
        act = relations.follow if follows else relations.unfollow
        act(follower=request.user, followed=person)
    except RelationRefused as error:
        follows = False
        messages.error(request, str(error))
    if request.htmx:
        return render(request, "accounts/_follow.html", {"person": person, "follows": follows})
    return redirect(_back(request) or person.get_absolute_url())


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("block", limit=100, seconds=3600)
def block(request, username):
    """POST blocks, DELETE lifts it."""
    person = find_person(username)
    try:
        if wants_deletion(request):
            relations.unblock(blocker=request.user, blocked=person)
            messages.success(request, f"{person.display_name} is not blocked any more.")
        else:
            relations.block(blocker=request.user, blocked=person)
            messages.success(request, f"{person.display_name} is blocked: no follows, comments or messages.")
    except RelationRefused as error:
        messages.error(request, str(error))
    return redirect(_back(request) or person.get_absolute_url())


def _back(request) -> str:
    """The page of ours that the button stood on, where it says so."""
    names = {"blocked": "accounts:settings_blocked", "social": "accounts:social"}
    name = names.get(request.POST.get("from", ""))
    target = reverse(name) if name else request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def structured_data(person: User, request) -> dict:
    """What search engines read about a person."""
    data = {
        "@type": "ProfilePage",
        "mainEntity": {
            "@type": "Person",
            "name": person.display_name,
            "alternateName": person.username,
            "url": absolute_url(person.get_absolute_url(), request=request),
        },
    }
    if person.bio:
        data["mainEntity"]["description"] = person.bio
    if person.avatar:
        data["mainEntity"]["image"] = absolute_url(person.avatar.url, request=request)
    return data
