"""The public page of a person."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from core.addresses import absolute_url


@require_safe
def profile(request, username):
    """Only of active people; a name in other letters' case leads to the one address."""
    if "\0" in username:
        # No text in the database holds one, and asking for it is an error there.
        raise Http404
    person = get_object_or_404(User.objects.active().select_related("profile"), username__iexact=username)
    if person.username != username:
        return redirect(person, permanent=True)
    about = getattr(person, "profile", None)
    return render(
        request,
        "accounts/profile.html",
        {
            "person": person,
            "profile": about,
            "place": about.place if about else "",
            "links": about.links() if about else [],
            "structured_data": structured_data(person, request),
        },
    )


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
