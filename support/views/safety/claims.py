"""Claims to somebody's own work: the form, which needs no account, and the page that both sides read."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.ratelimit import rate_limited
from support.actions.safety import claims
from support.exceptions import SafetyRefused
from support.forms.safety import AnswerForm, ClaimForm
from support.models import CopyrightClaim
from support.safety.claim_links import claim_of
from support.safety.page import ClaimPage
from support.safety.sides import Side, side_of_claim

SENT = "support/safety/claim_sent.html"


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("copyright-claim", limit=20, seconds=3600)
def new(request):
    """`?model=` names the one from whose page somebody came."""
    form = ClaimForm(
        request.POST or None, user=request.user, initial={"model": request.GET.get("model", "")[:300]}
    )
    if request.method == "POST" and form.is_valid():
        if form.is_trapped:
            return render(request, SENT)
        try:
            claim = _filed(request, form)
        except SafetyRefused as error:
            form.add_error("model", str(error))
        else:
            return redirect(claim) if claim.claimant is not None else render(request, SENT)
    return render(
        request, "support/safety/claim_new.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request, token: str):
    """GET asks for one press, since programs follow links in mails too; POST hands the claim to the moderators. After
    `SAFETY_LINK_DAYS` it has to be filed anew.
    """
    claim, works = claim_of(token)
    if claim is None:
        raise Http404
    if request.method == "POST" and works:
        try:
            claims.confirm(claim=claim)
        except SafetyRefused as error:
            messages.error(request, str(error))
        claim.refresh_from_db()
    is_over = not works and claim.confirmed_at is None
    context = {"claim": claim, "is_over": is_over}
    return render(request, "support/safety/claim_confirm.html", context, status=410 if is_over else 200)


@require_safe
@never_cache
def claim(request, public_id):
    shown = ClaimPage(*_claim_of(request, public_id))
    return render(request, "support/safety/claim.html", {"shown": shown, "form": AnswerForm()})


@require_POST
@rate_limited("claim-answer", limit=10, seconds=3600)
def answer(request, public_id):
    """Whose model it is answers, once."""
    found, side = _claim_of(request, public_id)
    form = AnswerForm(request.POST)
    if side == Side.OWNER and not form.is_valid():
        context = {"shown": ClaimPage(found, side), "form": form}
        return render(request, "support/safety/claim.html", context, status=422)
    try:
        if side != Side.OWNER:
            raise SafetyRefused("Whose model it is answers a claim.")
        data = form.cleaned_data
        claims.counter(claim=found, by=found.owner, answer=data["answer"], signature=data["signature"])
    except SafetyRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Your answer is with the moderators, and the claimant can read it.")
    return redirect(found)


@require_POST
def withdraw(request, public_id):
    """Its writer takes it back."""
    found, side = _claim_of(request, public_id)
    if side != Side.OTHER:
        messages.error(request, "Its writer alone can take a claim back.")
    elif claims.withdraw(claim=found, by=found.claimant):
        messages.success(request, "The claim is withdrawn.")
    return redirect(found)


def _filed(request, form: ClaimForm) -> CopyrightClaim:
    user = request.user if request.user.is_authenticated else None
    is_known = user is not None and EmailAddress.objects.filter(
        user=user, verified=True, email__iexact=user.email
    )
    return claims.file_claim(
        model=form.cleaned_data["model"],
        own_model=form.cleaned_data["own_model"],
        claimant=user,
        is_confirmed=bool(is_known and is_known.exists()),
        **form.said,
    )


def _claim_of(request, public_id) -> tuple[CopyrightClaim, str]:
    found = get_object_or_404(
        CopyrightClaim.objects.select_related("model", "owner", "claimant", "hold", "own_model"),
        public_id=public_id,
    )
    side = side_of_claim(request, found)
    if not side:
        raise Http404
    return found, side
