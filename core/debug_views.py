"""The outbox to read, for a machine whose mails go nowhere. Reachable only while DEBUG is on."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.models import OutgoingMail

PAGE_SIZE = 25
# Links of a mail open the page they lead to, not the frame the mail is shown in.
BASE_TARGET = '<base target="_top">'


@require_safe
def mail_list(request):
    """Newest first; `to` keeps those to addresses that contain it."""
    to = request.GET.get("to", "").replace("\0", "").strip()
    mails = OutgoingMail.objects.newest_first().defer("text", "html")
    if to:
        mails = mails.filter(to_address__icontains=to)
    page = Paginator(mails, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "core/dev_mail_list.html", {"page": page, "to": to})


@require_safe
@csp_update({"frame-src": [SELF]})
def mail_detail(request, pk):
    """Head, text and the framed HTML of one mail."""
    return render(request, "core/dev_mail_detail.html", {"mail": get_object_or_404(OutgoingMail, pk=pk)})


@require_safe
@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": [NONE],
        "script-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "frame-ancestors": [SELF],
        "form-action": [NONE],
    }
)
def mail_html(request, pk):
    """The mail's own HTML, which styles itself inline as mails must; no script of it runs."""
    mail = get_object_or_404(OutgoingMail.objects.exclude(html=""), pk=pk)
    return HttpResponse(mail.html.replace("<head>", f"<head>{BASE_TARGET}", 1))
