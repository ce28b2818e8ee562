"""Campaigns in the console: written, looked at, tried out, sent, watched."""

from functools import partial

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import action
from unfold.enums import ActionVariant

from core.admin import UsefulActionsMixin, do_and_say
from core.desk import EVERYTHING, ConsoleAdmin
from core.mail import render as render_mail
from core.mail_desk import BASE_TARGET
from core.markdown import render_markdown
from core.models import AuditEntry
from support.actions import campaigns
from support.admin.campaign_forms import CampaignForm, HourForm
from support.exceptions import CampaignRefused
from support.mailing.figures import progress_of
from support.mailing.letters import KIND, letter_context
from support.mailing.segments import people_of
from support.models import MailCampaign
from support.models.campaign import LONGEST_TEXT
from support.tasks import queue_campaign

Status = MailCampaign.Status
# Which buttons have something to do in which state.
USEFUL = {
    Status.DRAFT: {"try_out", "send_now", "schedule"},
    Status.SCHEDULED: {"try_out", "send_now", "redraft", "call_off"},
    Status.SENDING: {"halt", "call_off"},
    Status.PAUSED: {"go_on", "call_off"},
    Status.SENT: set(),
    Status.CANCELLED: set(),
}
# In these nothing is in doubt yet, or it stays as it is.
SETTLED = {Status.DRAFT, Status.SCHEDULED, Status.CANCELLED}
BUTTONS = (
    "try_out",
    "send_now",
    "schedule",
    "redraft",
    "halt",
    "go_on",
    "ask_again",
    "send_doubtful",
    "call_off",
)


