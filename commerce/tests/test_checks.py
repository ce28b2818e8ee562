import pytest

from commerce.checks import payment_providers


def ids(settings, **changes) -> list[str]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [problem.id for problem in payment_providers(None)]


def test_an_unknown_provider_is_an_error(settings):
    assert ids(settings, PAYMENT_PROVIDERS=["nobody"]) == ["commerce.E001"]


def test_stripe_without_its_keys_is_an_error(settings):
    keys = {"STRIPE_SECRET_KEY": "sk", "STRIPE_PUBLISHABLE_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}
    assert ids(settings, PAYMENT_PROVIDERS=["stripe"], **keys) == ["commerce.E002", "commerce.E002"]


def test_the_sandbox_in_production_is_an_error(settings):
    assert ids(settings, PAYMENT_PROVIDERS=["sandbox"], PRODUCTION=True) == ["commerce.E003"]


@pytest.mark.parametrize("providers", [[], ["sandbox"]])
def test_development_has_nothing_to_complain_about(settings, providers):
    assert ids(settings, PAYMENT_PROVIDERS=providers, PRODUCTION=False) == []
