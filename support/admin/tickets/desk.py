"""The support desk: queues of tickets, and the page on which one is answered live."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from core.admin import ReadOnlyAdmin
from core.csv_files import csv_response
from core.periods import Period, period_tabs, utc_today
from core.templatetags.core_tags import age_text
from support.admin.tickets import page
from support.models import SupportTicket
from support.ticketing.desk import queues
from support.ticketing.desk.figures import DeskFigures
from support.ticketing.rules import is_agent

_CSV_HEADER = ["day (UTC)", "asked", "resolved by now", "median first answer (minutes)", "ratings", "stars"]


class QueueFilter(admin.SimpleListFilter):
    """Without a choice the list is what waits for us."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return list(queues.LABELS.items())

    def value(self):
        return super().value() or queues.WAITING

    def queryset(self, request, queryset):
        return queues.of_queue(queryset, self.value(), request.user)

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


@admin.register(SupportTicket)
class SupportTicketAdmin(ReadOnlyAdmin):
    """What people ask is theirs; agents answer it, and nothing of it is edited here."""

    list_display = ["subject", "person", "kind", "urgency", "state", "agent", "due", "age"]
    list_filter = [QueueFilter, "priority", "category"]
    list_select_related = ["owner", "assigned_to"]
    search_fields = ["subject"]
    search_help_text = "A ticket's number, the name or address of whoever asked, or words of the subject"
    list_before_template = "admin/support/supportticket/queues.html"
    change_list_template = "admin/support/supportticket/change_list.html"
    # Its page on the site is that of whoever asked.
    view_on_site = False

    # ------------------------------------------------------------------ the queues

    def changelist_view(self, request, extra_context=None):
        context = {"queues": _tabs(request), "may_answer": is_agent(request.user)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_ordering(self, request):
        name = request.GET.get(QueueFilter.parameter_name) or queues.WAITING
        return ["due_at", "pk"] if queues.is_by_due(name) else ["-moved_at", "-pk"]

    def get_search_results(self, request, queryset, search_term):
        return (queues.found(queryset, search_term) if search_term else queryset), False

    @display(description="Who")
    def person(self, ticket):
        return ticket.owner.display_name

    @display(description="Category")
    def kind(self, ticket):
        return ticket.get_category_display()

    @display(description="Priority", label={"High": "danger", "Medium": "warning", "Low": "default"})
    def urgency(self, ticket):
        return ticket.get_priority_display()

    @display(
        description="State",
        label={"Overdue": "danger", "Waits for us": "warning", "Answered": "info", "Resolved": "success"},
    )
    def state(self, ticket):
        if ticket.is_resolved:
            return "Resolved"
        if ticket.is_overdue:
            return "Overdue"
        return "Waits for us" if ticket.is_waiting else "Answered"

    @display(description="Agent")
    def agent(self, ticket):
        return ticket.assigned_to.display_name if ticket.assigned_to else "–"

    @display(description="Due")
    def due(self, ticket):
        return ticket.due_at

    @display(description="Waits")
    def age(self, ticket):
        return age_text(ticket.waits_since) if ticket.waits_since else "–"

    # ------------------------------------------------------------------ one ticket

    def get_urls(self):
        own = [
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(require_POST(view)),
                {"model_admin": self},
                name=f"support_supportticket_{name}",
            )
            for name, view in page.DEEDS.items()
        ]
        figures = [
            ("figures/", self.figures_view, "support_supportticket_figures"),
            ("figures/days.csv", self.figures_csv, "support_supportticket_figures_csv"),
            ("next/", self.next_view, "support_supportticket_next"),
        ]
        own += [
            path(address, self.admin_site.admin_view(require_safe(view)), name=name)
            for address, view, name in figures
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ticket = self.get_object(request, object_id)
        if ticket is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, ticket):
            raise PermissionDenied
        return page.show(request, self, ticket)

    def get_queryset(self, request):
        return super().get_queryset(request).with_page_data()

    # ------------------------------------------------------------------ how the desk does

    def figures_view(self, request):
        """The period (`days`, or `from` and `to`) stands in the address."""
        self._check_may_view(request)
        period = Period.of(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": "How the desk does",
            "figures": DeskFigures(period),
            "period": period,
            "today": utc_today(),
            "tabs": period_tabs(period, reverse("admin:support_supportticket_figures")),
        }
        return TemplateResponse(request, "admin/support/supportticket/figures.html", context)

    def figures_csv(self, request):
        self._check_may_view(request)
        period = Period.of(request.GET)
        name = f"support-{period.first.isoformat()}-to-{period.last.isoformat()}.csv"
        return csv_response(name, _CSV_HEADER, DeskFigures(period).day_cells)

    def next_view(self, request):
        """On to what is due first, of what is one's own or nobody's."""
        self._check_may_view(request)
        return page.go_on(request)

    def _check_may_view(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _tabs(request) -> list[dict]:
    """Links to the queues, with how many wait in those that are worked off; the other filters stay as they are."""
    current = request.GET.get(QueueFilter.parameter_name) or queues.WAITING
    counts = queues.counts_for(request.user)
    tabs = []
    for name, label in queues.LABELS.items():
        query = request.GET.copy()
        query[QueueFilter.parameter_name] = name
        query.pop("p", None)
        count = counts.get(name)
        if count is not None:
            label = f"{label} {'1,000+' if count > queues.MOST_COUNTED else count}"
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "is_current": name == current})
    return tabs
