"""Which tools made what: by step, also for what was processed before that was recorded so."""

import importlib

import pytest
from django.db import connection
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.models import Inspection
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

migration = importlib.import_module("marketplace.migrations.0008_tool_versions_by_step")


def run(statement) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return Inspection.objects.get().tool_versions


def test_old_records_are_sorted_by_step_and_back():
    Model3DFactory(with_file=True)
    flat = {"node": "24", "gltf-validator": "2.0", "f3d": "4.0", "trimesh": "5.2"}
    Inspection.objects.update(tool_versions=flat)
    by_step = {
        "gltf": {"node": "24", "gltf-validator": "2.0"},
        "poster": {"f3d": "4.0"},
        "turntable": {"f3d": "4.0"},
        "geometry": {"trimesh": "5.2"},
    }
    assert run(migration.FORWARDS) == by_step
    assert run(migration.BACKWARDS) == flat


def test_what_has_no_record_stays_without():
    Model3DFactory(with_file=True)
    assert run(migration.FORWARDS) == {}
    assert run(migration.BACKWARDS) == {}


def test_the_moderator_sees_which_tools_were_used(client):
    model = Model3DFactory(pending=True)
    Inspection.objects.update(tool_versions={"poster": {"f3d": "4.0.1"}, "preflight": {}})
    client.force_login(UserFactory(moderator=True))
    page = client.get(reverse("admin:marketplace_model3d_change", args=[model.pk])).content.decode()
    assert "<dt>Rendering the poster</dt><dd>f3d 4.0.1</dd>" in page
