"""What templates of other apps show of the marketplace."""

from dataclasses import dataclass

from django import template
from django.core.paginator import Paginator

from marketplace.cards import cards_of, cards_of_models
from marketplace.categories import enabled_categories
from marketplace.models import Category, Model3D, SavedSearch
from marketplace.saved_searches import query_of
from marketplace.shape_search import Result, limit_sentence
from marketplace.shapes import size_text
from marketplace.similar import SimilarModels
from marketplace.structured_data import shelf_json_ld
from marketplace.versions import version_history

register = template.Library()

CREATOR_PAGE = 24
# So many versions are written out; the older ones are opened.
NEWEST_VERSIONS = 4


@dataclass(frozen=True)
class Shelf:
    """What navigation shows of a category."""

    name: str
    icon: str
    slug: str

    def get_absolute_url(self) -> str:
        return Category(slug=self.slug).get_absolute_url()


@register.simple_tag
def shelves() -> tuple[Shelf, ...]:
    """Enabled categories in their order, as the header shows them: `{% shelves as categories %}`."""
    return tuple(Shelf(one.name, one.icon, one.slug) for one in enabled_categories())


@register.simple_tag
def header_categories() -> list[Category]:
    """Enabled categories in their order: `{% header_categories as categories %}`."""
    return enabled_categories()


@register.inclusion_tag("marketplace/_card_grid.html", takes_context=True)
def model_cards(context, models) -> dict:
    """A grid of cards from a queryset or from loaded models; rendered cards come from the cache."""
    if hasattr(models, "card_stamps"):
        return {"cards": cards_of(models.card_stamps(), viewer=context["request"].user)}
    return {"cards": cards_of_models(models, viewer=context["request"].user)}


@register.inclusion_tag("marketplace/_creator_models.html", takes_context=True)
def creator_models(context, person) -> dict:
    """The listed models of a person that suit the viewer, newest first, with real links between pages (`?page=`)."""
    viewer = context["request"].user
    models = Model3D.objects.listed().filter(creator=person)
    if viewer != person:
        models = models.suited_to(viewer)
    page = Paginator(models.newest_first().card_stamps(), CREATOR_PAGE).get_page(
        context["request"].GET.get("page")
    )
    cards = cards_of(page, viewer=viewer)
    return {"request": context["request"], "person": person, "page": page, "cards": cards}


@register.inclusion_tag("marketplace/_similar_models.html", takes_context=True)
def similar_models(context, model) -> dict:
    """Models of a similar shape, and where they are few those on the same subject; nothing that is not listed."""
    return {"model": model, "similar": SimilarModels(model, viewer=context["request"].user)}


@register.inclusion_tag("marketplace/_save_search.html", takes_context=True)
def save_search(context, results) -> dict:
    """What the grid looks for, to be kept under a name; nothing where it looks for nothing."""
    query = query_of(results.criteria)
    user = context["request"].user
    saved = user.saved_searches.filter(query=query).first() if user.is_authenticated and query else None
    name = ", ".join(chip.label.strip("“”") for chip in results.chips)
    return {
        "query": query,
        "name": name[: SavedSearch._meta.get_field("name").max_length],
        "saved": saved,
        "user": user,
        "next_url": f"{context['request'].path}{query}",
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def shelf_data(context, category) -> dict:
    """What search engines read of a category's page: `{% shelf_data category as data %}{% json_ld data %}`."""
    return shelf_json_ld(category, request=context["request"])


@register.inclusion_tag("marketplace/_versions.html")
def model_versions(model) -> dict:
    """The approved versions and what each measures otherwise; nothing while there is but one of each format."""
    history = version_history(model)
    # Of each format the last one listed is the oldest.
    firsts = {version.file.format: version.file.pk for version in history}
    if len(firsts) == len(history):
        history = []
    return {
        "newest": history[:NEWEST_VERSIONS],
        "older": history[NEWEST_VERSIONS:],
        "firsts": set(firsts.values()),
    }


@register.simple_tag
def shape_search_limits() -> str:
    """What a file to search with may be, as a sentence."""
    return limit_sentence()


@register.simple_tag(takes_context=True)
def shape_cards(context, results: list[Result]) -> list[tuple[Result, str]]:
    """The results of a search by shape, each with its card."""
    cards = cards_of_models([result.model for result in results], viewer=context["request"].user)
    return list(zip(results, cards, strict=True))


@register.simple_tag
def scale_ratio(ratio: float) -> str:
    """How large a shape is beside another one, in words: `2.5 times the size`."""
    return size_text(ratio)
