"""The outbox of a development site."""

import pytest
from django.urls import reverse

from core.mail import send

pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.tests.debug_site")]


@pytest.fixture
def mails():
    return [
        send(
            kind="account/unknown_account",
            to=f"person{number}@example.com",
            context={"signup_url": "http://localhost/accounts/signup/", "email": "x@example.com"},
        )
        for number in range(30)
    ]


def test_the_list_is_paged_newest_first_and_filtered_by_address(client, mails):
    page = client.get(reverse("dev_mail")).context["page"]
    assert (len(page.object_list), page.object_list[0]) == (25, mails[-1])
    page = client.get(reverse("dev_mail"), {"to": "PERSON7@"}).context["page"]
    assert list(page.object_list) == [mails[7]]


def test_a_mail_is_shown_in_a_frame_that_runs_no_script(client, mails):
    content = client.get(reverse("dev_mail_detail", args=[mails[0].pk])).content.decode()
    assert 'sandbox="allow-top-navigation-by-user-activation' in content
    assert "allow-scripts" not in content
    response = client.get(reverse("dev_mail_html", args=[mails[0].pk]))
    policy = response["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_that_is_not_there_is_404(client):
    assert client.get(reverse("dev_mail_detail", args=[1])).status_code == 404
    assert client.get(reverse("dev_mail_html", args=[1])).status_code == 404
