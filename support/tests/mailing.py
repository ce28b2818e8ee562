"""People who want news, and campaigns for them."""

from allauth.account.models import EmailAddress

from accounts.models import Notification, NotificationPreference, User
from accounts.preferences import Channels, choose
from accounts.tests.factories import UserFactory
from support.actions import campaigns
from support.models import MailCampaign

WORDS = "Hello {name},\n\nread [the news](/blog/) of **spring**.\n"


def wants_news(user: User | None = None, **fields) -> User:
    """Somebody with a confirmed address who asked for news."""
    user = user or UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    choose(user, {Notification.Kind.NEWS: Channels(on_site=False, by_mail=True)})
    return user


def many_who_want_news(count: int, *, first: int = 0) -> None:
    """As many rows as asked for, written in a few statements: `reader0@example.com` and so on."""
    numbers = range(first, first + count)
    people = User.objects.bulk_create(
        [User(username=f"reader{n}", email=f"reader{n}@example.com", password="!") for n in numbers],
        batch_size=5000,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people],
        batch_size=5000,
    )
    NotificationPreference.objects.bulk_create(
        [NotificationPreference(user=user, kind=Notification.Kind.NEWS, on_site=False) for user in people],
        batch_size=5000,
    )


def a_campaign(**fields) -> MailCampaign:
    """A draft that is sent as fast as a server takes it."""
    return MailCampaign.objects.create(
        **{"subject": "News of spring for {name}", "text": WORDS, "mails_a_minute": 60_000, **fields}
    )


def begun(campaign: MailCampaign | None = None, **fields) -> MailCampaign:
    """One that is being sent, by nobody yet."""
    campaign = campaign or a_campaign(**fields)
    campaigns.start(campaign=campaign, by=None, queue=lambda pk: None)
    campaign.refresh_from_db()
    return campaign
