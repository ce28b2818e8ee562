"""Every component in every state, for those who build pages (DEBUG only)."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from core import views as core_views
from core.charts import Chart, Series
from marketplace.models import Model3D

LONG_TITLE = "Hand-carved walnut writing desk with eleven drawers, a roll top and its brass key"


class ExampleForm(forms.Form):
    """One field of each kind, to look at; nothing is stored."""

    title = forms.CharField(max_length=120, help_text="What it is, in a few words.")
    price = forms.DecimalField(min_value=Decimal(0), max_digits=8, decimal_places=2)
    licence = forms.ChoiceField(choices=[("royalty_free", "Royalty-free"), ("cc0", "CC0 1.0")])
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    visibility = forms.ChoiceField(
        choices=[("public", "Public"), ("unlisted", "Unlisted: anyone with the link")],
        widget=forms.RadioSelect,
        initial="public",
    )
    uses = forms.MultipleChoiceField(
        choices=[("game", "Games"), ("film", "Film"), ("print", "3D print")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    picture = forms.ImageField(required=False, help_text="PNG, JPEG or WebP, at most 5 MB.")
    mature = forms.BooleanField(label="Mature content", required=False)


def _cards():
    """Listed models where there are some, and one card for each state that they may not show."""
    models = list(Model3D.objects.listed().with_card_data().newest_first()[:4])
    creator = models[0].creator if models else SimpleNamespace(display_name="Nadia Okoro", username="nadia")
    bare = {"pk": 0, "creator": creator, "poster_url": "", "turntable_url": "", "get_absolute_url": "#cards"}
    return [
        *models,
        SimpleNamespace(**bare, title=LONG_TITLE, price=Decimal("1250.00"), is_free=False, has_rigging=True),
        SimpleNamespace(**bare, title="Free, and without a picture", price=Decimal(0), is_free=True),
        SimpleNamespace(**bare, title="Mature", price=Decimal("4.50"), is_free=False, is_mature=True),
    ]


def styleguide(request):
    """The page of all components."""
    now = timezone.now()
    people = ["Nadia Okoro", "Ivo Marten", "low_keep", "Ana", "Jun Sato", "Mira Holm", "Öykü Ak", "Theo"]
    return render(
        request,
        "pages/styleguide.html",
        {
            "cards": _cards(),
            "form": ExampleForm(),
            "wrong_form": ExampleForm({"title": "", "price": "-3", "licence": "gold"}),
            "page": Paginator(range(240), 24).page(5),
            "crumbs": [{"label": "Props", "url": "#navigation"}, {"label": "Historical"}],
            "tabs": [
                {"label": "Models", "url": "#navigation", "count": 12431, "is_current": True},
                {"label": "About", "url": "#navigation", "count": None, "is_current": False},
            ],
            "steps": [
                {"label": "Check the file", "state": "done", "note": "39.8 MB, glTF 2.0 binary"},
                {"label": "Measure", "state": "running", "note": "Reading geometry and textures"},
                {"label": "Draw the poster", "state": "waiting", "note": ""},
                {"label": "Measure the shape", "state": "failed", "note": "The file ends in the middle."},
            ],
            "specs": [
                {"label": "Triangles", "value": "94,722", "is_measured": True},
                {"label": "Largest texture", "value": "2048 × 2048", "is_measured": True},
                {"label": "Licence", "value": "Royalty-free", "is_measured": False},
            ],
            "stats": [
                {"label": "Views", "value": "12.4k"},
                {"label": "Sales", "value": "318"},
                {"label": "Earned", "value": "$4,102.50"},
            ],
            "chart": Chart(
                id="example-chart",
                title="Likes and downloads",
                labels=[f"{day} March" for day in range(1, 15)],
                series=[
                    Series("Likes", [12, 18, 9, 22, 31, 28, 40, 37, 52, 48, 44, 60, 71, 66]),
                    Series("Downloads", [3, 4, 2, 8, 6, 11, 9, 14, 12, 18, 15, 13, 21, 19], tone=2),
                ],
            ),
            "findings": [
                {
                    "severity": "error",
                    "message": "A texture is missing",
                    "remedy": "Export again with images embedded.",
                    "pointer": "/images/2",
                },
                {
                    "severity": "warning",
                    "message": "UVs overlap on 12 % of the surface",
                    "remedy": "Fine for tiling textures; unwrap again if you bake light.",
                    "pointer": "",
                },
                {"severity": "info", "message": "Two materials are not used", "remedy": "", "pointer": ""},
            ],
            "moments": [now - timedelta(seconds=20), now - timedelta(hours=3), now + timedelta(days=2)],
            "people": [SimpleNamespace(username=name, display_name=name) for name in people],
            "error_codes": list(ERROR_PAGES),
            "counts": [999, 12431, 2_500_000],
            "colours": [
                *("bg", "surface", "raised", "line", "ink", "ink-2", "ink-3"),
                *("accent", "good", "warn", "bad", "info"),
            ],
        },
    )


ERROR_PAGES = {
    400: core_views.bad_request,
    403: core_views.permission_denied,
    404: core_views.page_not_found,
    429: lambda request: core_views.too_many_requests(request, retry_after=42),
    500: core_views.server_error,
}


def error_page(request, code: int):
    """An error page as visitors see it; DEBUG otherwise shows Django's own in its place."""
    if code not in ERROR_PAGES:
        raise Http404
    return ERROR_PAGES[code](request)
