"""Markdown in the console, with what becomes of it beside it."""

from django.forms.widgets import Script
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from blog.models.post import MAX_CONTENT
from blog.reading import embedded_models, read


class MarkdownWidget(UnfoldAdminTextareaWidget):
    """A field for long Markdown; where scripts run, the page shows it as readers will see it while it is written."""

    template_name = "admin/blog/markdown.html"
    # Who answers with the page: each kind of text is read in its own way.
    preview_name = "admin:blog_blogpost_preview"

    class Media:
        js = [Script("dist/js/markdown-preview.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["preview_url"] = reverse_lazy(self.preview_name)
        return context


def preview(request) -> HttpResponse:
    """The text of the request as the page of a post shows it. Who may ask is for the caller to say."""
    text = request.POST.get("text", "")[:MAX_CONTENT].replace("\0", "")
    article = read(text)
    models = embedded_models(article, viewer=request.user)
    pieces = [(piece, models.get(piece.embedded)) for piece in article.pieces]
    return render(request, "blog/_article.html", {"pieces": pieces})
