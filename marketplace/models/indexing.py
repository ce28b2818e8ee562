"""Which models and collections search engines may list: what everybody finds here, unless the person behind it asked
to be left out. Parts of `Model3D` and `Collection`.
"""

from django.db import models

from accounts.models import User


class IndexedModelQuerySet(models.QuerySet):
    def indexed(self):
        """What search engines may list: see `Model3D.is_indexed`."""
        return self.listed().exclude(creator__profile__is_indexed=False)


class IndexedCollectionQuerySet(models.QuerySet):
    def indexed(self):
        """What search engines may list: see `Collection.is_indexed`. Empty ones tell nobody anything."""
        return self.open_to_all().filter(model_count__gt=0).exclude(owner__profile__is_indexed=False)


def may_be_found(person: User) -> bool:
    """Whether search engines may list a person's pages; so they may of those who never said."""
    profile = getattr(person, "profile", None)
    return profile is None or profile.is_indexed
