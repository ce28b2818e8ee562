"""Secrets, hosts, cookies, content security policy; production refuses unsafe values."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.settings.accounts import SOCIAL_LOGIN_ORIGINS
from config.settings.base import BASE_DIR, DEBUG, PRODUCTION, env


def _development_secret() -> str:
    """A random key kept in var/, so that sessions and signed addresses survive a restart."""
    path = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))) / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes a file of its own, and the first link wins.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix="secret-key-") as own:
            own.write(secrets.token_urlsafe(50))
            own.flush()
            with contextlib.suppress(FileExistsError):
                os.link(own.name, path)
    return path.read_text().strip()


SECRET_KEY = env("SECRET_KEY", default="") or ("" if PRODUCTION else _development_secret())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production: remove DEBUG from the environment.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY must be a random string of at least 50 characters in production."
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must list the site's host names in production, without '*'."
        )

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXY_COUNT", default=0) else None
)
# Asked by machines inside, who speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Above the 100 files of a plain upload (`marketplace.incoming`), which says so in a sentence; Django gives a bare 400.
DATA_UPLOAD_MAX_NUMBER_FILES = 110
# Of a form with files (pictures, attachments); 3D files come in by handlers of their own.
MAX_FORM_BYTES = env.int("MAX_FORM_BYTES", default=64 * 1024**2)
FILE_UPLOAD_HANDLERS = [
    "core.uploadhandlers.FormSizeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Sockets answer on a neighbouring port in the embedded default, under /ws/ of the same origin behind a proxy.
SOCKET_ORIGIN = env(
    "SOCKET_ORIGIN", default="" if PRODUCTION else f"ws://localhost:{env.int('PORT', default=8000) + 1}"
)
_SOCKETS = [SOCKET_ORIGIN, SOCKET_ORIGIN.replace("localhost", "127.0.0.1")] if SOCKET_ORIGIN else []


def _bucket_origins(variable: str) -> list[str]:
    """Where a bucket answers: the endpoint, or Amazon's addresses of it where none is set."""
    bucket, endpoint, region = (env(name, default="") for name in (variable, "S3_ENDPOINT_URL", "S3_REGION"))
    if not bucket or endpoint:
        return [endpoint] if bucket else []
    regions = [f".{region}"] if region else []
    return [f"https://{bucket}.s3{part}.amazonaws.com" for part in ["", *regions]]


_MEDIA = [f"https://{env('S3_PUBLIC_DOMAIN')}"] if env("S3_PUBLIC_DOMAIN", default="") else []
_MEDIA += _bucket_origins("S3_BUCKET")
# Browsers send the parts of an upload to the private bucket, and follow signed addresses of 3D previews there.
_PRIVATE = _bucket_origins("S3_PRIVATE_BUCKET")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Pictures that only some may see are signed addresses of the private bucket.
        "img-src": [SELF, "data:", "blob:", *dict.fromkeys([*_MEDIA, *_PRIVATE])],
        "font-src": [SELF],
        # Videos of lessons are signed addresses of the private bucket.
        "media-src": [SELF, *dict.fromkeys([*_MEDIA, *_PRIVATE])],
        # blob: is how the 3D viewer hands textures to itself.
        "connect-src": [SELF, "blob:", *_SOCKETS, *dict.fromkeys([*_MEDIA, *_PRIVATE])],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        # Browsers apply it to the redirects that follow a form, too.
        "form-action": [SELF, *SOCIAL_LOGIN_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}
