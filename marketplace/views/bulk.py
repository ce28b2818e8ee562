"""Several of a creator's models at once. The address says what and with which; GET asks, naming them, POST does it."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import creator_required
from core.ratelimit import rate_limited
from marketplace.actions import bulk as actions
from marketplace.bulk import MOST
from marketplace.forms.bulk import FORMS, PlainForm
from marketplace.selection import Report, back_to, chosen_ids


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@rate_limited("bulk", limit=120, seconds=3600)
def bulk(request):
    """`do` names the deed, `model` each of the models; those that are not the person's are as if not there."""
    form_class = FORMS.get(request.GET.get("do", ""))
    if form_class is None:
        raise Http404("No such deed.")
    back = back_to(request.GET.get("back", ""))
    ids = chosen_ids(request.GET.getlist("model"))
    if len(ids) > MOST:
        messages.error(request, f"At most {MOST} models at once; these are {len(ids):,}.")
        return redirect(back)
    own = form_class.kind().models_of(request.user).filter(pk__in=ids).order_by("pk")
    titles = list(own.values_list("title", flat=True))
    if not titles:
        messages.warning(request, "Choose at least one model first.")
        return redirect(back)
    form = form_class(request.GET if _is_filled(request.GET, form_class) else None)
    if request.method == "POST" and form.is_valid():
        return _carried_out(request, form.deed(), ids, back)
    return _asked(request, form, ids, titles, back)


def _carried_out(request, deed, ids: list[int], back: str):
    outcomes = actions.carry_out(owner=request.user, deed=deed, ids=ids)
    Report.of(deed, outcomes).keep(request.session)
    return redirect(back)


def _asked(request, form, ids: list[int], titles: list[str], back: str):
    outcomes = []
    if form.is_valid():
        outcomes = actions.foresee(owner=request.user, deed=form.deed(), ids=ids)
    what = f"“{titles[0]}”" if len(titles) == 1 else f"{len(titles)} models"
    context = {
        "form": form,
        "has_fields": bool(form.fields),
        "do": request.GET["do"],
        "back": back,
        "back_query": request.GET.get("back", ""),
        "titles": titles,
        "ids": ids,
        "question": form.kind.question.format(what=what),
        "label": form.kind.label,
        "is_harsh": form.kind.is_harsh,
        "affected": [outcome for outcome in outcomes if not outcome.refusal],
        "skipped": [outcome for outcome in outcomes if outcome.refusal],
        "is_foreseen": bool(outcomes),
    }
    return render(request, "marketplace/bulk.html", context, status=422 if form.errors else 200)


def _is_filled(query: QueryDict, form_class) -> bool:
    """Whether what the deed needs to know has been said: nothing is missed before anybody was asked."""
    return issubclass(form_class, PlainForm) or "how" in query
