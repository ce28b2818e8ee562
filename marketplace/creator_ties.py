"""What of the marketplace makes somebody a creator: see `accounts.creator_ties`."""

from django.db.models import Q

from accounts.models import User
from marketplace.models import Model3D
from marketplace.models.offering import kept_since


def has_models(user: User) -> str:
    """Also such as nobody sees, and deleted ones that can still be brought back: a buyer could do nothing with them."""
    there = Q(deleted_at__isnull=True) | Q(deleted_at__gt=kept_since())
    return "has models here" if Model3D.objects.filter(there, creator=user).exists() else ""
