"""The outbox and the audit log in the moderation console: to read, and to send failed mails again."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.filters import EmptyFieldListFilter
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import TabularInline
from unfold.decorators import action, display

from core import mail_desk
from core.desk import ConsoleAdmin, KnownValuesFilter
from core.models import AuditEntry, MailSuppression, OutgoingMail
from core.tasks import queue_mail


def back_to(request, address: str):
    """After a dialog: it is sent by htmx, which would put a followed redirect's page into the dialog."""
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def do_and_say(request, opts, object_id, call: Callable[[], object], done: str, *, refused: type[Exception]):
    """What a button on the page of a row is for: the person is told that it is `done`, or why it was refused in the
    words of the exception, and led back to the row (of the model that `opts` is about).
    """
    try:
        call()
    except refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return back_to(request, reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[object_id]))


class ReadOnlyAdmin(ConsoleAdmin):
    """Rows that are evidence: nobody adds, changes or deletes them here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(TabularInline):
    """Rows below another, to look at."""

    extra = 0
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class UsefulActionsMixin:
    """Buttons of a row's page: only those that would change something for this row."""

    def useless_actions(self, row) -> set[str]:
        """Names of the actions that have nothing to do for `row`."""
        raise NotImplementedError

    def get_actions_detail(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is None:
            return []
        useless = self.useless_actions(row)
        # unfold puts the app's and the model's name before the action's.
        return [
            offered
            for offered in super().get_actions_detail(request, object_id)
            if not any(offered.action_name.endswith(name) for name in useless)
        ]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Heads only: the bodies hold sign-in links that are nobody's but the recipient's."""

    list_display = ["subject", "to_address", "kind", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["status", ("kind", KnownValuesFilter)]
    search_fields = ["to_address", "subject"]
    ordering = ["-created_at", "-pk"]
    exclude = ["text", "html", "dedupe_key"]
    actions = ["send_again"]
    actions_list = ["previews"]

    def get_urls(self):
        return [*mail_desk.urls(self.admin_site), *super().get_urls()]

    def has_preview_permission(self, request):
        return request.user.has_perm("core.preview_mail")

    @action(description="How our mails look", icon="visibility", permissions=["preview"])
    def previews(self, request):
        return HttpResponseRedirect(reverse("admin:core_outgoingmail_previews"))

    @display(
        description="State",
        ordering="status",
        label={
            "Sent": "success",
            "Failed": "danger",
            "Suppressed": "warning",
            "Queued": "info",
            "Sending": "info",
        },
    )
    def state(self, mail):
        return mail.get_status_display()

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html")

    def has_restart_permission(self, request):
        return request.user.has_perm("core.change_outgoingmail")

    @action(description="Send again what failed", permissions=["restart"])
    def send_again(self, request, queryset):
        restarted = [mail for mail in queryset if mail.restart()]
        for mail in restarted:
            AuditEntry.record(actor=request.user, action="mail.restarted", target=mail)
            # Should the broker be away, beat queues it.
            transaction.on_commit(partial(queue_mail, mail), robust=True)
        skipped = len(queryset) - len(restarted)
        if restarted:
            messages.success(request, f"{len(restarted)} queued again.")
        if skipped:
            messages.warning(
                request, f"{skipped} left alone: only failed and suppressed mails can be sent again."
            )


@admin.register(MailSuppression)
class MailSuppressionAdmin(ConsoleAdmin):
    """Addresses that get no mail. Deleting a row lets mail go there again; the audit log says who did."""

    list_display = ["address", "state", "reason", "created_at"]
    list_filter = ["cause"]
    search_fields = ["address"]
    ordering = ["-created_at", "-pk"]
    fields = ["address", "reason"]

    @display(
        description="Why",
        ordering="cause",
        label={"Mail came back": "danger", "Called mail of ours spam": "warning", "Entered by hand": "info"},
    )
    def state(self, suppression):
        return suppression.get_cause_display()

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.cause = MailSuppression.Cause.STAFF
        super().save_model(request, obj, form, change)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "actor", "action", "object_repr", "content_type"]
    list_filter = [("action", KnownValuesFilter), ("actor", EmptyFieldListFilter)]
    search_fields = ["object_repr", "action", "actor__username"]
    list_select_related = ["actor", "content_type"]
    ordering = ["-created_at", "-pk"]
