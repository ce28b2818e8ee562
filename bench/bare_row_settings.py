"""The same without the site's middleware."""

from bench.row_settings import *  # noqa: F403

# django-allauth does not start without it; it looks at the answer's status, and that is all.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
