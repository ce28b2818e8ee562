"""Models on other people's pages: who may frame what, what the frame may do, and oEmbed."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.embedding import EmbedOptions, fitting_size
from marketplace.models import Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def model() -> Model3D:
    return Model3DFactory(listed=True, title='Oak "chair" & <stool>')


def embed(client, model, **options):
    return client.get(reverse("marketplace:viewer", args=[model.pk]), {"embed": "1", **options})


def ask(client, address, **query):
    return client.get(reverse("marketplace:oembed"), {"url": address, **query})


def page_of(model, settings) -> str:
    return f"{settings.SITE_URL}{model.get_absolute_url()}"


def test_no_page_but_the_embedded_view_may_be_framed(client, model):
    viewer = reverse("marketplace:viewer", args=[model.pk])
    for address in (model.get_absolute_url(), viewer, f"{viewer}?embed=0", f"{viewer}?embed", "/"):
        answer = client.get(address)
        assert answer["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], address


def test_the_embedded_view_may_be_framed_by_everybody_and_submits_nothing(client, model):
    answer = embed(client, model)
    policy = answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    html = answer.content.decode()
    assert "<form" not in html
    assert "csrf" not in html.lower()
    assert 'rel="noopener"' in html


def test_the_embedded_view_reads_and_sets_no_cookie(model):
    signed_in = Client()
    signed_in.force_login(model.creator)
    signed_in.cookies["theme"] = "dark"
    answers = [embed(client, model) for client in (Client(), signed_in)]
    for answer in answers:
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
        assert "public" in answer["Cache-Control"]
    assert answers[0].content == answers[1].content


def test_even_its_creator_sees_only_what_is_open_to_all(model):
    owner = Client()
    owner.force_login(model.creator)
    for change in ({"visibility": "private"}, {"is_published": False}, {"status": "pending"}):
        Model3D.objects.filter(pk=model.pk).update(
            **{"visibility": "public", "is_published": True, "status": "approved", **change}
        )
        answer = embed(owner, model)
        assert answer.status_code == 404
        assert model.title.encode() not in answer.content
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.cookies
    assert embed(owner, Model3D(pk=model.pk + 999)).status_code == 404


def test_a_model_of_pictures_has_no_3d_view_in_its_frame_but_its_turntable(client):
    answer = embed(client, Model3DFactory(listed=True, preview_mode="pictures"))
    assert b".glb" not in answer.content
    assert b"data-sprite" in answer.content


def test_mature_models_neither_start_by_themselves_nor_show_their_picture_at_once(client):
    mature = Model3DFactory(listed=True, is_mature=True)
    html = embed(client, mature, autostart="1").content.decode()
    assert "data-autostart" not in html
    assert html.index("<details") < html.index("<img") < html.index("</details>")


def test_options_that_nobody_knows_count_as_not_said(client, model):
    html = embed(
        client, model, autostart="yes", turntable="<script>", theme="pink", ui="maybe"
    ).content.decode()
    assert "data-autostart" not in html
    assert "data-turntable" not in html
    assert 'data-theme="auto"' in html
    assert "data-embed-tools" in html
    html = embed(client, model, autostart="1", turntable="1", theme="dark", ui="0").content.decode()
    assert "data-autostart" in html
    assert "data-turntable" in html
    assert 'data-theme="dark"' in html
    assert "data-embed-tools" not in html
    assert EmbedOptions.of({}) == EmbedOptions()


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        ((None, None), (640, 480)),
        ((320, None), (320, 240)),
        ((None, 120), (160, 120)),
        ((5000, 5000), (640, 480)),
        ((1, 1), (1, 1)),
    ],
)
def test_frames_keep_their_shape_within_what_is_allowed(limits, size):
    assert fitting_size(*limits) == size


def test_oembed_knows_nothing_of_what_is_not_open_to_all_or_not_ours(client, model, settings):
    draft = Model3DFactory(with_file=True)
    owner = Client()
    owner.force_login(draft.creator)
    for address in (
        page_of(draft, settings),
        f"https://elsewhere.example{model.get_absolute_url()}",
        f"ftp://localhost{model.get_absolute_url()}",
        model.get_absolute_url(),
        f"{settings.SITE_URL}/model/999999999999999999999999/",
        f"{settings.SITE_URL}/about/",
        f"{settings.SITE_URL}/nothing/",
        "http://[",
        "",
    ):
        assert ask(owner, address).status_code == 404, address


def test_oembed_answers_about_a_model_and_its_viewer(client, model, settings):
    for address in (page_of(model, settings), f"{settings.SITE_URL}/view/{model.pk}/"):
        answer = ask(client, address)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        found = answer.json()
        assert (found["type"], found["version"], found["title"]) == ("rich", "1.0", model.title)
        assert found["author_name"] == model.creator.display_name
        assert found["provider_name"] == settings.SITE_NAME
        assert (found["width"], found["height"]) == (640, 480)
        assert (found["thumbnail_width"], found["thumbnail_height"]) == (1280, 960)
        frame = ElementTree.fromstring(found["html"].replace("allowfullscreen", 'allowfullscreen=""'))
        assert frame.tag == "iframe"
        assert frame.get("title").startswith(model.title)
        assert client.get(frame.get("src")).status_code == 200


def test_oembed_stays_within_the_size_it_is_given(client, model, settings):
    found = ask(client, page_of(model, settings), maxwidth="400", maxheight="1000").json()
    assert (found["width"], found["height"]) == (400, 300)
    assert (found["thumbnail_width"], found["thumbnail_height"]) == (320, 240)
    assert "thumbnail_url" not in ask(client, page_of(model, settings), maxwidth="100").json()
    for wrong in ("0", "-1", "many", "99999999", "4e2", "٤٠"):
        refused = ask(client, page_of(model, settings), maxwidth=wrong)
        assert refused.status_code == 400, wrong
        assert "whole numbers" in refused.content.decode()


def test_oembed_speaks_xml_too_and_nothing_else(client, model, settings):
    answer = ask(client, page_of(model, settings), format="xml")
    assert answer["Content-Type"].startswith("text/xml")
    found = ElementTree.fromstring(answer.content)
    assert found.findtext("title") == model.title
    assert found.findtext("html").startswith("<iframe")
    assert ask(client, page_of(model, settings), format="yaml").status_code == 501


def test_oembed_leaves_out_what_xml_cannot_say(client, settings):
    odd = Model3DFactory(listed=True, title="Oak\x01 \ufffechair\x7f")
    found = ElementTree.fromstring(ask(client, page_of(odd, settings), format="xml").content)
    assert found.findtext("title") == "Oak chair\x7f"
    assert ask(client, page_of(odd, settings)).json()["title"] == odd.title


def test_mature_models_have_no_thumbnail(client, settings):
    mature = Model3DFactory(listed=True, is_mature=True)
    assert "thumbnail_url" not in ask(client, page_of(mature, settings)).json()


def test_pages_say_where_to_ask_for_oembed(client, model):
    for name in ("marketplace:model", "marketplace:viewer"):
        html = client.get(reverse(name, args=[model.pk])).content.decode()
        address = html.split('type="application/json+oembed" href="')[1].split('"')[0].replace("&amp;", "&")
        assert client.get(address).json()["title"] == model.title
    draft = Model3DFactory(with_file=True)
    client.force_login(draft.creator)
    assert b"json+oembed" not in client.get(draft.get_absolute_url()).content


def test_the_code_for_a_phone_is_a_picture_for_those_who_see_the_page(client, model):
    draft = Model3DFactory(with_file=True)
    assert client.get(reverse("marketplace:viewer_qr", args=[draft.pk])).status_code == 404
    answer = client.get(reverse("marketplace:viewer_qr", args=[model.pk]))
    assert answer["Content-Type"] == "image/svg+xml"
    picture = ElementTree.fromstring(answer.content)
    assert picture.tag.endswith("svg")
    assert "style" not in answer.content.decode()


def test_the_page_tells_its_scripts_the_originals_measures(client, model):
    html = client.get(reverse("marketplace:viewer", args=[model.pk])).content.decode()
    facts = html.split('<script id="inspector-facts" type="application/json">')[1].split("</script>")[0]
    assert '"dimensions": [1.0, 0.25, 1.0]' in facts
    assert "The original file" in html


def test_strangers_see_no_viewer_of_a_draft(client):
    draft = Model3DFactory(with_file=True)
    client.force_login(UserFactory())
    assert client.get(reverse("marketplace:viewer", args=[draft.pk])).status_code == 404
