"""What still works while Redis does not answer."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Notification
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_redis(settings, tmp_path):
    nowhere = f"unix://{tmp_path}/nobody-listens.sock"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"{nowhere}?db=0"}}
    settings.CHANNEL_LAYERS = {
        "default": {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": [{"address": nowhere}]}}
    }


def test_a_process_still_serves_and_the_site_is_not_ready(client):
    assert client.get(reverse("healthz")).status_code == 200
    response = client.get(reverse("readyz"))
    assert response.status_code == 503
    assert "redis" in response.json()["failed"]


def test_nothing_is_found_and_counting_says_that_nothing_is_there():
    cache.set("a", 1)
    cache.set_many({"a": 1})
    assert (cache.get("a", "nothing"), cache.get_many(["a"]), "a" in cache) == ("nothing", {}, False)
    assert not cache.touch("a")
    assert not cache.delete("a")
    cache.delete_many(["a"])
    assert cache.add("a", 1)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


@pytest.mark.parametrize("who", ["visitor", "person"])
@pytest.mark.parametrize("path", ["/", "/marketplace/", "/cart/", "/about/", "/accounts/login/"])
def test_pages_answer_all_the_same(client, path, who):
    if who == "person":
        client.force_login(UserFactory())
    assert client.get(path).status_code == (302 if (path, who) == ("/accounts/login/", "person") else 200)


def test_forms_are_taken_all_the_same(client):
    user = UserFactory()
    client.force_login(user)
    user.notifications.create(kind=Notification.Kind.SALE, title="You sold something")
    assert client.post(reverse("accounts:notifications_read")).status_code == 302
    assert not user.notifications.unread().exists()
    assert client.get(reverse("commerce:purchases")).status_code == 200
    assert client.post(reverse("set_theme"), {"theme": "dark"}).status_code == 302
