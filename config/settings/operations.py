"""What an operator sees of a running site: logs, figures, errors; and how it is closed for a while."""

from pathlib import Path

from config.settings.base import BASE_DIR, ENVIRONMENT, PRODUCTION, env

_VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

# "plain" is for people at a terminal; "json" is one object a line, for programs that gather logs.
LOG_FORMAT = env("LOG_FORMAT", default="json" if PRODUCTION else "plain")
_OURS_ALONE = {"handlers": [], "propagate": True}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "core.logs.TraceFilter"}},
    "formatters": {
        "plain": {"format": "{levelname} {name} {message}", "style": "{"},
        "json": {"()": "core.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "plain",
            "filters": ["trace"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # A line a job that is due, every few seconds.
        "celery.beat": {"level": "WARNING"},
        # A line a request: for programs to count and search, and too many to read.
        "site.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # The socket server's own handlers would write lines of another form beside ours.
        **(dict.fromkeys(("uvicorn", "uvicorn.error"), _OURS_ALONE) if LOG_FORMAT == "json" else {}),
    },
}

# Where the processes of this machine count for /metrics: best in memory (/dev/shm, or /run), and emptied at a start.
METRICS_DIR = Path(env("METRICS_DIR", default=str(_VAR_DIR / "metrics")))
# Who shows this token, or asks on this machine past the proxy, reads /metrics and the details of the health checks.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

# There while the site is closed; written by `manage.py maintenance`. Several machines need one place of it.
MAINTENANCE_FILE = Path(env("MAINTENANCE_FILE", default=str(_VAR_DIR / "maintenance.json")))

# Days that mails which left, or never will, and notifications that were read are kept. Receipts among the mails are
# evidence where a payment is disputed, which may be more than a year later.
MAIL_KEPT_DAYS = env.int("MAIL_KEPT_DAYS", default=550)
NOTIFICATIONS_KEPT_DAYS = env.int("NOTIFICATIONS_KEPT_DAYS", default=365)

# Errors are sent there; nothing is where it is empty.
SENTRY_DSN = env("SENTRY_DSN", default="")
if SENTRY_DSN:
    # Loads a good deal, for nothing where there is no Sentry.
    from core.error_reports import begin as begin_error_reports

    begin_error_reports(SENTRY_DSN, environment=ENVIRONMENT)
