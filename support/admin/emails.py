"""Page 59 in the console: /admin/emails/, all mail to many, and how mail goes at all."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.models import MailSuppression, OutgoingMail
from support.mailing.figures import progress_of
from support.models import MailCampaign

PAGE_SIZE = 20


@require_safe
def emails(request):
    """Campaigns, newest first, each with how far it has got."""
    if not request.user.has_perm("support.view_mailcampaign"):
        raise PermissionDenied
    page = Paginator(MailCampaign.objects.newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    progress = progress_of(page.object_list)
    return TemplateResponse(
        request,
        "admin/support/mailcampaign/emails.html",
        {
            **admin.site.each_context(request),
            "title": "Send e-mail",
            "page": page,
            "rows": [(campaign, progress[campaign.pk]) for campaign in page.object_list],
            "tiles": _tiles(),
        },
    )


def _tiles() -> list[tuple[str, int, str]]:
    """How mail goes at all: words, a number, and the list that it counts."""
    due = OutgoingMail.objects.due(timezone.now())
    failed = OutgoingMail.objects.filter(status=OutgoingMail.Status.FAILED)
    outbox = reverse("admin:core_outgoingmail_changelist")
    return [
        ("Mails that wait", due.count(), f"{outbox}?status__exact=queued"),
        ("Mails that failed", failed.count(), f"{outbox}?status__exact=failed"),
        (
            "Addresses that get none",
            MailSuppression.objects.count(),
            reverse("admin:core_mailsuppression_changelist"),
        ),
    ]