@admin.register(MailCampaign)
class MailCampaignAdmin(UsefulActionsMixin, ConsoleAdmin):
    form = CampaignForm
    fieldsets = [
        ("Words", {"fields": ["subject", "preheader", "text"]}),
        ("To whom, and how fast", {"fields": ["segment", "country", "active_days", "mails_a_minute"]}),
    ]
    actions_detail = list(BUTTONS)
    recorded_by_actions = EVERYTHING
    change_form_outer_before_template = "admin/support/mailcampaign/progress.html"
    change_form_outer_after_template = "admin/support/mailcampaign/look.html"

    # ------------------------------------------------------------------ who may

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    def has_send_permission(self, request, obj=None):
        return request.user.has_perm("support.send_mailcampaign")

    # ------------------------------------------------------------------ pages

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("preview/", view(self.preview), name="support_mailcampaign_preview"),
            path("<int:pk>/frame/", view(self.frame), name="support_mailcampaign_frame"),
            path("<int:pk>/progress/", view(self.progress), name="support_mailcampaign_progress"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """They are listed on a page of their own."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("emails"))

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def change_view(self, request, object_id, form_url="", extra_context=None):
        campaign = self.get_object(request, object_id)
        shown = progress_context(campaign) if campaign else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def preview(self, request):
        """The words as the mail has them, while they are written."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        return require_POST(_preview)(request)

    def frame(self, request, pk: int):
        """The mail as a whole, as whoever looks at it would get it."""
        return require_safe(xframe_options_sameorigin(_framed))(request, self._visible(request, pk))

    def progress(self, request, pk: int):
        """The figures alone: the page asks for them while it is open."""
        context = progress_context(self._visible(request, pk))
        return require_safe(render)(request, "admin/support/mailcampaign/_progress.html", context)

    def _visible(self, request, pk: int) -> MailCampaign:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(MailCampaign, pk=pk)

    # ------------------------------------------------------------------ writing

    def save_model(self, request, obj, form, change):
        obj.created_by = obj.created_by or request.user
        super().save_model(request, obj, form, change)
        AuditEntry.record(
            actor=request.user, action="campaign.change" if change else "campaign.write", target=obj
        )

    def delete_model(self, request, obj):
        campaigns.delete(campaign=obj, by=request.user)

    # ------------------------------------------------------------------ buttons

    def useless_actions(self, campaign):
        useful = set(USEFUL[campaign.status])
        if campaign.is_sending and campaign.retry_at:
            useful.add("ask_again")
        if campaign.status not in SETTLED and campaign.deliveries.in_doubt().exists():
            useful.add("send_doubtful")
        return set(BUTTONS) - useful

    @action(description="Send me a test", permissions=["send"], icon="forward_to_inbox")
    def try_out(self, request, object_id):
        return self._do(request, object_id, campaigns.try_out, "The test is on its way to your address.")

    @action(
        description="Send now",
        permissions=["send"],
        icon="send",
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": "Send it to all of them now?",
            "description": "It goes to everybody whom the page counts. It can be halted, but what has left has left.",
            "form_class": None,
            "form_submit_text": "Send",
        },
    )
    def send_now(self, request, form, object_id):
        call = partial(campaigns.start, queue=queue_campaign)
        return self._do(request, object_id, call, "It is being sent.")

    @action(
        description="Schedule",
        permissions=["send"],
        icon="schedule",
        dialog={
            "title": "Send it at what hour?",
            "description": "It begins by itself. Until then it can be made a draft again.",
            "form_class": HourForm,
            "form_submit_text": "Schedule",
        },
    )
    def schedule(self, request, form, object_id):
        call = partial(campaigns.schedule, at=form.cleaned_data["at"])
        return self._do(request, object_id, call, "It is scheduled.")

    @action(description="Make it a draft again", permissions=["send"], icon="edit")
    def redraft(self, request, object_id):
        return self._do(request, object_id, campaigns.unschedule, "It is a draft again.")

    @action(description="Halt", permissions=["send"], icon="pause", variant=ActionVariant.WARNING)
    def halt(self, request, object_id):
        return self._do(request, object_id, campaigns.pause, "No further mail leaves.")

    @action(description="Go on", permissions=["send"], icon="play_arrow", variant=ActionVariant.PRIMARY)
    def go_on(self, request, object_id):
        call = partial(campaigns.resume, queue=queue_campaign)
        return self._do(request, object_id, call, "It goes on.")

    @action(description="Ask the mail server now", permissions=["send"], icon="refresh")
    def ask_again(self, request, object_id):
        call = partial(campaigns.resume, queue=queue_campaign)
        return self._do(request, object_id, call, "The mail server is asked again.")

    @action(
        description="Send those in doubt again",
        permissions=["send"],
        icon="help",
        dialog={
            "title": "Send those in doubt again?",
            "description": "Nobody can know whether the mail server took them. They have the same Message-ID as"
            " before; where a mail system does not look at it, somebody may get the mail twice.",
            "form_class": None,
            "form_submit_text": "Send them again",
        },
    )
    def send_doubtful(self, request, form, object_id):
        call = partial(campaigns.send_doubtful, queue=queue_campaign)
        return self._do(request, object_id, call, "They wait to be sent again.")

    @action(
        description="Call off",
        permissions=["send"],
        icon="cancel",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Call it off for good?",
            "description": "Nobody else gets it, and it cannot be taken up again.",
            "form_class": None,
            "form_submit_text": "Call it off",
        },
    )
    def call_off(self, request, form, object_id):
        return self._do(request, object_id, campaigns.cancel, "It was called off.")

    def _do(self, request, object_id, call, done: str):
        act = partial(call, campaign=get_object_or_404(MailCampaign, pk=object_id), by=request.user)
        return do_and_say(request, self.opts, object_id, act, done, refused=CampaignRefused)


def progress_context(campaign: MailCampaign) -> dict:
    """What the page says of a campaign beside its words."""
    is_ahead = campaign.status in (Status.DRAFT, Status.SCHEDULED)
    return {
        "campaign": campaign,
        "progress": progress_of([campaign])[campaign.pk],
        "people": people_of(campaign).count() if is_ahead else None,
    }


def _preview(request) -> HttpResponse:
    written = request.POST.get("text", "")[:LONGEST_TEXT].replace("\0", "")
    return HttpResponse(render_markdown(written.replace("{name}", request.user.display_name)))


@csp_replace({"frame-ancestors": [SELF]})
def _framed(request, campaign: MailCampaign) -> HttpResponse:
    context = letter_context(campaign, name=request.user.display_name)
    html = render_mail(KIND, context | {"unsubscribe_url": reverse("emails")})["html"]
    return HttpResponse(html.replace("<head>", f"<head>{BASE_TARGET}", 1))
