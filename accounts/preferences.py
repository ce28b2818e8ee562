"""What a person is told, and how: their own choice by kind, or else the defaults."""

from typing import NamedTuple

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
    Kind.NEW_VERSION,
    Kind.NEW_FOLLOWER,
    Kind.COMMENT,
    Kind.ANSWER,
    Kind.MENTION,
    Kind.SAVED_SEARCH,
    Kind.ACCOUNT,
}
# Receipts and what concerns the account itself reach the person always.
COMPULSORY = {Kind.PURCHASE, Kind.ACCOUNT}


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
