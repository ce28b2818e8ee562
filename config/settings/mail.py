"""How mail leaves: a mail server, a provider's interface, or (in development) not at all; and who tells of bounces."""

from config.settings.base import env

# Set but empty counts as unset: a test run empties what .env may fill in.
EMAIL_CONFIG = env.email_url_config(env("EMAIL_URL", default="") or "dummymail://")
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("dummy.EmailBackend"):
    # The outbox row is the mail: readable at /dev/mail/ in DEBUG.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Lathe <hello@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Who carries our mails, where it is one that tells of bounces. With a key mails leave by its interface, else by
# EMAIL_URL.
MAIL_PROVIDER = env("MAIL_PROVIDER", default="")
MAIL_PROVIDER_KEY = env("MAIL_PROVIDER_KEY", default="")
MAIL_WEBHOOK_SECRET = env("MAIL_WEBHOOK_SECRET", default="")
MAIL_WEBHOOK_KEY = env("MAIL_WEBHOOK_KEY", default="")
# What anymail calls them.
_API_KEYS = {"mailersend": "MAILERSEND_API_TOKEN", "postmark": "POSTMARK_SERVER_TOKEN"}
_WEBHOOK_KEYS = {
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
}
ANYMAIL = {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT, "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET}
if MAIL_PROVIDER_KEY:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL[_API_KEYS.get(MAIL_PROVIDER, f"{MAIL_PROVIDER.upper()}_API_KEY")] = MAIL_PROVIDER_KEY
if MAIL_WEBHOOK_KEY and MAIL_PROVIDER in _WEBHOOK_KEYS:
    ANYMAIL[_WEBHOOK_KEYS[MAIL_PROVIDER]] = MAIL_WEBHOOK_KEY

# Mails of a campaign a minute, unless its author says otherwise.
CAMPAIGN_MAILS_A_MINUTE = env.int("CAMPAIGN_MAILS_A_MINUTE", default=600)
