import time
from decimal import Decimal

import pytest
import requests
from django.urls import reverse

from accounts.tests.factories import UserFactory
from commerce.gateways import sandbox
from commerce.gateways.sandbox.delivery import DeliveryFailed, deliver
from commerce.models import Payment, SandboxEvent
from commerce.tests.factories import order_of, started_payment
from marketplace.tests.factories import Model3DFactory


@pytest.fixture
def payment(db):
    payment = started_payment(order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))
    sandbox.pay(payment.provider_id, sandbox.CARD_SUCCEEDS)
    return payment


def test_a_webhook_that_nobody_takes_stays_to_be_delivered(payment, settings):
    settings.SITE_URL = "http://127.0.0.1:9"
    event = SandboxEvent.objects.get()
    with pytest.raises(DeliveryFailed):
        deliver(event)
    event.refresh_from_db()
    assert (event.attempts, event.delivered_at) == (1, None)


def test_a_webhook_that_is_refused_stays_to_be_delivered(payment, settings, live_server):
    settings.SITE_URL = f"{live_server.url}/nowhere"
    with pytest.raises(DeliveryFailed, match="404"):
        deliver(SandboxEvent.objects.get())


def test_a_webhook_is_delivered_once_over_http_and_settles(payment, settings, live_server):
    settings.SITE_URL = live_server.url
    event = SandboxEvent.objects.get()
    deliver(event)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    event.refresh_from_db()
    deliver(event)
    event.refresh_from_db()
    assert event.attempts == 1


@pytest.mark.full
def test_a_worker_settles_what_the_browser_never_came_back_from(live_site, client):
    """On the real stack: the buyer closes the window right after paying."""
    payment = started_payment(order_of(UserFactory(), Model3DFactory(listed=True, price=Decimal("24.00"))))
    page = f"{live_site.url}{reverse('commerce:sandbox_pay', args=[payment.provider_id])}"
    browser = requests.Session()
    token = browser.get(page, timeout=30).text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = browser.post(
        page,
        data={"csrfmiddlewaretoken": token, "card": sandbox.CARD_SUCCEEDS.number},
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == 302
    for _ in range(300):
        if SandboxEvent.objects.get().delivered_at:
            break
        time.sleep(0.1)
    payment.refresh_from_db()
    assert payment.status == Payment.Status.COMPLETED
    assert SandboxEvent.objects.get().delivered_at
