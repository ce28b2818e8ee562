"""Lets some people of the demo ask for news, and shows in the console what was sent to them and what is written."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.preferences import Channels, choose
from config.demo import clock
from support.actions import campaigns
from support.mailing.segments import NEWS
from support.mailing.sending import send_slice
from support.models import MailCampaign, Segment

READERS = 12
SPRING = """Hello {name},

three things are new since last month:

- **Search by shape.** Drop a file into the [search](/search/shape/), and see what is shaped like it.
- **Courses.** Creators [teach](/courses/) what they do, lesson by lesson.
- **Bounties.** Say what you need and what it is worth, [here](/bounties/).

Thank you for being here.
"""
CREATORS = """Hello {name},

what you have earned can be paid out to a bank account or to PayPal. Enter where it is to go on the page
[Financials](/dashboard/financials/); new details can be used after two days, so that nobody else can divert your money.
"""


def write(people: dict[str, User]) -> None:
    """Once. Nothing leaves where mails leave for real: nobody of the demo lives at their address."""
    if MailCampaign.objects.exists():
        return
    readers = User.objects.filter(is_demo=True, is_staff=False).order_by("pk")[:READERS]
    for reader in readers:
        EmailAddress.objects.get_or_create(
            user=reader, email=reader.email, defaults={"verified": True, "primary": True}
        )
        choose(reader, {NEWS: Channels(on_site=False, by_mail=True)})
    MailCampaign.objects.create(
        subject="How your money reaches you",
        preheader="Two minutes that are worth it.",
        text=CREATORS,
        segment=Segment.CREATORS,
        created_by=people["admin"],
    )
    if not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return
    with clock.at(timezone.now() - timedelta(days=6)):
        sent = MailCampaign.objects.create(
            subject="What is new this spring",
            preheader="Search by shape, courses, bounties.",
            text=SPRING,
            mails_a_minute=60_000,
            created_by=people["admin"],
        )
        campaigns.start(campaign=sent, by=people["admin"], queue=lambda pk: None)
        while send_slice(sent.pk):
            continue
