"""Outside systems: database, Redis, Celery, sockets, file storage. Unset variables mean the embedded parts."""

from pathlib import Path

from config import embedded
from config.schedule import BEAT_SCHEDULE
from config.settings.base import BASE_DIR, DEBUG, env

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

DATABASE_URL = env("DATABASE_URL", default="") or embedded.database_url()
DATABASES = {"default": {**env.db_url_config(DATABASE_URL), "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 0}}
DATABASES["default"]["ENGINE"] = "core.database"
DATABASES["default"].setdefault("OPTIONS", {})
if env.bool("DATABASE_POOL", default=False):
    # A connection that cannot be made in `reconnect_timeout` is given up, and the next request has a new one made:
    # the pool's own attempts come at ever longer intervals, in which a server that is back would wait for us.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": 8,
        "timeout": 10,
        "reconnect_timeout": 5,
    }

# One Redis, one numbered database a purpose; the offset lets parallel test workers keep apart.
_REDIS_OFFSET = env.int("REDIS_DB_OFFSET", default=0)


def _redis(number: int, purpose: str = "") -> str:
    """Address of a numbered database; a purpose may have a server of its own."""
    base = (env(purpose, default="") if purpose else "") or env("REDIS_URL", default="")
    number += _REDIS_OFFSET
    return f"{base.rstrip('/')}/{number}" if base else embedded.redis_url(number)


def _celery(url: str) -> str:
    """Celery names a unix socket differently from redis-py."""
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host={query.removeprefix('db=')}"


CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": _redis(0, "CACHE_REDIS_URL"),
        "KEY_PREFIX": "lathe",
        # A cache that takes longer is no help: pages go on without it.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        "TIMEOUT": 300,
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
COUNTERS_REDIS_URL = _redis(3)

CELERY_BROKER_URL = _celery(_redis(1))
# A page that queues a job waits so long for a broker that hangs; the job is found in the database later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "core.tasks.send_mail": {"queue": "mail"},
    "support.tasks.send_campaign": {"queue": "bulk"},
    "marketplace.tasks.process_model_file": {"queue": "files"},
    "marketplace.tasks.search_by_shape": {"queue": "files"},
    # Somebody's originals may be many gigabytes: mails and notifications do not wait behind them.
    "accounts.tasks.put_export_together": {"queue": "files"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": _redis(2, "SOCKETS_REDIS_URL"), "socket_timeout": None}],
            # What is published is heard in all numbered databases, unlike what is stored.
            "prefix": f"lathe{_REDIS_OFFSET}",
        },
    }
}

MEDIA_URL = env("MEDIA_URL", default="/media/")
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media" / "public")))
PRIVATE_MEDIA_ROOT = Path(env("PRIVATE_MEDIA_ROOT", default=str(VAR_DIR / "media" / "private")))
# Behind nginx: the internal location that maps to PRIVATE_MEDIA_ROOT; empty means Django sends the bytes.
PRIVATE_X_ACCEL_PREFIX = env("PRIVATE_X_ACCEL_PREFIX", default="")
# Scratch space of the file jobs of this machine; workers with other databases need a folder of their own.
WORK_DIR = Path(env("WORK_DIR", default=str(VAR_DIR / "work")))
# Renderer caches.
PROCESSING_CACHE_DIR = VAR_DIR / "cache" / "processing"

S3_ENABLED = bool(env("S3_BUCKET", default=""))
if S3_ENABLED:
    # Loads a good deal, for nothing where files lie in folders.
    from botocore.config import Config as _BotoConfig

    _S3 = {
        "endpoint_url": env("S3_ENDPOINT_URL", default="") or None,
        "region_name": env("S3_REGION", default="") or None,
        "access_key": env("S3_ACCESS_KEY", default="") or None,
        "secret_key": env("S3_SECRET_KEY", default="") or None,
        "default_acl": None,
        "client_config": _BotoConfig(
            signature_version="s3v4",
            # Amazon's address with the region in it: the one without redirects, which a browser's upload must not meet.
            s3={"addressing_style": None if env("S3_ENDPOINT_URL", default="") else "virtual"},
            # A thread of a web process waits for a storage that hangs no longer than people do.
            connect_timeout=3,
            read_timeout=env.int("S3_TIMEOUT_SECONDS", default=10),
            retries={"mode": "standard", "total_max_attempts": 2},
        ),
    }
    _PUBLIC = {
        "BACKEND": "core.storages.PublicS3Storage",
        "OPTIONS": {
            **_S3,
            "bucket_name": env("S3_BUCKET"),
            "custom_domain": env("S3_PUBLIC_DOMAIN", default="") or None,
            "querystring_auth": False,
        },
    }
    _PRIVATE = {
        "BACKEND": "core.storages.PrivateS3Storage",
        "OPTIONS": {**_S3, "bucket_name": env("S3_PRIVATE_BUCKET"), "querystring_expire": 300},
    }
else:
    _PUBLIC = {"BACKEND": "core.storages.PublicFileSystemStorage"}
    _PRIVATE = {"BACKEND": "core.storages.PrivateFileSystemStorage"}
STORAGES = {
    "default": _PUBLIC,
    "private": _PRIVATE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Public files that never change under their name.
SERVE_PUBLIC_MEDIA = env.bool("SERVE_PUBLIC_MEDIA", default=not S3_ENABLED)

# ClamAV's clamd, which scans what people upload: `host:port`, or `unix:/path`; empty where there is none. Seconds that
# it may be silent.
CLAMD = env("CLAMD", default="")
CLAMD_SECONDS = env.int("CLAMD_SECONDS", default=60)
