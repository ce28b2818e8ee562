import json
import time

import pytest
import stripe

from accounts.tests.factories import UserFactory
from commerce.gateways import GATEWAYS, is_offered, offer, offered
from commerce.models import Payment
from commerce.tests.factories import order_of
from marketplace.tests.factories import Model3DFactory


@pytest.mark.parametrize("provider", ["", "nobody", "stripe"])
def test_a_method_whose_provider_does_not_take_it_is_not_offered(settings, provider):
    settings.PAYMENT_PAYPAL = provider
    assert [offer.method for offer in offered()] == ["card", "crypto"]
    assert not is_offered("paypal")
    with pytest.raises(LookupError):
        offer("paypal")


@pytest.mark.parametrize("method", ["", "none", "cheque"])
def test_a_method_that_does_not_exist_is_not_offered(method):
    assert not is_offered(method)


def test_each_provider_words_methods_that_exist():
    assert {method for taker in GATEWAYS.values() for method in taker.wordings} == set(Payment.Method.values)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["card", "paypal", "crypto"])
def test_an_order_keeps_the_method_and_who_takes_it(method):
    order = order_of(UserFactory(), Model3DFactory(listed=True), method=method)
    payment = order.latest_payment()
    assert (payment.method, payment.provider) == (method, "sandbox")
    assert order.transactions.get().payment_method == method


@pytest.mark.django_db
def test_webhooks_of_a_provider_that_is_no_longer_offered_are_taken(client, settings):
    """Its payments go on: what was paid yesterday may be contested today."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test", "pk_test"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_test"
    assert not any(offer.gateway.name == "stripe" for offer in offered())
    subject = {"object": "charge", "id": "ch_1"}
    body = json.dumps({"id": "evt_1", "type": "charge.updated", "data": {"object": subject}})
    at = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body}", settings.STRIPE_WEBHOOK_SECRET)
    headers = {"Stripe-Signature": f"t={at},v1={signature}"}
    answer = client.post("/webhooks/stripe/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
