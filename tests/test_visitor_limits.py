"""What costs most answers a visitor only so often a minute."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["search", "marketplace:grid"])
def test_a_visitor_gets_so_many_lists_a_minute_and_whoever_is_signed_in_or_elsewhere_any_number(
    client, settings, name
):
    settings.VISITOR_LISTS_A_MINUTE = 2

    def ask(address: str = "203.0.113.9", times: int = 5) -> set[int]:
        # Two windows at most: of five one is too many in either.
        answers = [client.get(reverse(name), REMOTE_ADDR=address) for _ in range(times)]
        assert all(0 < int(one["Retry-After"]) <= 60 for one in answers if one.status_code == 429)
        return {one.status_code for one in answers}

    assert ask() == {200, 429}
    assert "A short pause, please" in client.get(reverse(name), REMOTE_ADDR="203.0.113.9").content.decode()
    assert ask("203.0.113.10", times=2) == {200}
    assert ask("127.0.0.1") == ask("::1") == {200}
    settings.VISITOR_LISTS_A_MINUTE = 0
    assert ask() == {200}
    settings.VISITOR_LISTS_A_MINUTE = 2
    client.force_login(UserFactory())
    assert ask() == {200}
