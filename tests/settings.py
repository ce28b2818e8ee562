"""The development settings on the test services, and a fast password hash."""

from celery.signals import task_prerun

from tests import environment

environment.prepare()

from config.settings import *  # noqa: E402, F403  (settings read the environment prepared above)
from config.settings import DATABASES, MIDDLEWARE  # noqa: E402

if DATABASES["default"]["NAME"] == environment.embedded.DATABASE:
    DATABASES["default"]["NAME"] = environment.database_name()

# Everybody in a test has just come; limits of newcomers are tested with a value of their own.
NEW_ACCOUNT_HOURS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = ["tests.forgetting.forget_content_types", *MIDDLEWARE]


@task_prerun.connect
def forget_content_types(**kwargs):
    """See `tests.forgetting`; here for the workers."""
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()
