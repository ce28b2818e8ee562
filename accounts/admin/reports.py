"""What people report, in the console: to read, with what was reported as it was then."""

from django.contrib import admin
from django.urls import reverse
from unfold.decorators import display

from accounts.models import Report
from core.admin import ReadOnlyAdmin
from core.desk import NEWEST_FIRST


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_before_template = "admin/support/safety/tabs.html"
    list_display = ["title", "reason", "owner", "state_label", "created_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["owner"]
    search_fields = ["title", "owner__username"]
    search_help_text = "What it is called, or whose it is"
    ordering = NEWEST_FIRST
    fields = [
        *("title", "content_type", "owner", "reason", "note", "snapshot", "reporter", "state_label"),
        "created_at",
    ]
    readonly_fields = ["state_label", "created_at"]

    @display(
        description="State",
        ordering="state",
        label={"Open": "warning", "Upheld": "danger", "Dismissed": "info"},
    )
    def state_label(self, report):
        return report.get_state_display()

    def view_on_site(self, report) -> str:
        """Where the thing is; of what moderators cannot open, this page is all there is."""
        return "" if report.link.startswith(reverse("admin:index")) else report.link
