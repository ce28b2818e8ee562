"""What a person's profile shows of the marketplace besides their models."""

from django.core.paginator import Paginator
from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.views.profile import profile_tab
from marketplace.cards import cards_of
from marketplace.models import Collection, Model3D
from marketplace.shelves import shelves_of

PAGE_SIZE = 24


@require_safe
def collections(request, username):
    """Their public collections; for themselves all of them."""

    def context(profile):
        rows = Collection.objects.visible_to(request.user).filter(owner=profile.person)
        page = Paginator(rows.select_related("owner").recent_first(), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        return {"page": page, "shelves": shelves_of(page.object_list)}

    return profile_tab(
        request,
        username,
        name="marketplace:profile_collections",
        template="marketplace/profile_collections.html",
        context=context,
    )


@require_safe
def likes(request, username):
    """What they like and everybody may find, where they show it; they themselves see all that they may open."""

    def context(profile):
        if not profile.shows_likes:
            raise Http404
        listed = Model3D.objects.listed().suited_to(request.user)
        shown = Model3D.objects.visible_to(request.user) if profile.is_own else listed
        models = shown.filter(like_rows__user=profile.person)
        stamps = models.order_by("-like_rows__created_at", "-like_rows__pk").card_stamps()
        page = Paginator(stamps, PAGE_SIZE).get_page(request.GET.get("page"))
        return {"page": page, "cards": cards_of(page.object_list, viewer=request.user)}

    return profile_tab(
        request,
        username,
        name="marketplace:profile_likes",
        template="marketplace/profile_likes.html",
        context=context,
    )
