"""The public page of a person."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User


@require_safe
def profile(request, username):
    """Only of active people; a name in other letters' case leads to the one address."""
    person = get_object_or_404(User.objects.active().select_related("profile"), username__iexact=username)
    if person.username != username:
        return redirect(person, permanent=True)
    return render(
        request, "accounts/profile.html", {"person": person, "profile": getattr(person, "profile", None)}
    )
