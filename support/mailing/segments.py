"""Who gets a campaign: only people who want news, at an address that they have confirmed and that takes mail."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Notification, NotificationPreference, User
from commerce.countries import COUNTRIES
from commerce.models import Order, Purchase, Subscription
from core.models import MailSuppression
from support.models import MailCampaign, Segment

NEWS = Notification.Kind.NEWS


def reachable() -> QuerySet[User]:
    """Whoever may be written to at this moment."""
    return User.objects.active().filter(_wants(), _has_confirmed(), ~_is_stopped(), deleted_at__isnull=True)


def people_of(campaign: MailCampaign, now: datetime | None = None) -> QuerySet[User]:
    """Those of `reachable` whom the campaign is for."""
    people = reachable()
    if campaign.segment == Segment.CREATORS:
        people = people.creators()
    elif campaign.segment == Segment.BUYERS:
        people = people.filter(Exists(Purchase.objects.active().filter(user=OuterRef("pk"))))
    elif campaign.segment == Segment.SUBSCRIBERS:
        people = people.filter(Exists(Subscription.objects.live().filter(user=OuterRef("pk"))))
    if campaign.country:
        people = people.filter(_lives_in(campaign.country))
    if campaign.active_days:
        people = people.filter(last_login__gte=(now or timezone.now()) - timedelta(days=campaign.active_days))
    return people


def why_not(person_id: int) -> str:
    """Why somebody who was to get a mail is not among the `reachable` any more; as a sentence for the console."""
    person = User.objects.filter(pk=person_id)
    if not person.filter(is_active=True, deleted_at__isnull=True).exists():
        return "The account is closed or suspended."
    if not person.filter(_wants()).exists():
        return "Does not want news by mail any more."
    if not person.filter(_has_confirmed()).exists():
        return "The address is not confirmed."
    return "Nothing is sent to this address."


def _wants() -> Exists:
    return Exists(NotificationPreference.objects.filter(user=OuterRef("pk"), kind=NEWS, by_mail=True))


def _has_confirmed() -> Exists:
    own = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=OuterRef("email"))
    return Exists(own.filter(verified=True))


def _is_stopped() -> Exists:
    return Exists(MailSuppression.objects.of(OuterRef("email")))


def _lives_in(country: str) -> Q:
    """As they say in their profile, in whatever words, or as an order of theirs was billed."""
    said = Q(profile__country__iexact=COUNTRIES.get(country, country)) | Q(profile__country__iexact=country)
    billed = Order.objects.completed().filter(buyer=OuterRef("pk"), billing_country=country)
    return said | Q(Exists(billed))
