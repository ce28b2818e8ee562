"""Filters of the moderators' lists."""

from django.contrib import admin

from marketplace.models import Model3D


class QueueFilter(admin.SimpleListFilter):
    """By state. Without a choice the list is the queue: what waits, oldest first."""

    title = "state"
    parameter_name = "state"
    ALL, REMOVED = "all", "removed"

    def lookups(self, request, model_admin):
        return [*Model3D.Status.choices, (self.REMOVED, "Taken down"), (self.ALL, "All")]

    def value(self):
        return super().value() or Model3D.Status.PENDING.value

    def queryset(self, request, queryset):
        value = self.value()
        if value == Model3D.Status.PENDING:
            return queryset.filter(pk__in=Model3D.objects.awaiting_review().order_by().values("pk"))
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
