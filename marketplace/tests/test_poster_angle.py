"""The view for the poster: chosen by the creator alone, rendered anew by one step, the old poster staying meanwhile."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.tests.factories import UserFactory
from marketplace.actions import processing
from marketplace.actions.posing import choose_angle
from marketplace.exceptions import LeaseLost, TransitionRefused
from marketplace.leases import Lease
from marketplace.models import Inspection, Model3D, ModelFile, PosterAngle
from marketplace.processing.types import Angle
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def creator(client):
    user = UserFactory(creator=True)
    client.force_login(user)
    return user


def send(client, model, **data):
    return client.post(reverse("marketplace:poster", args=[model.pk]), data)


def stale(file) -> list[str]:
    return Inspection.objects.get(file=file).stale_steps


def test_nobody_turns_the_model_of_another(client, creator):
    theirs = Model3DFactory(listed=True)
    assert send(client, theirs, azimuth=0, elevation=0).status_code == 404
    client.logout()
    assert send(client, theirs, azimuth=0, elevation=0).status_code == 302
    assert not PosterAngle.objects.exists()
    assert stale(theirs.current_file) == []


@pytest.mark.parametrize(
    "data",
    [
        {}, {"azimuth": "181", "elevation": "0"}, {"azimuth": "0", "elevation": "86"},
        {"azimuth": "0", "elevation": "-90"}, {"azimuth": "NaN", "elevation": "0"},
        {"azimuth": "1.5", "elevation": "0"},
        {"azimuth": "9" * 400, "elevation": "0"}, {"view": "inside", "azimuth": "x", "elevation": ""},
    ],
)  # fmt: skip
def test_angles_out_of_range_are_refused_beside_the_field(client, creator, data):
    model = Model3DFactory(creator=creator, with_file=True)
    response = send(client, model, **data)
    assert response.status_code == 422
    assert response.context["poster_form"].errors
    assert not PosterAngle.objects.exists()


@pytest.mark.parametrize("values", [{"azimuth": 181, "elevation": 0}, {"azimuth": 0, "elevation": -86}])
def test_the_database_keeps_angles_in_range(values):
    model = Model3DFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PosterAngle.objects.create(model=model, **values)


def test_of_a_deleted_model_nothing_is_chosen():
    model = Model3DFactory(with_file=True)
    model.withdraw()
    with pytest.raises(TransitionRefused):
        choose_angle(model=model, angle=Angle(0, 0))


def test_the_old_poster_stays_while_only_the_poster_is_made_anew(client, creator):
    model = Model3DFactory(creator=creator, listed=True)
    before = model.current_file.poster_medium.name

    assert send(client, model, azimuth="-120", elevation="40").status_code == 302

    model = Model3D.objects.select_related("current_file").get()
    assert model.poster_view == Angle(-120, 40)
    assert model.poster_orbit == "-120deg 50deg auto"
    assert model.is_listed
    assert model.current_file.poster_medium.name == before
    assert model.current_file.state == "queued"
    assert stale(model.current_file) == ["poster"]
    page = client.get(model.get_edit_url()).content.decode()
    assert "Being rendered anew" in page
    assert 'value="-120"' in page
    assert 'data-orbit="-120deg 50deg auto"' in page


def test_named_views_need_neither_scripts_nor_numbers_and_twice_is_once(client, creator):
    model = Model3DFactory(creator=creator, with_file=True)
    send(client, model, view="back", azimuth="nonsense")
    model = Model3D.objects.get()
    assert model.poster_view == Angle(180, 8)
    assert not choose_angle(model=model, angle=Angle(180, 8))
    send(client, model, view="usual")
    assert Model3D.objects.get().poster_view == Angle()


def test_a_worker_that_renders_the_old_view_stores_nothing_of_it():
    model = Model3DFactory(with_file=True)
    file = model.current_file
    type(file).objects.filter(pk=file.pk).update(state="queued")
    with Lease.take(file.pk) as lease:
        choose_angle(model=model, angle=Angle(10, 10))
        with pytest.raises(LeaseLost):
            lease.locked_file()


def test_new_versions_and_failed_files_are_told_apart():
    model = Model3DFactory(listed=True)
    proposal = ModelFileFactory(model=model, format="stl", ready=True, standing="proposed")
    failed = ModelFileFactory(model=model, format="obj", failed=True)
    choose_angle(model=model, angle=Angle(10, 10))
    failed.refresh_from_db()
    assert stale(proposal) == ["poster"]
    assert failed.state == "failed"


def test_the_live_poster_turns_too_where_a_new_version_waits_or_was_refused():
    model = Model3DFactory(listed=True)
    proposal = ModelFileFactory(model=model, version=2, ready=True, standing="proposed")
    choose_angle(model=model, angle=Angle(10, 10))
    assert stale(model.current_file) == stale(proposal) == ["poster"]
    Inspection.objects.update(stale_steps=[])
    ModelFile.objects.filter(pk=proposal.pk).update(standing="refused")
    choose_angle(model=model, angle=Angle(20, 10))
    assert stale(model.current_file) == ["poster"]


@pytest.mark.django_db(transaction=True)
def test_the_poster_of_a_real_file_changes_and_nothing_else_runs():
    model = Model3DFactory(with_file=True)
    file = model.current_file
    before, turntable = file.poster_medium.name, file.turntable.name
    choose_angle(model=model, angle=Angle(90, 0))

    processing.process(file.pk)

    file.refresh_from_db()
    assert (file.state, stale(file)) == ("ready", [])
    assert file.poster_medium.name != before
    assert not file.poster_medium.storage.exists(before)
    assert file.turntable.name == turntable
    details = Inspection.objects.get(file=file).details["poster"]
    assert (details["azimuth"], details["elevation"]) == (90, 0)


@pytest.mark.full
@pytest.mark.browser
def test_the_creator_turns_the_model_and_the_poster_follows(page, live_site):
    model = Model3DFactory(listed=True)
    client = Client()
    client.force_login(model.creator)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}]
    )
    page.goto(model.get_edit_url())
    button = page.get_by_role("button", name="Use this view for the poster")
    assert button.is_disabled()
    page.get_by_role("button", name="View in 3D").click()
    page.wait_for_selector(".is-live", timeout=90_000)
    page.locator("model-viewer").evaluate("viewer => viewer.shadowRoot.querySelector('.userInput').focus()")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-azimuth]")).not_to_have_value("35", timeout=90_000)
    turned = page.locator("[data-azimuth]").input_value()
    button.click()
    page.wait_for_url("**#poster")
    stored = PosterAngle.objects.get(model=model)
    assert stored.azimuth != 35
    assert abs(stored.azimuth - int(turned)) <= 40
    file = model.current_file
    for _ in range(120):
        file.refresh_from_db()
        if file.state == "ready":
            break
        page.wait_for_timeout(500)
    details = Inspection.objects.get(file=file).details["poster"]
    assert (details["azimuth"], details["elevation"]) == (stored.azimuth, stored.elevation)
