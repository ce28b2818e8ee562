"""Filters of the moderators' lists."""

from django.contrib import admin

from marketplace.models import Model3D
from marketplace.models.versions import WAITING


class QueueFilter(admin.SimpleListFilter):
    """By state. Without a choice the list is the queue: what waits, oldest first."""

    title = "state"
    parameter_name = "state"
    ALL, REMOVED = "all", "removed"

    STATES = [*Model3D.Status.choices, (REMOVED, "Taken down"), (ALL, "All")]

    def lookups(self, request, model_admin):
        return self.STATES

    def value(self):
        return super().value() or Model3D.Status.PENDING.value

    def queryset(self, request, queryset):
        value = self.value()
        if value == Model3D.Status.PENDING:
            return queryset.filter(WAITING)
        if value == self.REMOVED:
            return queryset.filter(removed_at__isnull=False)
        return queryset.filter(status=value) if value in Model3D.Status.values else queryset

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


def state_tabs(request) -> list[dict]:
    """Links to the queue and to the other states; the other filters stay as they are."""
    current = request.GET.get(QueueFilter.parameter_name) or Model3D.Status.PENDING.value
    tabs = []
    for value, label in sorted(QueueFilter.STATES, key=lambda state: state[0] != Model3D.Status.PENDING):
        query = request.GET.copy()
        query[QueueFilter.parameter_name] = value
        query.pop("p", None)
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "is_current": value == current})
    return tabs
