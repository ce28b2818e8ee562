import pytest

from commerce.checks import payment_methods


def ids(settings, **changes) -> list[str]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [problem.id for problem in payment_methods(None)]


def test_an_unknown_provider_is_an_error(settings):
    assert ids(settings, PAYMENT_CARD="nobody") == ["commerce.E001"]


def test_a_provider_that_takes_other_payments_is_an_error(settings):
    assert ids(settings, PAYMENT_CRYPTO="stripe") == ["commerce.E001"]


def test_stripe_without_its_keys_is_an_error(settings):
    keys = {"STRIPE_SECRET_KEY": "sk", "STRIPE_PUBLISHABLE_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}
    assert ids(settings, PAYMENT_CARD="stripe", **keys) == ["commerce.E002", "commerce.E002"]


def test_the_sandbox_in_production_is_an_error(settings):
    others = {"PAYMENT_PAYPAL": "", "PAYMENT_CRYPTO": ""}
    assert ids(settings, PAYMENT_CARD="sandbox", **others, PRODUCTION=True) == ["commerce.E003"]


@pytest.mark.parametrize("provider", ["", "sandbox"])
def test_development_has_nothing_to_complain_about(settings, provider):
    assert ids(settings, PAYMENT_CARD=provider, PRODUCTION=False) == []
