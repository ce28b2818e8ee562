"""The marketplace's filters as forms: any address gives a `Criteria`, and each wrong value its message."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.conf import settings

from marketplace.models import Category
from marketplace.search.criteria import Criteria, Sort
from marketplace.search.vocabulary import FACETS

MAX_TEXT = 200
# Of one facet; an address that repeats a parameter more often is no form of ours.
MAX_CHOICES = 50
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def clean_text(text: str) -> str:
    """One line of at most `MAX_TEXT` characters, without control characters; longer text is cut, not refused."""
    return " ".join(_UNPRINTABLE.sub(" ", text[: MAX_TEXT * 4]).split())[:MAX_TEXT].strip()


class PriceField(forms.DecimalField):
    def __init__(self, label: str):
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=settings.MAX_PRICE,
            max_digits=12,
            decimal_places=2,
            error_messages={
                "invalid": "Enter an amount, such as 15 or 12.50.",
                "min_value": "A price is not negative.",
                "max_value": "Prices end at %(limit_value)s.",
                "max_digits": "This amount is too large.",
                "max_whole_digits": "This amount is too large.",
                "max_decimal_places": "At most two decimals.",
            },
            widget=forms.NumberInput(attrs={"step": "0.01", "placeholder": "Any", "inputmode": "decimal"}),
        )

    def clean(self, value):
        """Nothing is nothing: `0e99999999` passes every check, and neither Python nor the database can work with it."""
        amount = super().clean(value)
        return Decimal(0) if amount is not None and amount.is_zero() else amount


class SearchForm(forms.Form):
    """Values that do not exist (an unknown category or sort) are ignored; wrong prices are said beside the field."""

    price_min = PriceField("From")
    price_max = PriceField("To")

    def __init__(self, data, *, categories: Iterable[Category], hides_mature: bool = False):
        super().__init__(data, auto_id="filter-%s", use_required_attribute=False)
        self.hides_mature = hides_mature
        self.known_categories = {category.slug: category for category in categories}

    def clean(self):
        low, high = self.cleaned_data.get("price_min"), self.cleaned_data.get("price_max")
        if low is not None and high is not None and low > high:
            self.add_error("price_max", "This is less than “From”.")

    @property
    def criteria(self) -> Criteria:
        """What is asked, without what is wrong. Order and repetitions do not matter."""
        self.full_clean()
        asked = self._asked("category")
        sort = self.data.get("sort", "")
        return Criteria(
            text=clean_text(self.data.get("q", "")),
            categories=tuple(slug for slug in self.known_categories if slug in asked),
            price_min=self.cleaned_data.get("price_min"),
            price_max=self.cleaned_data.get("price_max"),
            free=self._is_on("free"),
            ai=self._is_on("ai"),
            sort=sort if sort in Sort.values else "",
            hides_mature=self.hides_mature,
            **{facet.field: facet.known(self._asked(facet.name)) for facet in FACETS},
        )

    def _asked(self, name: str) -> set[str]:
        return set(self.data.getlist(name)[:MAX_CHOICES])

    def _is_on(self, name: str) -> bool:
        return self.data.get(name) in ("1", "on", "true")
