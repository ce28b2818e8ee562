"""Whether somebody may write this here: what moderators do not let in, and how much new accounts may write."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core.filters import refusal_of
from core.ratelimit import RateLimited, ratelimit
from core.texts import domains_in

_HOUR = 3600


def is_newcomer(author: User) -> bool:
    """Whose account is younger than `NEW_ACCOUNT_HOURS`; but not staff, who has the creator's badge, or the demo."""
    if author.is_staff or author.is_verified or author.is_demo:
        return False
    return author.created_at > timezone.now() - timedelta(hours=settings.NEW_ACCOUNT_HOURS)


def refusal(author: User, *texts: str) -> str:
    """Why these texts are not taken, as a sentence for their author; empty where they are."""
    return refusal_of(*texts) or _too_many_links(author, texts)


def refusal_of_new(author: User, *texts: str) -> str:
    """The same of something that comes to what they have written: newcomers may write only so much an hour."""
    return refusal(author, *texts) or _too_much(author)


def _too_many_links(author: User, texts: tuple[str, ...]) -> str:
    most = settings.NEW_ACCOUNT_LINKS
    if not is_newcomer(author) or sum(len(domains_in(text)) for text in texts) <= most:
        return ""
    what = "no links" if not most else f"at most {most} link{'' if most == 1 else 's'}"
    return f"In its first {settings.NEW_ACCOUNT_HOURS} hours an account may write {what} at a time."


def _too_much(author: User) -> str:
    if not is_newcomer(author):
        return ""
    most = settings.NEW_ACCOUNT_TEXTS_AN_HOUR
    try:
        ratelimit(f"newcomer-texts:{author.pk}", most, _HOUR)
    except RateLimited:
        return (
            f"In its first {settings.NEW_ACCOUNT_HOURS} hours an account may write {most} comments, posts and messages"
            " an hour. Go on a little later."
        )
    return ""
