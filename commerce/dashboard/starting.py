"""The dashboard of somebody without models: what they have, and what they may like."""

from functools import cached_property

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from commerce.models import Purchase
from marketplace.cards import cards_of
from marketplace.models import Model3D

SHOWN, PROPOSED = 4, 8


class Starting:
    """Nothing is asked of the database before the template needs it."""

    def __init__(self, user: User):
        self.user = user

    @cached_property
    def purchases(self) -> list[Purchase]:
        """The last ones."""
        owned = Purchase.objects.of_user(self.user).active().of_models().with_library_data()
        return list(owned.newest_first()[:SHOWN])

    @property
    def _listed(self) -> QuerySet[Model3D]:
        owned = Purchase.objects.of_user(self.user).active().of_models().values("model")
        listed = Model3D.objects.listed().suited_to(self.user).exclude(creator=self.user)
        return listed.exclude(pk__in=owned).order_by("-trending_score", "-pk")

    @cached_property
    def proposals(self) -> list[SafeString]:
        """What is liked now, in the categories of what they have; where that is little, anywhere."""
        categories = {purchase.model.category_id for purchase in self.purchases} - {None}
        near = (
            list(self._listed.filter(category__in=categories).card_stamps()[:PROPOSED]) if categories else []
        )
        missing = PROPOSED - len(near)
        if missing:
            near += self._listed.exclude(pk__in=[stamp[0] for stamp in near]).card_stamps()[:missing]
        return cards_of(near, eager=0, viewer=self.user)
