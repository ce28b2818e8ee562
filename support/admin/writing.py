"""What the desks of help and docs share: Markdown with its preview, and buttons that show a text or take it back."""

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from blog.admin.markdown import MarkdownWidget
from core.admin import UsefulActionsMixin, do_and_say
from core.desk import ConsoleAdmin
from support.actions import publishing
from support.exceptions import PublishingRefused
from support.figures import FIGURES
from support.models.writing import MAX_CONTENT
from support.reading import Text

COLOURS = {"Draft": "warning", "Published": "success"}
WRITING = (
    "A picture of the project stands alone in a paragraph: ![What it shows](../pictures/name.webp). "
    f"Figures are filled in from the settings: {', '.join(f'{{{{{name}}}}}' for name in FIGURES)}."
)


class HelpMarkdownWidget(MarkdownWidget):
    preview_name = "admin:support_helparticle_preview"


class DocsMarkdownWidget(MarkdownWidget):
    preview_name = "admin:support_docsection_preview"


class WritingAdmin(UsefulActionsMixin, ConsoleAdmin):
    """Whether a text is shown is no field to edit: there are buttons for it, and the audit log says who pressed."""

    recorded_by_actions = frozenset({"deleted"})
    list_filter = ["status"]
    search_fields = ["title", "slug"]
    list_per_page = 100
    actions_detail = ["publish", "take_back"]

    @display(description="State", ordering="status", label=COLOURS)
    def state(self, text):
        return text.get_status_display()

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def view_on_site(self, text):
        return text.get_absolute_url()

    def delete_model(self, request, obj):
        publishing.delete(text=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for text in queryset:
            publishing.delete(text=text, by=request.user)

    # ------------------------------------------------------------------ the preview

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("preview/", self.admin_site.admin_view(self.preview), name=name), *super().get_urls()]

    def preview(self, request):
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        return require_POST(_preview)(request, self.model)

    # ------------------------------------------------------------------ showing it

    def has_publish_permission(self, request, obj=None):
        return self.has_change_permission(request)

    def useless_actions(self, text):
        return {"publish"} if text.is_published else {"take_back"}

    @action(
        description="Publish",
        permissions=["publish"],
        icon="public",
        dialog={
            "title": "Publish this text?",
            "description": "Everybody reads it from now on. Save what you have changed first.",
            "form_class": None,
            "form_submit_text": "Publish",
        },
    )
    def publish(self, request, form, object_id):
        return self._do(request, object_id, publishing.publish, "The text is published.")

    @action(
        description="Take back",
        permissions=["publish"],
        icon="visibility_off",
        dialog={
            "title": "Make this text a draft again?",
            "description": "Nobody but who works on it sees it. Links to it lead nowhere.",
            "form_class": None,
            "form_submit_text": "Take back",
        },
    )
    def take_back(self, request, form, object_id):
        return self._do(request, object_id, publishing.take_back, "The text is a draft again.")

    def _do(self, request, object_id, call, done: str):
        act = partial(call, text=get_object_or_404(self.model, pk=object_id), by=request.user)
        return do_and_say(request, self.opts, object_id, act, done, refused=PublishingRefused)


def _preview(request, model) -> HttpResponse:
    """The text of the request as its page shows it."""
    written = request.POST.get("text", "")[:MAX_CONTENT].replace("\0", "")
    return render(request, "support/_text.html", {"text": Text(model(content=written))})


def fields_of(place: str, *, counts: bool = False) -> list[tuple]:
    """The form of a text; `place` is its category or chapter."""
    figures = [("Votes", {"fields": ["helpful", "unhelpful"]})] if counts else []
    return [
        (None, {"fields": ["title", "slug", place, "order"]}),
        ("Text", {"fields": ["summary", "content"], "description": WRITING}),
        *figures,
    ]


class WritingForm(forms.ModelForm):
    """Subclasses name their widget; what stands around a text is no part of it."""

    def clean_content(self) -> str:
        return self.cleaned_data["content"].replace("\r\n", "\n").strip() + "\n"
