"""Pages about the site itself: who we are, the rules, how to reach us, whether all works."""

from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.entitlements import everybodys_limits
from commerce.money import split
from config import status as site_status
from config.forms import ContactForm
from core import mail
from core.ratelimit import rate_limited
from core.themes import COOKIE_NAME as THEME_COOKIE
from marketplace.models import License

FEE_EXAMPLES = [Decimal("5.00"), Decimal("24.00"), Decimal("150.00")]


@require_safe
def about(request):
    return render(
        request,
        "pages/about.html",
        {
            "creator_percent": _creator_percent(),
            "download_limit": settings.DOWNLOAD_LIMIT,
            "refund_days": settings.REFUND_DAYS,
        },
    )


@require_safe
def terms(request):
    figures = {"download_limit": settings.DOWNLOAD_LIMIT, "refund_days": settings.REFUND_DAYS}
    return render(request, "pages/terms.html", figures)


@require_safe
def creator_terms(request):
    examples = [
        {"amount": amount, "fee": shares.platform_fee, "seller_amount": shares.seller_amount}
        for amount, shares in ((amount, split(amount)) for amount in FEE_EXAMPLES)
    ]
    context = {
        "creator_percent": _creator_percent(),
        "fee_examples": examples,
        "max_upload_bytes": everybodys_limits().max_upload_bytes,
        "hold_days": everybodys_limits().hold_days,
    }
    return render(request, "pages/creator_terms.html", context)


@require_safe
def privacy(request):
    cookies = [
        {
            "name": settings.SESSION_COOKIE_NAME,
            "purpose": "Keeps you signed in, your cart together, and which answers helped you",
            "kept": f"{settings.SESSION_COOKIE_AGE // 86400} days, or until you log out",
        },
        {
            "name": settings.CSRF_COOKIE_NAME,
            "purpose": "Makes sure that a form was sent by you",
            "kept": f"{settings.CSRF_COOKIE_AGE // 86400} days",
        },
        {"name": THEME_COOKIE, "purpose": "Remembers light or dark, if you chose one", "kept": "365 days"},
    ]
    return render(request, "pages/privacy.html", {"cookies": cookies})


@require_safe
def licences(request):
    return render(request, "pages/licences.html", {"licences": list(License)})


@require_safe
def licence(request, slug: str):
    """One of them, with its full text, at the address that models and receipts name."""
    found = next((licence for licence in License if licence.slug == slug), None)
    if found is None:
        raise Http404
    return render(request, "pages/licence.html", {"licence": found})


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("contact", limit=5, seconds=3600)
def contact(request):
    form = ContactForm(request.POST or None, initial=_contact_initial(request.user))
    if request.method == "POST" and form.is_valid():
        # A program that fell into the trap is told the same, so that it learns nothing.
        if not form.is_trapped:
            context = {
                **form.cleaned_data,
                "topic_label": dict(ContactForm.TOPICS)[form.cleaned_data["topic"]],
            }
            mail.send(
                kind="pages/contact", to=settings.CONTACT_EMAIL, context={**context, "user": request.user}
            )
        messages.success(request, "Your message is on its way. We answer to the address you gave.")
        return redirect("contact")
    return render(request, "pages/contact.html", {"form": form})


@require_safe
@never_cache
def status(request):
    context = {"report": site_status.current_report(), "keep_seconds": site_status.KEPT_SECONDS}
    return render(request, "pages/status.html", context)


def _creator_percent() -> Decimal:
    return 100 - settings.PLATFORM_FEE_PERCENT


def _contact_initial(user) -> dict:
    return {"name": user.display_name, "email": user.email} if user.is_authenticated else {}
