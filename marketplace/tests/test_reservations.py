"""What programs are told about using a model: on its page and on everything of it that the site serves."""

import pytest

from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

REFUSED = "noai, noimageai"


def parts_of(model, client) -> dict[str, str]:
    page = client.get(model.get_absolute_url()).content.decode()
    preview = page.split('data-src="')[1].split('"')[0]
    return {
        "page": model.get_absolute_url(),
        "viewer": f"/view/{model.pk}/",
        "embed": f"/view/{model.pk}/?embed=1",
        "preview": preview,
    }


def test_no_ai_is_said_on_page_viewer_embed_preview_and_pictures_where_the_creator_did_not_allow_it(client):
    model = Model3DFactory(listed=True)
    for name, address in (parts_of(model, client) | {"poster": model.poster_url}).items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        assert REFUSED in answer["X-Robots-Tag"], name
        assert answer["TDM-Reservation"] == "1", name
        if name in {"page", "viewer", "embed"}:
            text = answer.content.decode()
            assert f'{REFUSED}">' in text, name
            assert '<meta name="tdm-reservation" content="1">' in text, name


def test_where_the_creator_allowed_it_nothing_of_the_model_refuses_it(client):
    model = Model3DFactory(listed=True, ai_training_allowed=True)
    for name, address in parts_of(model, client).items():
        answer = client.get(address)
        assert REFUSED not in answer.headers.get("X-Robots-Tag", ""), name
        assert answer["TDM-Reservation"] == "0", name
        if name in {"page", "viewer", "embed"}:
            assert REFUSED not in answer.content.decode(), name


def test_what_only_its_link_opens_is_not_to_be_listed(client):
    model = Model3DFactory(listed=True, visibility="unlisted")
    answer = client.get(model.get_absolute_url())
    assert answer["X-Robots-Tag"] == f"noindex, {REFUSED}"
    assert f'<meta name="robots" content="noindex, {REFUSED}">' in answer.content.decode()
