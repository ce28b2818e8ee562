"""What the marketplace does when something happens elsewhere."""

from django.dispatch import receiver

from accounts.signals import person_blocked, standing_changed
from marketplace.actions import collections
from marketplace.actions.counting import recount_creator


@receiver(standing_changed, dispatch_uid="marketplace.recount_creator")
def recount_who_comes_or_goes(sender, user, **kwargs):
    recount_creator(creator=user)


@receiver(person_blocked, dispatch_uid="marketplace.end_collection_follows")
def end_following_of_collections(sender, blocker, blocked, **kwargs):
    collections.unfollow_all(follower=blocked, owner=blocker)
    collections.unfollow_all(follower=blocker, owner=blocked)
