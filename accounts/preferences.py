"""What a person is told, and how: their own choice by kind, or else the defaults."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import Notification, NotificationPreference, User

Kind = Notification.Kind
# Mailed unless the person says otherwise; the other kinds are told on the site only, until they ask for mail.
MAILED = {
    Kind.MODEL_APPROVED,
    Kind.MODEL_REJECTED,
    Kind.MODEL_IN_REVIEW,
    Kind.PROCESSING_FAILED,
    Kind.SALE,
    Kind.PURCHASE,
    Kind.PAYOUT,
    Kind.REFUND,
    Kind.NEW_VERSION,
    Kind.NEW_FOLLOWER,
    Kind.COMMENT,
    Kind.ANSWER,
    Kind.MENTION,
    Kind.REVIEW,
    Kind.REVIEW_ANSWER,
    Kind.SAVED_SEARCH,
    Kind.SUBSCRIPTION,
    Kind.BOUNTY,
    Kind.BOUNTY_WORK,
    Kind.COMMUNITY,
    Kind.COMMUNITY_REQUEST,
    Kind.COMMUNITY_INVITE,
    Kind.MESSAGE,
    Kind.DECISION,
    Kind.SUPPORT,
    Kind.ACCOUNT,
}
# Receipts, the way of one's money, decisions, and what concerns the account itself reach the person always.
COMPULSORY = {Kind.PURCHASE, Kind.PAYOUT, Kind.SUBSCRIPTION, Kind.REFUND, Kind.DECISION, Kind.ACCOUNT}


class Channels(NamedTuple):
    """Whether a kind is told on the site, and whether by mail."""

    on_site: bool
    by_mail: bool


def channels_of(user: User, kind: str) -> Channels:
    """The channels on which `user` hears of `kind`."""
    if kind in COMPULSORY:
        return Channels(on_site=True, by_mail=True)
    chosen = NotificationPreference.objects.filter(user=user, kind=kind).first()
    if chosen is None:
        return Channels(on_site=True, by_mail=kind in MAILED)
    return Channels(chosen.on_site, chosen.by_mail)


def choices_of(user: User) -> dict[str, Channels]:
    """The channels of every kind, in one query."""
    chosen = {row.kind: row for row in NotificationPreference.objects.filter(user=user)}
    return {
        kind: Channels(on_site=True, by_mail=True)
        if kind in COMPULSORY
        else Channels(chosen[kind].on_site, chosen[kind].by_mail)
        if kind in chosen
        else Channels(on_site=True, by_mail=kind in MAILED)
        for kind in Kind.values
    }


def choose(user: User, wanted: dict[str, Channels]) -> None:
    """Keep what the person has chosen; kinds that reach everybody stay as they are."""
    with transaction.atomic():
        for kind, channels in wanted.items():
            if kind not in COMPULSORY:
                NotificationPreference.objects.update_or_create(
                    user=user, kind=kind, defaults=channels._asdict()
                )


_SALT = "accounts.unsubscribe"


def unsubscribe_url(user: User, kind: str) -> str:
    """Where one press ends mails of `kind` to `user`, signed in or not; empty for those that reach everybody.

    The link does not lapse: old mails lie in mail boxes for years, and it can do nothing else.
    """
    if kind in COMPULSORY:
        return ""
    token = signing.dumps([user.pk, str(kind)], salt=_SALT)
    return f"{settings.SITE_URL.rstrip('/')}{reverse('accounts:unsubscribe', args=[token])}"


def read_unsubscribe_token(token: str) -> tuple[User, Kind] | None:
    """Whose mails, and which; None where nobody has signed this."""
    try:
        pk, kind = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, deleted_at__isnull=True).first()
    return (user, Kind(kind)) if user is not None and kind in Kind.values else None


def end_mails(user: User, kind: str) -> None:
    """No more mails of this kind; what is told on the site stays as it is. Idempotent."""
    choose(user, {kind: Channels(channels_of(user, kind).on_site, by_mail=False)})
