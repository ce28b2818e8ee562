"""Words and formats held against the measures: kept up to date, for the creator's and the moderators' eyes."""

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.actions import publishing, uploads
from marketplace.actions.comparing import compare
from marketplace.models import Finding, Inspection
from marketplace.tests.factories import Model3DFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def open_codes(file, step="claims") -> list[str]:
    return list(file.findings.open().filter(step=step).order_by("code").values_list("code", flat=True))


def edit(model, **changes):
    publishing.edit_model(model=model, tags=changes.pop("tags", []), **changes)


def test_a_visitor_and_a_stranger_never_read_what_is_said_about_the_words(client):
    model = Model3DFactory(listed=True, title="Rigged robot")
    compare(model)
    message = Finding.objects.get().message
    for viewer in (None, UserFactory(), model.creator):
        if viewer:
            client.force_login(viewer)
        assert message not in client.get(model.get_absolute_url()).content.decode()


def test_the_creator_reads_it_on_the_edit_page_and_the_moderator_at_the_desk(client):
    model = Model3DFactory(pending=True, title="Rigged robot")
    compare(model)
    quoted = "The title says “Rigged”, but the GLB file holds no skeleton."
    client.force_login(model.creator)
    assert quoted in client.get(reverse("marketplace:edit", args=[model.pk])).content.decode()
    client.force_login(UserFactory(moderator=True))
    desk = client.get(reverse("admin:marketplace_model3d_change", args=[model.pk])).content.decode()
    assert quoted in desk


def test_changed_words_are_compared_anew():
    model = Model3DFactory(with_file=True)
    edit(model, title="Rigged robot", description="With 4K textures.", tags=["animated"])
    assert open_codes(model.current_file) == ["claim-animated", "claim-rigged", "claim-textured"]
    edit(model, title="Robot", description="Not rigged.", tags=["animated"])
    assert open_codes(model.current_file) == ["claim-animated"]
    assert Finding.objects.filter(is_resolved=True).count() == 2
    edit(model, title="Robot", description="", tags=[])
    assert open_codes(model.current_file) == []


def test_comparing_twice_leaves_the_same_rows():
    model = Model3DFactory(with_file=True, title="Rigged robot")
    compare(model)
    first = list(Finding.objects.values_list("pk", "is_resolved"))
    compare(model)
    assert list(Finding.objects.values_list("pk", "is_resolved")) == first


def test_findings_of_other_checks_are_left_alone():
    model = Model3DFactory(with_file=True, title="Robot")
    kept = Finding.objects.create(
        file=model.current_file, step="gltf", severity="error", code="x", message="Broken."
    )
    compare(model)
    kept.refresh_from_db()
    assert not kept.is_resolved


def test_a_model_without_a_measured_file_has_nothing_to_compare():
    model = Model3DFactory(title="Rigged robot")
    ModelFileFactory(model=model)
    compare(model)
    assert not Finding.objects.exists()


def test_what_another_format_holds_is_no_false_claim():
    model = Model3DFactory(with_file=True, title="Rigged robot")
    fbx = ModelFileFactory(model=model, format="fbx", ready=True)
    compare(model)
    assert open_codes(model.current_file) == ["claim-rigged"]
    Inspection.objects.filter(file=fbx).update(is_rigged=True)
    compare(model)
    assert open_codes(model.current_file) == []


def test_the_words_follow_the_file_that_is_shown():
    model = Model3DFactory(with_file=True, title="Rigged robot")
    shown, obj = model.current_file, ModelFileFactory(model=model, format="obj", ready=True)
    compare(model)
    model.show_file(obj)
    compare(model)
    assert open_codes(shown) == []
    assert open_codes(obj) == ["claim-rigged"]


def test_the_later_format_is_warned_where_figures_differ():
    model = Model3DFactory(with_file=True)
    obj = ModelFileFactory(model=model, format="obj", ready=True)
    Inspection.objects.filter(file=obj).update(triangles=9)
    compare(model)
    assert open_codes(model.current_file, "formats") == []
    assert obj.findings.open().get().message == "The OBJ has 9 triangles, the GLB 512."


def test_when_the_other_format_goes_the_difference_is_gone():
    model = Model3DFactory()
    glb = ModelFileFactory(model=model, ready=True)
    obj = ModelFileFactory(model=model, format="obj", ready=True, current=True)
    Inspection.objects.filter(file=obj).update(triangles=9)
    compare(model)
    assert open_codes(obj, "formats") == ["formats-triangles"]
    glb.delete()
    compare(model)
    assert open_codes(obj, "formats") == []


def test_an_older_version_of_a_format_is_not_compared():
    model = Model3DFactory()
    old = ModelFileFactory(model=model, ready=True)
    Inspection.objects.filter(file=old).update(triangles=9)
    ModelFileFactory(model=model, version=2, ready=True, current=True)
    compare(model)
    assert not Finding.objects.exists()


def test_showing_and_removing_a_format_compares_anew():
    model = Model3DFactory(with_file=True, title="Rigged robot")
    shown, obj = model.current_file, ModelFileFactory(model=model, format="obj", ready=True)
    Inspection.objects.filter(file=obj).update(triangles=9)
    uploads.show_file(model=model, file=obj)
    assert (open_codes(shown), open_codes(obj)) == ([], ["claim-rigged"])
    assert open_codes(obj, "formats") == ["formats-triangles"]
    uploads.remove_file(model=model, file=shown)
    assert open_codes(obj, "formats") == []


def test_a_format_that_is_processed_anew_stays_listed():
    model = Model3DFactory(with_file=True)
    ModelFileFactory(model=model, format="obj", ready=True, state="queued")
    model.show_file(model.current_file)
    assert model.file_formats == ["glb", "obj"]
