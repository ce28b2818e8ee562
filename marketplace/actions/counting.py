"""Counts of what is listed, from the rows, where a change concerns more models than one."""

from django.db import transaction

from accounts.models import User
from marketplace.models import Category, Model3D


def recount_category(*, category: Category) -> None:
    """Count a category and its creators anew: all of its models came or went together."""
    with transaction.atomic():
        locked = Category.objects.select_for_update().get(pk=category.pk)
        locked.model_count = Model3D.objects.listed().filter(category=locked).count()
        locked.save(update_fields=["model_count"])
        creators = Model3D.objects.filter(category=locked).values("creator")
        for creator in User.objects.select_for_update().filter(pk__in=creators).order_by("pk"):
            count = Model3D.objects.listed().filter(creator=creator).count()
            User.objects.filter(pk=creator.pk).update(total_models=count)
