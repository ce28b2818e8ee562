"""Collections: lists of them, one, and what its owner does with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.actions import collections as actions
from marketplace.cards import cards_of
from marketplace.exceptions import CollectionRefused
from marketplace.forms.collection import CollectionForm
from marketplace.models import Collection, CollectionFollow, Model3D
from marketplace.shelves import shelves_of
from marketplace.statistics import record_collection_view
from marketplace.structured_data import collection_json_ld

LIST_PAGE = 24
CARDS_PAGE = 24
ROWS_PAGE = 100
# So many that are followed and not shown any more are listed; others come up when these are gone.
HIDDEN_SHOWN = 50
# Popular and recent lists end here: beyond, a search finds more than paging.
LAST_PAGE = 200
TABS = {"popular": "Popular", "recent": "Recent", "mine": "Mine", "followed": "Followed"}


def _visible(request, pk: int) -> Collection:
    return get_object_or_404(
        Collection.objects.visible_to(request.user).select_related("owner__profile"), pk=pk
    )


def _own(request, pk: int) -> Collection:
    return get_object_or_404(request.user.collections.select_related("owner"), pk=pk)


@require_safe
def index(request):
    """Popular or recent public ones; signed in also one's own and those one follows."""
    tab = request.GET.get("tab", "")
    offered = TABS if request.user.is_authenticated else {key: TABS[key] for key in ("popular", "recent")}
    tab = tab if tab in offered else "popular"
    lists = {
        "popular": lambda: Collection.objects.open_to_all().filter(model_count__gt=0).popular_first(),
        "recent": lambda: Collection.objects.open_to_all().filter(model_count__gt=0).recent_first(),
        "mine": lambda: request.user.collections.recent_first(),
        "followed": lambda: (
            Collection.objects.open_to_all().filter(follow_rows__user=request.user).recent_first()
        ),
    }
    chosen = lists[tab]().select_related("owner")
    page = Paginator(chosen[: LIST_PAGE * LAST_PAGE], LIST_PAGE).get_page(request.GET.get("page"))
    hidden = _hidden_from(request.user) if tab == "followed" else []
    context = {
        "page": page,
        "tab": tab,
        "hidden": hidden,
        "tabs": [
            {"label": label, "url": f"?tab={key}", "count": None, "is_current": key == tab}
            for key, label in offered.items()
        ],
        "shelves": shelves_of(page.object_list),
    }
    return render(request, "marketplace/collection_list.html", context)


def _hidden_from(user) -> list[CollectionFollow]:
    """What somebody follows and does not see any more, so that they can let go of it."""
    rows = CollectionFollow.objects.of_what_is_hidden_from(user).newest_first()
    return list(rows.select_related("collection__owner")[:HIDDEN_SHOWN])


