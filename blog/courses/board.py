"""The list of courses: what is looked for in the address, and what that finds."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from blog.courses.search import courses_matching
from blog.models import Course, CourseEnrollment
from marketplace.search.forms import clean_text

PAGE_SIZE = 12
# Beyond, a search finds more than paging.
LAST_PAGE = 100
LENGTHS = {
    "short": ("Under an hour", Q(duration__lt=60)),
    "medium": ("One to three hours", Q(duration__gte=60, duration__lte=180)),
    "long": ("Over three hours", Q(duration__gt=180)),
}
PRICES = {"free": "Free", "paid": "Paid"}
SORTS = {
    "newest": ("Newest", ("-published_at", "-pk")),
    "taken": ("Most taken", ("-enrolled_count", "-published_at", "-pk")),
    "shortest": ("Shortest", ("duration", "-published_at", "-pk")),
}


class SearchForm(forms.Form):
    """What narrows the list; whatever is not understood is left out."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    level = forms.ChoiceField(
        label="Difficulty", required=False, choices=[("", "Any"), *Course.Difficulty.choices]
    )
    price = forms.ChoiceField(label="Price", required=False, choices=[("", "Any"), *PRICES.items()])
    length = forms.ChoiceField(
        label="Duration",
        required=False,
        choices=[("", "Any"), *((key, label) for key, (label, _) in LENGTHS.items())],
    )
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, label) for key, (label, _) in SORTS.items()]
    )


@dataclass(frozen=True)
class Card:
    """A course in a list, and how far the viewer has come in it, where they take it."""

    course: Course
    enrollment: CourseEnrollment | None = None

    @property
    def done(self) -> int:
        return min(self.enrollment.done, self.course.lessons_count)


class Board:
    """One page of the list for an address's query."""

    def __init__(self, query, *, viewer) -> None:
        self.viewer = viewer
        self.form = SearchForm(query or None)
        self.form.is_valid()
        found = getattr(self.form, "cleaned_data", {})
        self.text = clean_text(found.get("q") or "")
        self.level, self.length = found.get("level") or "", found.get("length") or ""
        self.price = found.get("price") or ""
        self.sort = found.get("sort") or "newest"
        self.shows_mine = query.get("show") == "mine" and viewer.is_authenticated
        self.page: Page = Paginator(self._courses(), PAGE_SIZE).get_page(query.get("page"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.level or self.length or self.price)

    @property
    def is_indexed(self) -> bool:
        """Whether search engines list it: the courses themselves, not every search."""
        return not self.is_narrowed and not self.shows_mine

    @property
    def tabs(self) -> list[dict]:
        """As the component `tabs` wants them; a visitor needs none."""
        if not self.viewer.is_authenticated:
            return []
        return [
            {"label": "All courses", "url": "?", "count": None, "is_current": not self.shows_mine},
            {"label": "Yours", "url": "?show=mine", "count": None, "is_current": self.shows_mine},
        ]

    @cached_property
    def cards(self) -> list[Card]:
        courses = list(self.page)
        if not self.viewer.is_authenticated or not courses:
            return [Card(course) for course in courses]
        taken = self.viewer.course_enrollments.open().filter(course__in=courses).with_progress()
        enrollments = {row.course_id: row for row in taken}
        return [Card(course, enrollments.get(course.pk)) for course in courses]

    def _courses(self) -> QuerySet[Course]:
        if self.shows_mine:
            found = Course.objects.learned_by(self.viewer)
            if self.text:
                found = found.filter(pk__in=courses_matching(self.text).values("pk"))
        elif self.text:
            found = courses_matching(self.text)
        else:
            found = Course.objects.published()
        if self.level:
            found = found.filter(difficulty=self.level)
        if self.price:
            found = found.filter(is_free=self.price == "free")
        if self.length:
            found = found.filter(LENGTHS[self.length][1])
        # What fits a search best comes first, until another order is asked for.
        if not self.text or self.shows_mine or self.sort != "newest":
            found = found.order_by(*SORTS[self.sort][1])
        return found.with_card_data()[: PAGE_SIZE * LAST_PAGE]
