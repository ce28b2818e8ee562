"""What a saved search stands for: its criteria, as the marketplace reads them from an address, and what meets them."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict

from marketplace.categories import enabled_categories
from marketplace.models import Model3D, SavedSearch
from marketplace.search import Criteria, SearchForm
from marketplace.search.engine import narrowed


def criteria_of(query: str) -> Criteria:
    """What an address's query asks for, without an order; what no longer exists (a category, say) is left out."""
    form = SearchForm(QueryDict(query.removeprefix("?")), categories=enabled_categories())
    return form.criteria.with_changes(sort="")


def query_of(criteria: Criteria) -> str:
    """The one way in which these criteria are written, whatever address they came from."""
    return criteria.with_changes(sort="").query_string()


def new_matches(saved: SavedSearch, *, since: datetime, until: datetime) -> QuerySet[Model3D]:
    """What was published in that time and its owner would find: none of their own, nor of whom they have blocked."""
    owner = saved.user
    hides = owner.mature_content == owner.MatureContent.HIDE
    matches = narrowed(criteria_of(saved.query).with_changes(hides_mature=hides))
    return (
        matches.filter(published_at__gt=since, published_at__lte=until)
        .exclude(creator=owner)
        .exclude(creator__in=owner.blocks.values("blocked"))
        .newest_first()
    )
