"""Taking a person out of the accounts: each step by itself, and again where it was interrupted."""

import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Greatest

from accounts.actions import relations
from accounts.exceptions import NotYet
from accounts.models import (
    Entitlements,
    Notification,
    NotificationActor,
    Report,
    User,
    UserBlock,
    UserProfile,
)
from accounts.models.user import DELETED_NAME
from accounts.notifications import forget_unread_count
from core.models import AuditEntry, MailSuppression, OutgoingMail


def erase(user: User) -> None:
    """All of it; the account's own row last, since everything else is found by it.

    Raises:
        NotYet: see `_forget_mails`.
    """
    _end_sign_in(user)
    _leave_people(user)
    _leave_notifications_of_others(user)
    _forget_reports(user)
    _forget_mails(user)
    _forget_in_logs(user)
    Entitlements.objects.filter(user=user).delete()
    user.suspensions.all().delete()
    for export in user.data_exports.all():
        export.discard()
    profile = UserProfile.objects.filter(user=user).first()
    if profile is not None:
        with transaction.atomic():
            profile.replace_banner(None)
            profile.delete()
    with transaction.atomic():
        user.groups.clear()
        user.user_permissions.clear()
        user.anonymise()
        _rename_in_logs(user)


def _end_sign_in(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
    for rows in (SocialAccount, Authenticator):
        rows.objects.filter(user=user).delete()


def _leave_people(user: User) -> None:
    for follow in user.follows.select_related("followed"):
        relations.unfollow(follower=user, followed=follow.followed)
    for follow in user.followed_by.select_related("follower"):
        relations.unfollow(follower=follow.follower, followed=user)
    UserBlock.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()
    user.activities.all().delete()
    user.notification_preferences.all().delete()
    user.notifications.all().delete()
    forget_unread_count(user.pk)


def _leave_notifications_of_others(user: User) -> None:
    """What only they did is gone; of what others did too, somebody else is named."""
    for row in Notification.objects.filter(actor=user).iterator(chunk_size=500):
        with transaction.atomic():
            row.actors.filter(actor=user).delete()
            next_one = row.actors.select_related("actor").order_by("-pk").first()
            if next_one is None:
                row.delete()
                continue
            row.actor, row.others = next_one.actor, row.actors.count() - 1
            if row.link == user.get_absolute_url():
                row.link = row.actor.get_absolute_url()
            row.save()
    with transaction.atomic():
        counted = NotificationActor.objects.filter(actor=user)
        rows = Notification.objects.filter(pk__in=counted.values("notification"))
        rows.update(others=Greatest(F("others") - 1, 0))
        counted.delete()
    mentioned = rf"(?<!\w)@{re.escape(user.username)}(?!\w)"
    Notification.objects.filter(
        Q(link=user.get_absolute_url()) | Q(title__iregex=mentioned) | Q(message__iregex=mentioned)
    ).delete()


def _forget_reports(user: User) -> None:
    """Reports of other things go on without who made them; a report about the person loses what was seen of them."""
    content_type = ContentType.objects.get_for_model(User)
    about = Report.objects.filter(content_type=content_type, object_id=str(user.pk))
    about.update(title=DELETED_NAME, link="/", snapshot="")
    names = re.compile("|".join(_patterns(user)), re.IGNORECASE)
    for row in Report.objects.filter(Q(reporter=user) | Q(owner=user)):
        for field in ("title", "snapshot", "note"):
            setattr(row, field, names.sub(DELETED_NAME, getattr(row, field))[: _longest(field)])
        row.reporter = None if row.reporter_id == user.pk else row.reporter
        row.owner = None if row.owner_id == user.pk else row.owner
        row.save()


def _longest(field: str) -> int | None:
    return Report._meta.get_field(field).max_length


def _forget_mails(user: User) -> None:
    """Mails to the person, and our record of the words of those to others that name them.

    Raises:
        NotYet: one that names them has not left: whoever it is for is to get it first.
    """
    addresses = [user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    sent_there = Q(recipient=user)
    for address in filter(None, addresses):
        sent_there |= Q(to_address__iexact=address)
        MailSuppression.objects.of(address).delete()
    OutgoingMail.objects.filter(sent_there).delete()
    names_them = Q()
    for pattern in _patterns(user):
        names_them |= Q(subject__iregex=pattern) | Q(text__iregex=pattern) | Q(html__iregex=pattern)
    waiting = Q(status__in=[OutgoingMail.Status.QUEUED, OutgoingMail.Status.SENDING])
    OutgoingMail.objects.filter(names_them).exclude(waiting).update(subject=DELETED_NAME, text="", html="")
    if OutgoingMail.objects.filter(names_them & waiting).exists():
        raise NotYet("A mail that names the person has not left yet.")
    EmailAddress.objects.filter(user=user).delete()


def _forget_in_logs(user: User) -> None:
    """That something was done to the account, when and by whom, stays; details that name the person do not."""
    content_type = ContentType.objects.get_for_model(User)
    about = {"content_type": content_type, "object_id": str(user.pk)}
    entries = AuditEntry.objects.annotate(words=Cast("data", TextField()))
    for pattern in _patterns(user):
        entries.filter(**about, words__iregex=pattern).update(data={"erased": True})
    # An account made by an operator may have no address, and nothing stands in every entry.
    if user.email:
        whole = rf"(?<![\w.+-]){re.escape(user.email)}(?![\w-]|\.\w)"
        entries.filter(words__iregex=whole).update(data={"erased": True})
    # Which fields were changed is told with their old names and addresses.
    LogEntry.objects.filter(**about).update(change_message="")


def _rename_in_logs(user: User) -> None:
    """As the account is called now."""
    content_type = ContentType.objects.get_for_model(User)
    about = {"content_type": content_type, "object_id": str(user.pk)}
    AuditEntry.objects.filter(**about).update(object_repr=user.username)
    LogEntry.objects.filter(**about).update(object_repr=user.username)


def _patterns(user: User) -> list[str]:
    """The person's names and addresses as whole words, for the database's regular expressions and Python's."""
    names = {user.username, user.email, user.full_name} - {"", DELETED_NAME}
    longest_first = sorted(names, key=len, reverse=True)
    return [rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first]
