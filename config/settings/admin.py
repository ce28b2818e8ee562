"""The console (django-unfold)."""

from django.templatetags.static import static

from config.settings.base import env

UNFOLD = {
    "SITE_TITLE": env("SITE_NAME", default="Lathe"),
    "SITE_HEADER": env("SITE_NAME", default="Lathe"),
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("dist/img/favicon.svg")},
    ],
    "STYLES": [lambda request: static("dist/js/frame.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "BORDER_RADIUS": "8px",
    "DASHBOARD_CALLBACK": "config.console.overview.dashboard",
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": "config.console.navigation.groups",
    },
    "COLORS": {
        # The site's graphite instead of the console's own blue.
        "base": {
            "50": "oklch(98.3% .002 80)",
            "100": "oklch(96.4% .003 80)",
            "200": "oklch(91.8% .004 80)",
            "300": "oklch(86% .005 80)",
            "400": "oklch(70% .007 75)",
            "500": "oklch(54% .008 75)",
            "600": "oklch(43% .007 70)",
            "700": "oklch(36% .005 290)",
            "800": "oklch(26.5% .005 290)",
            "900": "oklch(22% .004 290)",
            "950": "oklch(18.5% .003 290)",
        },
        "primary": {
            "50": "oklch(97% .016 45)",
            "100": "oklch(94% .035 45)",
            "200": "oklch(88% .075 42)",
            "300": "oklch(80% .12 40)",
            "400": "oklch(73% .165 38)",
            "500": "oklch(66% .19 36)",
            "600": "oklch(55% .185 34.5)",
            "700": "oklch(51% .17 34)",
            "800": "oklch(43% .14 34)",
            "900": "oklch(36% .11 34)",
            "950": "oklch(26% .08 34)",
        },
    },
}
