"""Mails about the account itself."""

from datetime import timedelta
from types import SimpleNamespace

from config.mail_samples.people import BEN, SITE, WHEN
from core.mail_previews import Sample

ANA = SimpleNamespace(display_name="Ana Ruiz", username="ana")
BUYER = SimpleNamespace(display_name="Ana Ruiz", username="ana", is_creator=False)
NOTICE = {
    "timestamp": WHEN,
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "user": ANA,
}
ADDRESS = {"email": "ana@example.com", "user": ANA}
CONFIRM = ADDRESS | {"activate_url": f"{SITE}/accounts/confirm-email/made-up/"}
RESET = ADDRESS | {"password_reset_url": f"{SITE}/accounts/password/reset/key/made-up/", "username": "ana"}
REASON = "Several of your models are copies of somebody else’s."


def _export() -> dict:
    export = SimpleNamespace(size=734_003_200, expires_at=WHEN + timedelta(days=7))
    return {"export": export, "url": "/dashboard/settings/data/"}


def _notice(**values) -> dict:
    return NOTICE | values


SAMPLES = [
    Sample("account/email_confirmation_signup", lambda: CONFIRM),
    Sample("account/email_confirmation", lambda: CONFIRM),
    Sample("account/password_reset_key", lambda: RESET),
    Sample("account/account_already_exists", lambda: RESET),
    Sample("account/address_taken", lambda: ADDRESS),
    Sample("account/unknown_account", lambda: ADDRESS | {"signup_url": f"{SITE}/accounts/signup/"}),
    Sample(
        "account/email_changed",
        lambda: _notice(from_email="ana@example.com", to_email="ana.ruiz@example.com"),
    ),
    Sample("account/email_deleted", lambda: _notice(deleted_email="old@example.com")),
    Sample("account/password_changed", _notice),
    Sample("account/password_reset", _notice),
    Sample("account/password_set", _notice),
    Sample("mfa/recovery_codes_generated", _notice),
    Sample("mfa/totp_activated", _notice),
    Sample("mfa/totp_deactivated", _notice),
    Sample("mfa/webauthn_added", _notice),
    Sample("mfa/webauthn_removed", _notice),
    Sample("socialaccount/account_connected", lambda: _notice(provider="GitHub")),
    Sample("socialaccount/account_disconnected", lambda: _notice(provider="GitHub")),
    Sample("accounts/welcome", dict, "to a creator"),
    Sample("accounts/welcome", lambda: {"recipient": BUYER}, "to a buyer"),
    Sample("accounts/new_follower", lambda: {"actor": BEN, "url": "/profile/ben/"}, can_end=True),
    Sample("accounts/suspended", lambda: {"reason": REASON}),
    Sample("accounts/restored", dict),
    Sample("accounts/data_export", _export),
    Sample(
        "accounts/deletion_requested",
        lambda: {
            "deletion": SimpleNamespace(due_at=WHEN + timedelta(days=14)),
            "url": "/dashboard/settings/delete/",
        },
    ),
]
