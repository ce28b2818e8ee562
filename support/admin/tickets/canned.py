"""Answers that agents give often, in the console."""

from django.contrib import admin
from unfold.decorators import display

from core.desk import ConsoleAdmin
from core.markdown import plain_text
from support.figures import FIGURES
from support.models import CannedAnswer

EXCERPT = 100
_FIGURES = ", ".join(f"{{{{{name}}}}}" for name in FIGURES)


@admin.register(CannedAnswer)
class CannedAnswerAdmin(ConsoleAdmin):
    list_display = ["title", "category", "excerpt", "order", "updated_at"]
    list_filter = ["category"]
    search_fields = ["title", "body"]
    ordering = ["order", "title", "pk"]
    list_per_page = 100
    fieldsets = [
        (None, {"fields": ["title", "category", "order"]}),
        (
            "Text",
            {"fields": ["body"], "description": f"Figures are filled in from the settings: {_FIGURES}."},
        ),
    ]

    @display(description="Text")
    def excerpt(self, answer):
        return plain_text(answer.body, length=EXCERPT)
