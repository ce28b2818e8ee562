"""The development settings on the test services, and a fast password hash."""

from tests import environment

environment.prepare()

from config.settings import *  # noqa: E402, F403  (settings read the environment prepared above)
from config.settings import DATABASES  # noqa: E402

if DATABASES["default"]["NAME"] == environment.embedded.DATABASE:
    DATABASES["default"]["NAME"] = environment.database_name()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
