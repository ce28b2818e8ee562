"""What the marketplace does when something happens elsewhere."""

from django.dispatch import receiver

from accounts.signals import standing_changed
from marketplace.actions.counting import recount_creator


@receiver(standing_changed, dispatch_uid="marketplace.recount_creator")
def recount_who_comes_or_goes(sender, user, **kwargs):
    recount_creator(creator=user)
