"""The kill switch of the file formats in the moderation console."""

from django.contrib import admin

from core.desk import EVERYTHING, ConsoleAdmin
from marketplace.actions.switching import switch_off, switch_on
from marketplace.models import FormatSwitch


@admin.register(FormatSwitch)
class FormatSwitchAdmin(ConsoleAdmin):
    """A format that stands here can be switched; one that does not is on. Nothing is ever deleted."""

    recorded_by_actions = EVERYTHING
    list_display = ["format", "is_enabled", "reason", "updated_at"]
    ordering = ["format"]
    fields = ["format", "is_enabled", "reason"]

    def get_readonly_fields(self, request, obj=None):
        return ["format"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """By the actions, which also queue what has waited and write who did it."""
        if obj.is_enabled:
            switch_on(file_format=obj.format, by=request.user)
            stored = FormatSwitch.objects.get_or_create(format=obj.format)[0]
        else:
            stored = switch_off(file_format=obj.format, reason=obj.reason, by=request.user)
        obj.pk = stored.pk
