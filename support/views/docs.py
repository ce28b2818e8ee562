"""The docs: all sections with their navigation, and one of them."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from support.manual import Manual
from support.models import DocSection
from support.reading import Text
from support.structured_data import section_json_ld


@require_safe
def index(request):
    """What there is to read, chapter by chapter."""
    return render(request, "support/docs_index.html", {"manual": Manual(viewer=request.user)})


@require_safe
def section(request, slug: str):
    """One section between those before and after it; a draft for who works on it."""
    found = get_object_or_404(DocSection.objects.visible_to(request.user), slug=slug)
    text, manual = Text(found), Manual(viewer=request.user)
    context = {
        "section": found,
        "text": text,
        "manual": manual,
        "before": manual.before(found),
        "after": manual.after(found),
        "structured": section_json_ld(found, text, request=request) if found.is_published else None,
    }
    return render(request, "support/docs_section.html", context)
