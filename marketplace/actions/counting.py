"""Counts of what is listed, from the rows, where a change concerns more models than one."""

from django.db import transaction

from accounts.models import User
from marketplace.models import Category, Model3D


def recount_category(*, category: Category) -> None:
    """Count a category and its creators anew: all of its models came or went together."""
    with transaction.atomic():
        _count_category(Category.objects.select_for_update().get(pk=category.pk))
        creators = Model3D.objects.filter(category=category).values("creator")
        for creator in User.objects.select_for_update().filter(pk__in=creators).order_by("pk"):
            _count_creator(creator)


def recount_creator(*, creator: User) -> None:
    """Count a creator and the categories of their models anew: all of their models came or went together."""
    with transaction.atomic():
        categories = Model3D.objects.filter(creator=creator).values("category")
        for category in Category.objects.select_for_update().filter(pk__in=categories).order_by("pk"):
            _count_category(category)
        _count_creator(User.objects.select_for_update().get(pk=creator.pk))


def _count_category(locked: Category) -> None:
    locked.model_count = Model3D.objects.listed().filter(category=locked).count()
    locked.save(update_fields=["model_count"])


def _count_creator(locked: User) -> None:
    count = Model3D.objects.listed().filter(creator=locked).count()
    User.objects.filter(pk=locked.pk).update(total_models=count)
