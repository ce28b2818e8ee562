"""Figures in texts: `{{refund_days}}` is what the site's settings say when the page is read, so it is never wrong."""

import re
from collections.abc import Callable

from django.conf import settings
from django.db.models import Expression, F, Value
from django.db.models.functions import Replace

from commerce.subscriptions.offers import round_size
from core.templatetags.core_tags import exact_number, money_text
from marketplace.actions.attachments import MAX_DOCUMENTS, MAX_PICTURES
from marketplace.bulk import MOST as MOST_AT_ONCE
from marketplace.forms.tags import MAX_TAGS
from marketplace.processing.formats import FORMATS

_PLACEHOLDER = re.compile(r"\{\{([a-z_]+)\}\}")


def _plain(setting: str) -> Callable[[], str]:
    return lambda: str(getattr(settings, setting))


def _number(setting: str) -> Callable[[], str]:
    return lambda: exact_number(getattr(settings, setting))


def _size(setting: str) -> Callable[[], str]:
    return lambda: round_size(getattr(settings, setting))


def _money(setting: str) -> Callable[[], str]:
    return lambda: money_text(getattr(settings, setting))


def _minutes(setting: str) -> Callable[[], str]:
    return lambda: exact_number(round(getattr(settings, setting) / 60))


def _due_hours(priority: str) -> Callable[[], str]:
    return lambda: exact_number(settings.SUPPORT_DUE_HOURS[priority])


def _formats() -> str:
    labels = [info.label for info in FORMATS.values()]
    return f"{', '.join(labels[:-1])} and {labels[-1]}"


# What a text may name. Of what is counted the number alone: the text says of what.
FIGURES: dict[str, Callable[[], str]] = {
    "site_name": _plain("SITE_NAME"),
    "site_url": lambda: settings.SITE_URL.rstrip("/"),
    "contact_email": _plain("CONTACT_EMAIL"),
    "currency": _plain("CURRENCY"),
    "fee_percent": lambda: f"{settings.PLATFORM_FEE_PERCENT.normalize():f}",
    "creator_percent": lambda: f"{(100 - settings.PLATFORM_FEE_PERCENT).normalize():f}",
    "min_price": _money("MIN_PRICE"),
    "max_price": _money("MAX_PRICE"),
    "download_limit": _number("DOWNLOAD_LIMIT"),
    "formats": _formats,
    "formats_count": lambda: exact_number(len(FORMATS)),
    "largest_upload": _size("MAX_UPLOAD_BYTES"),
    "free_upload": _size("FREE_UPLOAD_BYTES"),
    "free_storage": _size("STORAGE_QUOTA_BYTES"),
    "free_private_models": _number("PRIVATE_MODELS"),
    "free_analytics_days": _number("ANALYTICS_DAYS"),
    "free_hold_days": _number("PAYOUT_HOLD_DAYS"),
    "upload_hours": _number("UPLOAD_EXPIRY_HOURS"),
    "deleted_model_days": _number("DELETED_MODELS_KEPT_DAYS"),
    "pictures_limit": lambda: exact_number(MAX_PICTURES),
    "documents_limit": lambda: exact_number(MAX_DOCUMENTS),
    "tags_limit": lambda: exact_number(MAX_TAGS),
    "bulk_limit": lambda: exact_number(MOST_AT_ONCE),
    "preview_minutes": _minutes("PREVIEW_URL_SECONDS"),
    "shape_size": _size("SHAPE_SEARCH_MAX_BYTES"),
    "shape_searches": _number("SHAPE_SEARCHES_AN_HOUR"),
    "shape_minutes": _minutes("SHAPE_SEARCH_KEPT_SECONDS"),
    "refund_days": _number("REFUND_DAYS"),
    "refund_ask_days": _number("REFUND_ASK_DAYS"),
    "refund_answer_days": _number("REFUND_ANSWER_DAYS"),
    "refund_decide_days": _number("REFUND_DECIDE_DAYS"),
    "review_days": _number("REVIEW_DAYS"),
    "report_decide_days": _number("REPORT_DECIDE_DAYS"),
    "appeal_decide_days": _number("APPEAL_DECIDE_DAYS"),
    "claim_decide_days": _number("CLAIM_DECIDE_DAYS"),
    "mend_days": _number("MEND_DAYS"),
    "appeal_days": _number("APPEAL_DAYS"),
    "safety_link_days": _number("SAFETY_LINK_DAYS"),
    "claim_answer_days": _number("CLAIM_ANSWER_DAYS"),
    "payout_minimum": _money("PAYOUT_MINIMUM"),
    "payout_second_approval": _money("PAYOUT_SECOND_APPROVAL_ABOVE"),
    "payout_details_hours": _number("PAYOUT_DETAILS_WAIT_HOURS"),
    "bounty_minimum": _money("BOUNTY_MINIMUM"),
    "bounty_maximum": _money("BOUNTY_MAXIMUM"),
    "bounty_longest_days": _number("BOUNTY_LONGEST_DAYS"),
    "bounty_judging_days": _number("BOUNTY_JUDGING_DAYS"),
    "data_copy_days": _number("DATA_EXPORT_DAYS"),
    "account_deletion_days": _number("ACCOUNT_DELETION_DAYS"),
    "support_high_hours": _due_hours("high"),
    "support_medium_hours": _due_hours("medium"),
    "support_low_hours": _due_hours("low"),
    "provider_calls_days": _number("PROVIDER_CALLS_KEPT_DAYS"),
}


def figures_in(text: str) -> set[str]:
    """The names of all figures that `text` asks for."""
    return set(_PLACEHOLDER.findall(text))


def unknown_figures(text: str) -> list[str]:
    """Those that do not exist, in alphabetical order."""
    return sorted(figures_in(text) - set(FIGURES))


def filled_in(field: str) -> Expression:
    """The same of a column, as an expression: for what PostgreSQL reads of a text."""
    expression: Expression = F(field)
    for name, figure in FIGURES.items():
        expression = Replace(expression, Value(f"{{{{{name}}}}}"), Value(figure()))
    return expression


def filled(text: str) -> str:
    """`text` with its figures; a name that does not exist stays as it is written."""
    return _PLACEHOLDER.sub(lambda match: FIGURES[match[1]]() if match[1] in FIGURES else match[0], text)
