"""What every list of the console has: who changed what is in the audit log, a count that takes no time, and a file."""

import html
from collections.abc import Iterator, Sequence
from functools import cached_property

from django.contrib import messages
from django.contrib.admin.filters import AllValuesFieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BooleanField
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin

from core.csv_files import csv_response
from core.models import AuditEntry
from core.periods import utc_today

# Rows are numbered as they come, so the key does for a list that would sort a million by their time to show fifty.
NEWEST_FIRST = ["-pk"]
EVERYTHING = frozenset({"added", "changed", "deleted"})
MAY_EXPORT = "core.export_lists"
_ROWS_AT_ONCE = 500
_LONGEST_QUERY = 500


class CappedPaginator(Paginator):
    """Counts up to `MOST` rows: nobody leafs through more, and to count a million takes longer than to show fifty."""

    MOST = 10_000
    template_name = "admin/console/pagination.html"

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.MOST + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, self.MOST)

    @property
    def is_capped(self) -> bool:
        return self._counted > self.MOST


class KnownValuesFilter(AllValuesFieldListFilter):
    """A filter by the values that a column without choices has; looked up once in ten minutes, for it takes long."""

    KEPT_SECONDS = 600

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        values = self.lookup_choices
        key = f"console.values.{model._meta.label_lower}.{field_path}"
        self.lookup_choices = cache.get_or_set(key, lambda: list(values), self.KEPT_SECONDS)


class ConsoleAdmin(ModelAdmin):
    """The base of all lists of the console; `tests/test_architecture.py` holds them to it."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    # So many rows an action takes; each is locked, written down and told by itself.
    most_at_once = 1_000
    # What is written into the audit log by the actions that do it, with more than is known here.
    recorded_by_actions: frozenset[str] = frozenset()

    # ------------------------------------------------------------------ the audit log

    def log_addition(self, request, obj, message):
        self._write_into_audit_log(request, "added", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        if message:
            self._write_into_audit_log(request, "changed", obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for row in queryset:
            self._write_into_audit_log(request, "deleted", row, "")
        return super().log_deletions(request, queryset)

    def _write_into_audit_log(self, request, what: str, row, message) -> None:
        if what in self.recorded_by_actions:
            return
        AuditEntry.record(
            actor=request.user,
            action=f"{self.opts.app_label}.{self.opts.model_name}.{what}",
            target=row,
            **({"changes": message} if message else {}),
        )

    # ------------------------------------------------------------------ actions

    def response_action(self, request, queryset):
        """“Select all” is taken at its word: where there are more than a request should do, none is touched."""
        across = request.POST.get("select_across", "")
        if BooleanField(required=False).to_python(across):
            most = self.most_at_once
            if queryset.order_by()[: most + 1].count() > most:
                messages.error(
                    request, f"More than {most:,} are selected. Narrow the list first: nothing was changed."
                )
                return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    # ------------------------------------------------------------------ the file

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export/", export, name=name), *super().get_urls()]

    def export_view(self, request):
        """What the list shows with this search and these filters, all pages of it, as comma-separated values."""
        if not (self.has_view_or_change_permission(request) and request.user.has_perm(MAY_EXPORT)):
            raise PermissionDenied
        # unfold's lists know the request from their own view.
        self.request = request
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            messages.error(request, "This list has no such filter.")
            opts = self.opts
            return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
        AuditEntry.record(
            actor=request.user,
            action="console.exported",
            list=self.opts.label,
            query=request.GET.urlencode()[:_LONGEST_QUERY],
        )
        columns = [name for name in changelist.list_display if name != "action_checkbox"]
        header = [capfirst(str(label_for_field(name, self.model, model_admin=self))) for name in columns]
        # A column without a name holds a picture.
        named = [(name, label) for name, label in zip(columns, header, strict=True) if label.strip()]
        return csv_response(
            f"{slugify(self.opts.verbose_name_plural)}-{utc_today().isoformat()}.csv",
            [label for _name, label in named],
            self._cells(changelist.queryset, [name for name, _label in named]),
        )

    def _cells(self, rows: QuerySet, columns: Sequence[str]) -> Iterator[list]:
        """A few rows at a time, by their keys: no cursor stays open while somebody's line is slow."""
        rows, last = rows.order_by("pk"), None
        while True:
            some = list((rows if last is None else rows.filter(pk__gt=last))[:_ROWS_AT_ONCE])
            yield from ([self._cell(row, name) for name in columns] for row in some)
            if len(some) < _ROWS_AT_ONCE:
                return
            last = some[-1].pk

    def _cell(self, row, name: str):
        try:
            field, _attribute, value = lookup_field(name, row, self)
        except ObjectDoesNotExist:
            return None
        if field is not None and field.choices:
            return str(getattr(row, f"get_{field.name}_display")())
        if field is not None and field.is_relation:
            return None if value is None else str(getattr(row, field.name))
        if isinstance(value, SafeString):
            return html.unescape(strip_tags(value))
        # A name in two lines, or a state with its colour.
        return " · ".join(str(part) for part in value if part) if isinstance(value, list | tuple) else value
