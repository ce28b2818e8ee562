"""The project's settings, reduced to what one bare view needs: none of the middleware."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
# django-allauth does not start without it; it looks at the answer's status, and that is all.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
