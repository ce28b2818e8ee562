"""The list of bounties: what is looked for in the address, and what that finds."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from commerce.models import Bounty
from marketplace.models import Category

PAGE_SIZE = 24
MAX_WORDS = 8
SORTS = {
    "newest": ("Newest", None),
    "deadline": ("Deadline soonest", ("deadline", "pk")),
    "budget": ("Highest budget", ("-budget", "-pk")),
    "applicants": ("Fewest applicants", ("applicants", "deadline", "pk")),
}
STATES = {"open": "Open", "judging": "Being judged", "awarded": "Awarded"}
WITHIN = {"7": "Within a week", "30": "Within a month", "90": "Within three months"}


class SearchForm(forms.Form):
    """What narrows the list; whatever is not understood is told beside its field and left out."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    category = forms.ModelChoiceField(
        queryset=Category.objects.none(), required=False, empty_label="All categories"
    )
    least = forms.DecimalField(label="Budget from", required=False, min_value=0, max_digits=9)
    most = forms.DecimalField(label="to", required=False, min_value=0, max_digits=9)
    within = forms.ChoiceField(
        label="Deadline", required=False, choices=[("", "Any deadline"), *WITHIN.items()]
    )
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, label) for key, (label, _) in SORTS.items()]
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.enabled().in_order()
        for name in ("least", "most"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "step": "1", "placeholder": "Any"}


@dataclass(frozen=True)
class Criteria:
    text: str = ""
    category: Category | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    within: str = ""
    sort: str = "newest"


class Board:
    """One page of the list for an address's query."""

    def __init__(self, query) -> None:
        self.form = SearchForm(query or None)
        self.form.is_valid()
        found = getattr(self.form, "cleaned_data", {})
        self.state = query.get("state") if query.get("state") in STATES else "open"
        self.criteria = Criteria(
            text=found.get("q") or "",
            category=found.get("category"),
            least=found.get("least"),
            most=found.get("most"),
            within=found.get("within") or "",
            sort=found.get("sort") or "newest",
        )
        self.page: Page = Paginator(self._bounties(), PAGE_SIZE).get_page(query.get("page"))

    @property
    def is_narrowed(self) -> bool:
        return self.criteria != Criteria(sort=self.criteria.sort)

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them."""
        return [
            {"label": label, "url": f"?state={key}", "count": None, "is_current": key == self.state}
            for key, label in STATES.items()
        ]

    def _bounties(self):
        shown = self._of_state()
        for word in self.criteria.text.split()[:MAX_WORDS]:
            shown = shown.filter(
                Q(title__icontains=word) | Q(description__icontains=word) | Q(requirements__icontains=word)
            )
        if self.criteria.category:
            shown = shown.filter(category=self.criteria.category)
        if self.criteria.least is not None:
            shown = shown.filter(budget__gte=self.criteria.least)
        if self.criteria.most is not None:
            shown = shown.filter(budget__lte=self.criteria.most)
        if self.criteria.within and self.state == "open":
            until = timezone.now() + timedelta(days=int(self.criteria.within))
            shown = shown.filter(deadline__lte=until)
        order = SORTS[self.criteria.sort][1]
        shown = shown.order_by(*order) if order else shown.newest_first()
        return shown.with_card_data()

    def _of_state(self):
        if self.state == "open":
            return Bounty.objects.listed()
        return Bounty.objects.open_to_all().filter(status=self.state)
