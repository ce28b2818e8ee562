"""Pages about the site itself: who we are, the rules, and how to reach us."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request, template: str):
    """A page that is only text."""
    return render(request, template)
