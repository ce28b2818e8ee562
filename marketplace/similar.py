"""What the page of one model shows of others that are like it."""

from functools import cached_property

from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString

from marketplace.cards import cards_of, cards_of_models
from marketplace.models import Model3D
from marketplace.shapes import Near, similar_to

MOST = 8
# Where very many models share a tag, so many of it are looked at, and so many of the category.
OF_TAG, OF_SHELF = 200, 500


class SimilarModels:
    """Listed models of other creators that are like `model`, for `viewer`: by shape first, the rest by subject."""

    def __init__(self, model: Model3D, *, viewer) -> None:
        self.model = model
        self.viewer = viewer

    @property
    def _others(self) -> QuerySet[Model3D]:
        return Model3D.objects.listed().suited_to(self.viewer).exclude(creator=self.model.creator_id)

    @cached_property
    def _by_shape(self) -> list[Near]:
        return similar_to(self.model, among=self._others.with_card_data(), limit=MOST)

    @cached_property
    def shape_cards(self) -> list[SafeString]:
        """By the measured shape, nearest first; empty where nothing is like it."""
        return cards_of_models([near.model for near in self._by_shape], eager=0, viewer=self.viewer)

    @cached_property
    def subject_cards(self) -> list[SafeString]:
        """What fills up where few shapes are alike: those sharing most tags, then the category's trending ones."""
        wanted = MOST - len(self._by_shape)
        if not wanted:
            return []
        others = self._others.exclude(pk__in=[near.model.pk for near in self._by_shape])
        found = self._sharing_tags(others, wanted)
        if len(found) < wanted and self.model.category_id:
            sharing = [stamp[0] for stamp in found]
            shelf = others.filter(category=self.model.category_id).exclude(pk__in=sharing)
            found += shelf.order_by("-trending_score", "-pk").card_stamps()[: wanted - len(found)]
        return cards_of(found, eager=0, viewer=self.viewer)

    def _sharing_tags(self, others: QuerySet[Model3D], wanted: int) -> list[tuple]:
        tags = [tag.pk for tag in self.model.tags.all()]
        if not tags:
            return []
        links = Model3D.tags.through.objects.filter(tag__in=tags, model3d__in=self._candidates(tags))
        links = links.filter(model3d__in=others.values("pk"))
        sharing = links.values("model3d").annotate(shared=Count("pk")).order_by("-shared", "-model3d")
        best = [pk for (pk,) in sharing.values_list("model3d")[:wanted]]
        stamps = {stamp[0]: stamp for stamp in others.filter(pk__in=best).card_stamps()}
        return [stamps[pk] for pk in best if pk in stamps]

    def _candidates(self, tags: list[int]) -> QuerySet:
        """Models that may share most tags, in bounds: the shelf's most popular, and some of each tag."""
        links = Model3D.tags.through.objects
        shelf = Model3D.objects.listed().filter(category=self.model.category_id)
        popular = shelf.order_by("-trending_score", "-pk").values("pk")[:OF_SHELF]
        return popular.union(*(links.filter(tag=tag).values("model3d")[:OF_TAG] for tag in tags), all=True)
