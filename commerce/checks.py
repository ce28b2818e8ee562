"""System checks: payment providers that cannot work, and one that must not."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from commerce.gateways import GATEWAYS


@register(Tags.security)
def payment_providers(app_configs, **kwargs) -> list[Error]:
    """Unknown providers, Stripe without its keys, and the sandbox, which sells for nothing, in production."""
    problems = [
        Error(
            f"PAYMENT_PROVIDERS names {name!r}, which does not exist.",
            hint=f"Known providers: {', '.join(GATEWAYS)}.",
            id="commerce.E001",
        )
        for name in settings.PAYMENT_PROVIDERS
        if name not in GATEWAYS
    ]
    if "stripe" in settings.PAYMENT_PROVIDERS:
        problems += [
            Error(f"PAYMENT_PROVIDERS names stripe, but {name} is not set.", id="commerce.E002")
            for name in ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET")
            if not getattr(settings, name)
        ]
    if settings.PRODUCTION and "sandbox" in settings.PAYMENT_PROVIDERS:
        problems.append(
            Error(
                "The sandbox takes no money: models would be given away.",
                hint="Remove it.",
                id="commerce.E003",
            )
        )
    return problems
