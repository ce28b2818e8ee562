import pytest


def directives(response) -> dict[str, list[str]]:
    header = response["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/about/", "/marketplace/", "/accounts/login/", "/status/", "/healthz"]
)
def test_no_page_may_run_or_style_itself_inline(client, address):
    policy = directives(client.get(address))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["base-uri"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]


@pytest.mark.django_db
def test_only_the_admin_may_evaluate_and_style_inline(client):
    policy = directives(client.get("/admin/login/"))
    assert policy["script-src"] == ["'self'", "'unsafe-eval'"]
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["default-src"] == ["'none'"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/administration/", "/about/?next=/admin/"])
def test_an_address_that_looks_like_the_admins_stays_strict(client, address):
    assert "unsafe" not in client.get(address)["Content-Security-Policy"]
