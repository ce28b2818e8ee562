"""People for tests of every app."""

import factory
from django.contrib.auth.models import Permission

from accounts.models import User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    """A buyer who can sign in with `PASSWORD`; traits make other roles.

    `permissions=["marketplace.review_model3d"]` grants permissions by their full names.
    """

    class Meta:
        model = User

    class Params:
        creator = factory.Trait(user_type=User.UserType.CREATOR)
        staff = factory.Trait(is_staff=True)
        admin = factory.Trait(is_staff=True, is_superuser=True)
        moderator = factory.Trait(is_staff=True, permissions=["marketplace.review_model3d"])

    username = factory.Sequence(lambda number: f"person{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    full_name = factory.Faker("name")
    password = factory.django.Password(PASSWORD)

    permissions = ()

    @classmethod
    def _create(cls, model_class, *args, permissions, **fields):
        user = super()._create(model_class, *args, **fields)
        for name in permissions:
            app, codename = name.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        return user
