"""Words and links that nobody may write, kept by moderators."""

from django.contrib import admin

from core.desk import ConsoleAdmin
from core.filters import forget_on_commit
from core.models import TextFilter


@admin.register(TextFilter)
class TextFilterAdmin(ConsoleAdmin):
    """In force everywhere as soon as it is saved."""

    list_before_template = "admin/support/safety/tabs.html"
    list_display = ["pattern", "kind", "is_enabled", "note", "updated_at"]
    list_filter = ["kind", "is_enabled"]
    search_fields = ["pattern", "note"]
    ordering = ["kind", "pattern", "pk"]
    fields = ["kind", "pattern", "note", "is_enabled"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        forget_on_commit()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        forget_on_commit()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        forget_on_commit()
