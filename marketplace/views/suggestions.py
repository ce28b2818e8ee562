"""What the search field shows under itself while somebody types."""

from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.ratelimit import rate_limited
from marketplace.search.forms import clean_text
from marketplace.search.suggestions import suggestions_for

# A browser asks again for the same words after so long.
KEPT_SECONDS = 30
# Requests of one person a minute: faster than anybody types.
LIMIT = 240


@require_safe
@rate_limited("suggestions", limit=LIMIT, seconds=60, methods=("GET", "HEAD"))
@cache_control(private=True, max_age=KEPT_SECONDS)
def suggestions(request):
    """The options of a listbox; none for an empty field."""
    text = clean_text(request.GET.get("q", ""))
    context = {"suggestions": suggestions_for(text), "text": text}
    return render(request, "marketplace/_suggestions.html", context)