@require_safe
def collection(request, pk: int):
    """Its models in their order: what everybody may find; its owner sees all that they may open."""
    shown = _visible(request, pk)
    record_collection_view(shown, request)
    is_own = request.user.pk == shown.owner_id
    models = _models_for(request.user, is_own=is_own).filter(collection_items__collection=shown)
    stamps = models.order_by("collection_items__order", "collection_items__pk").card_stamps()
    page = Paginator(stamps, CARDS_PAGE).get_page(request.GET.get("page"))
    follows = (
        request.user.is_authenticated
        and CollectionFollow.objects.filter(collection=shown, user=request.user).exists()
    )
    structured = collection_json_ld(shown, [stamp[0] for stamp in page.object_list], request=request)
    context = {
        "collection": shown,
        "structured_data": structured,
        "page": page,
        "cards": cards_of(page.object_list, viewer=request.user),
        "follows": follows,
        "is_own": is_own,
        "cover": shelves_of([shown])[0],
    }
    return render(request, "marketplace/collection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("collection", limit=60, seconds=3600)
def new(request):
    """A new one; `model` in the address is put into it at once."""
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create(owner=request.user, **form.cleaned_data)
        except CollectionRefused as error:
            form.add_error("name", str(error))
        else:
            model = _model_named(request, request.POST.get("model", ""))
            if model is not None:
                actions.add(collection=made, model=model)
            messages.success(request, f"“{made.name}” was made.")
            return redirect(made)
    context = {"form": form, "model": _model_named(request, request.GET.get("model", ""))}
    return render(request, "marketplace/collection_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
def edit(request, pk: int):
    """Its name and audience, and the places of its models. DELETE deletes it."""
    own = _own(request, pk)
    if wants_deletion(request):
        actions.delete(collection=own)
        messages.success(request, f"“{own.name}” was deleted.")
        return redirect("marketplace:collections")
    form = CollectionForm(request.POST if request.method == "POST" else None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(collection=own, **form.cleaned_data)
        except CollectionRefused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "The collection was saved.")
            return redirect(own)
    own.refresh_from_db(fields=["name"])
    items = own.items.select_related("model__creator", "model__current_file").order_by("order", "pk")
    page = Paginator(items, ROWS_PAGE).get_page(request.GET.get("page"))
    # What its creator took off the site is no longer the collector's to see.
    shown = Model3D.objects.visible_to(request.user).filter(
        pk__in=[item.model_id for item in page.object_list]
    )
    visible = set(shown.values_list("pk", flat=True))
    for item in page.object_list:
        item.is_shown = item.model_id in visible
    context = {"collection": own, "form": form, "page": page}
    return render(request, "marketplace/collection_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("follow", limit=300, seconds=3600)
def follow(request, pk: int):
    """POST follows, DELETE no more: also one that is not shown any more, which is in the list of followed ones."""
    if wants_deletion(request):
        return _unfollow(request, pk)
    shown = _visible(request, pk)
    try:
        actions.follow(collection=shown, by=request.user)
    except CollectionRefused as error:
        messages.error(request, str(error))
    return redirect(shown)


def _unfollow(request, pk: int):
    followed = Collection.objects.filter(pk=pk, follow_rows__user=request.user).first()
    found = followed or _visible(request, pk)
    actions.unfollow(collection=found, by=request.user)
    if Collection.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect(found)
    messages.success(request, "You do not follow it any more.")
    return redirect(f"{reverse('marketplace:collections')}?tab=followed")


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("collect", limit=600, seconds=3600)
def item(request, pk: int, model_id: int):
    """POST puts a model in, or with `position` elsewhere; DELETE takes it out. Leads to `next`."""
    own = _own(request, pk)
    try:
        if wants_deletion(request):
            _take_out(request, own, model_id)
        elif "position" in request.POST:
            found = get_object_or_404(Model3D, pk=model_id, collection_items__collection=own)
            actions.move(collection=own, model=found, position=_position(request))
            if request.htmx:
                return HttpResponse(status=204)
        else:
            found = get_object_or_404(Model3D.objects.visible_to(request.user), pk=model_id)
            if actions.add(collection=own, model=found):
                messages.success(request, f"“{found.title}” is in “{own.name}” now.")
    except CollectionRefused as error:
        messages.error(request, str(error))
    return redirect(_next(request) or own.get_absolute_url())


def _take_out(request, own: Collection, model_id: int) -> None:
    found = get_object_or_404(Model3D, pk=model_id)
    if actions.remove(collection=own, model=found):
        messages.success(request, f"“{found.title}” was taken out of “{own.name}”.")


@require_safe
@login_required
def collect(request, pk: int):
    """Into which of one's collections a model goes, or out of which."""
    model = get_object_or_404(Model3D.objects.visible_to(request.user).with_card_data(), pk=pk)
    holding = set(
        model.collection_items.filter(collection__owner=request.user).values_list("collection", flat=True)
    )
    own = request.user.collections.recent_first()[: actions.MAX_COLLECTIONS]
    rows = [(collection, collection.pk in holding) for collection in own]
    context = {"model": model, "rows": rows, "form": CollectionForm()}
    return render(request, "marketplace/collect.html", context)


@require_safe
@login_required
def likes(request):
    """What the person likes and may still see, the latest first."""
    models = Model3D.objects.visible_to(request.user).filter(like_rows__user=request.user)
    stamps = models.order_by("-like_rows__created_at", "-like_rows__pk").card_stamps()
    page = Paginator(stamps, CARDS_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(page.object_list, viewer=request.user)
    return render(request, "marketplace/likes.html", {"page": page, "cards": cards})


def _models_for(user, *, is_own: bool):
    """An unlisted model that somebody put into their list is for them alone: no list of others shows it."""
    return Model3D.objects.visible_to(user) if is_own else Model3D.objects.listed().suited_to(user)


def _model_named(request, text: str) -> Model3D | None:
    """The model of this number, where the person may see it."""
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        return None
    return Model3D.objects.visible_to(request.user).filter(pk=int(text)).first()


def _position(request) -> int:
    text = request.POST.get("position", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Http404
    return int(text)


def _next(request) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else ""
