"""Celery tasks of campaigns."""

from celery import shared_task
from django.utils import timezone

from support.actions import campaigns
from support.exceptions import CampaignRefused
from support.mailing import sending
from support.models import MailCampaign


@shared_task
def send_campaign(campaign_id: int, turn: int) -> None:
    """Send for some seconds, then stand in line again: campaigns and other mails take turns."""
    if MailCampaign.objects.touch(campaign_id, turn) and sending.send_slice(campaign_id):
        _stand_in_line(campaign_id, turn)


@shared_task
def tend_campaigns() -> None:
    """Go on with those that nobody is at, and begin those whose hour has come."""
    now = timezone.now()
    for campaign in MailCampaign.objects.under_way(now).silent(now):
        queue_campaign(campaign.pk)
    for campaign in MailCampaign.objects.due(now):
        try:
            campaigns.start(campaign=campaign, by=None, queue=queue_campaign)
        except CampaignRefused:
            # Called off, or begun by hand, in this moment.
            continue


def queue_campaign(campaign_id: int) -> None:
    """Give a campaign its turn; one that still stands in line for an earlier turn does nothing when it is called."""
    turn = MailCampaign.objects.next_turn(campaign_id)
    _stand_in_line(campaign_id, turn)


def _stand_in_line(campaign_id: int, turn: int) -> None:
    # A broker that does not answer is an error at once rather than a page that hangs.
    send_campaign.apply_async((campaign_id, turn), retry=False)
