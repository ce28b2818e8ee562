"""System checks: settings of mail with which bounces would be believed of anybody, or of nobody."""

from django.conf import settings
from django.core.checks import Error, register

from core.mail_events import SIGNING, VIEWS

SHORTEST_SECRET = 20


@register()
def mail_provider_is_known(app_configs, **kwargs) -> list[Error]:
    """One of those that we understand, and able to prove that it is it."""
    provider = settings.MAIL_PROVIDER
    if not provider:
        return []
    if provider not in VIEWS:
        hint = f"One of: {', '.join(VIEWS)}; or nothing."
        return [Error(f"MAIL_PROVIDER is {provider!r}, which nobody here knows.", hint=hint, id="core.E001")]
    secret, problems = settings.MAIL_WEBHOOK_SECRET, []
    name, _, password = secret.partition(":")
    if secret and (not name or len(password) < SHORTEST_SECRET):
        hint = f"A name, a colon, and at least {SHORTEST_SECRET} random characters."
        problems.append(
            Error("MAIL_WEBHOOK_SECRET can be guessed, or is no name:password.", hint=hint, id="core.E002")
        )
    if secret and provider in SIGNING and not settings.MAIL_WEBHOOK_KEY:
        hint = "The provider shows it where its webhooks are set up."
        problems.append(
            Error(f"MAIL_WEBHOOK_KEY is needed: {provider} signs what it says.", hint=hint, id="core.E003")
        )
    return problems
