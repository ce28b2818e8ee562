"""Tags and filters of every template (they are built in: no `{% load %}` needed)."""

import json
import zlib
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.addresses import absolute_url
from core.unchanging import static_address

register = template.Library()

CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
AVATAR_COLOURS = 8
# Lucide's star, and its left half.
STAR = (
    "M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756"
    "a.53.53 0 0 1 .294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14"
    "a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 2.122 0 0 0-1.973 0L6.396 21.01"
    "a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 9.795"
    "a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z"
)
HALF_STAR = (
    "M12 18.338a2.1 2.1 0 0 0-.987.244L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139"
    "a2.12 2.12 0 0 0-.611-1.879L2.16 9.795a.53.53 0 0 1 .294-.906l5.165-.755"
    "a2.12 2.12 0 0 0 1.597-1.16l2.309-4.679A.53.53 0 0 1 12 2"
)
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A Lucide icon from the sprite; decorative unless `label` says what it means."""
    return _drawn(static_address("dist/icons.svg"), name, label, css)


@lru_cache(maxsize=2000, typed=True)
def _drawn(address: str, name: str, label: str, css: str) -> SafeString:
    classes = f"icon {css}" if css else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classes,
            label,
            address,
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        address,
        name,
    )


def money_text(amount) -> str:
    """An amount of the site's currency with two decimals: `$1,250.00`, `CHF 12.00`, `−$3.50`."""
    value = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    digits = number_format(abs(value), decimal_pos=2, use_l10n=True, force_grouping=True)
    sign = CURRENCY_SIGNS.get(settings.CURRENCY, f"{settings.CURRENCY} ")
    return f"{'−' if value < 0 else ''}{sign}{digits}"


@register.simple_tag
def money(amount) -> SafeString:
    """An amount in tabular figures; nothing where there is no amount."""
    return (
        format_html('<span class="num">{}</span>', money_text(amount))
        if amount is not None
        else mark_safe("")
    )


@register.filter(name="money")
def money_filter(amount) -> str:
    """The same as plain text, for titles, descriptions and attributes."""
    return money_text(amount) if amount is not None else ""


def short_number(number: int) -> str:
    """`999`, `12.4k`, `1.2M`: cut, not rounded up, so that it never claims more than there is."""
    for size, unit in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        if abs(number) >= size:
            tenths = abs(number) * 10 // size
            text = (
                f"{tenths // 10}" if tenths >= 1000 or tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
            )
            return f"{'−' if number < 0 else ''}{text}{unit}"
    return str(number)


@register.simple_tag
def short_count(number) -> SafeString:
    """A shortened count with the exact figure in its title."""
    number = int(number or 0)
    short = short_number(number)
    if abs(number) < 1000:
        return format_html('<span class="num">{}</span>', short)
    return format_html('<span class="num" title="{}">{}</span>', exact_number(number), short)


def exact_number(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def thousands(number) -> str:
    """A whole number with grouped thousands: `94,722`."""
    return exact_number(int(number)) if number is not None and number != "" else ""


_AGES = (
    (365 * 86400, "year"),
    (30 * 86400, "month"),
    (7 * 86400, "week"),
    (86400, "day"),
    (3600, "hour"),
    (60, "minute"),
)


def age_text(moment: datetime, now: datetime | None = None) -> str:
    """`just now`, `3 hours ago`, `in 2 days`: the largest whole unit."""
    seconds = int(((now or timezone.now()) - moment).total_seconds())
    for size, unit in _AGES:
        count = abs(seconds) // size
        if count:
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


@register.simple_tag
def time_ago(moment: datetime | None) -> SafeString:
    """A relative time as `<time>` with the exact one in its title; nothing where there is no time."""
    if moment is None:
        return mark_safe("")
    exact = date_format(timezone.localtime(moment), "j F Y, H:i T")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        exact,
        age_text(moment),
    )


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a person without a picture."""
    words = [word for word in str(name).replace("_", " ").replace("-", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


@register.filter
def avatar_colour(name: str) -> str:
    """The CSS class of a person's colour: always the same for the same name."""
    return f"avatar-{zlib.crc32(str(name).encode()) % AVATAR_COLOURS + 1}"


@register.simple_tag(takes_context=True)
def current(context, *names: str) -> SafeString:
    """`aria-current="page"` where the request's view, or what a kept part knows as `view`, is one of `names`; else
    nothing.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    view = context.get("view") if match is None else match.view_name
    return mark_safe('aria-current="page"') if view in names else mark_safe("")


@register.simple_tag(takes_context=True, name="absolute_url")
def absolute_url_tag(context, path: str) -> str:
    """`path` with scheme and host of this site."""
    return absolute_url(path, request=context.get("request"))


@register.filter
def page_numbers(page: Page) -> list:
    """Numbers of a paginator around `page`, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.inclusion_tag("components/chart.html")
def chart(chart) -> dict:
    """A `core.charts.Chart` with axes, legend, values where one points, and its table."""
    return {"chart": chart}


@register.simple_tag
def json_ld(data: dict) -> SafeString:
    """Structured data for search engines; a value can never close the element."""
    text = json.dumps({"@context": "https://schema.org", **data}, default=str, ensure_ascii=False)
    escaped = mark_safe(text.translate(_JSON_ESCAPES))  # noqa: S308 - no character that HTML gives meaning to is left
    return format_html('<script type="application/ld+json">{}</script>', escaped)


@register.simple_tag
def stars(rating) -> SafeString:
    """Five stars, filled to the nearest half; read out as a sentence."""
    halves = round(float(rating) * 2)
    kinds = [
        "full" if halves >= 2 * place else "half" if halves == 2 * place - 1 else "none"
        for place in range(1, 6)
    ]
    drawn = format_html_join("", "{}", ((_star(kind),) for kind in kinds))
    number = f"{float(rating):.1f}".removesuffix(".0")
    return format_html('<span class="stars" role="img" aria-label="{} of 5 stars">{}</span>', number, drawn)


@register.simple_tag
def star() -> SafeString:
    """One star, filled by whoever shows it."""
    return _star("none")


def _star(kind: str) -> SafeString:
    """Drawn in place, since nothing of a sprite can be filled."""
    half = format_html('<path d="{}"></path>', HALF_STAR) if kind == "half" else ""
    return format_html(
        '<svg class="star star-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"></path>{}</svg>',
        kind,
        STAR,
        half,
    )
