"""Writes down whom a campaign goes to: a few thousand rows at a time, in transactions of their own."""

from django.db import transaction

from support.mailing.segments import people_of
from support.models import MailCampaign, MailDelivery

PEOPLE_AT_A_TIME = 2000


def gather_some(campaign_id: int) -> bool:
    """Write down the next people; whether there may be more. Goes on where the last call ended, however that was."""
    with transaction.atomic():
        campaign = MailCampaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        if campaign.is_gathered or not campaign.is_sending:
            return False
        people = people_of(campaign, campaign.started_at).filter(pk__gt=campaign.gathered_to).order_by("pk")
        ids = list(people.values_list("pk", flat=True)[:PEOPLE_AT_A_TIME])
        MailDelivery.objects.bulk_create(
            [MailDelivery(campaign=campaign, person_id=pk) for pk in ids], ignore_conflicts=True
        )
        campaign.gathered_to = ids[-1] if ids else campaign.gathered_to
        campaign.is_gathered = len(ids) < PEOPLE_AT_A_TIME
        campaign.save(update_fields=["gathered_to", "is_gathered", "updated_at"])
        return not campaign.is_gathered
