"""The moderators' queue and desk in the console."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from marketplace.actions import review
from marketplace.models import Category, Model3D, ModelFile, ReviewClaim
from marketplace.tests.factories import CategoryFactory, Model3DFactory, ModelFileFactory, TagFactory

pytestmark = pytest.mark.django_db

QUEUE = "/admin/marketplace/model3d/"
VERBS = ["approve", "reject", "undo", "feature", "take_over", "retry"]


@pytest.fixture
def moderator(client):
    user = UserFactory(moderator=True)
    client.force_login(user)
    return user


def desk(model):
    return reverse("admin:marketplace_model3d_change", args=[model.pk])


def decide(client, verb, model, **data):
    return client.post(reverse(f"admin:marketplace_model3d_{verb}", args=[model.pk]), data)


@pytest.mark.parametrize("person", [{}, {"creator": True}, {"staff": True}])
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_without_the_permission_decides_or_looks(client, person, verb):
    model = Model3DFactory(pending=True)
    client.force_login(UserFactory(**person))

    assert client.get(QUEUE).status_code in (302, 403)
    assert client.get(desk(model)).status_code in (302, 403)
    assert decide(client, verb, model).status_code in (302, 403)
    model.refresh_from_db()
    assert model.status == "pending"
    assert not ReviewClaim.objects.exists()


def test_staff_who_may_only_look_see_the_page_without_its_buttons(client):
    model = Model3DFactory(pending=True)
    client.force_login(UserFactory(staff=True, permissions=["marketplace.view_model3d"]))

    page = client.get(desk(model))

    assert page.status_code == 200
    assert "Approve and next" not in page.content.decode()
    assert not ReviewClaim.objects.exists()
    assert decide(client, "approve", model).status_code == 403


def test_a_moderator_sees_their_own_model_without_a_decision(client):
    moderator = UserFactory(moderator=True, creator=True)
    model = Model3DFactory(pending=True, creator=moderator)
    client.force_login(moderator)

    page = client.get(desk(model)).content.decode()
    assert "This is your own model" in page
    assert "Approve and next" not in page
    decide(client, "approve", model)
    decide(client, "reject", model, reason="quality", note="No.")
    model.refresh_from_db()
    assert model.status == "pending"


def test_decisions_need_a_post(client, moderator):
    model = Model3DFactory(pending=True)

    for verb in VERBS:
        assert client.get(reverse(f"admin:marketplace_model3d_{verb}", args=[model.pk])).status_code == 405


def test_the_list_is_the_queue_oldest_first(client, moderator):
    now = timezone.now()
    newer = Model3DFactory(pending=True, title="Newer", submitted_at=now - timedelta(hours=1))
    older = Model3DFactory(pending=True, title="Older", submitted_at=now - timedelta(days=2))
    Model3DFactory(title="A draft")
    live = Model3DFactory(title="Live", listed=True)
    review.claim(model=older, by=UserFactory(moderator=True, username="ana"))

    page = client.get(QUEUE)

    assert [model.pk for model in page.context["cl"].result_list] == [older.pk, newer.pk]
    text = page.content.decode()
    assert "2 days ago" in text
    assert "ana is reviewing" in text
    approved = client.get(QUEUE, {"state": "approved"}).context["cl"].result_list
    assert [model.pk for model in approved] == [live.pk]
    assert len(client.get(QUEUE, {"state": "all"}).context["cl"].result_list) == 4
    assert client.get(QUEUE, {"q": "older", "state": "all"}).context["cl"].result_list[0].pk == older.pk


def test_the_queue_asks_the_database_as_often_for_many_models_as_for_few(
    client, moderator, django_assert_max_num_queries
):
    category = CategoryFactory()

    def queries(size):
        for model in Model3DFactory.create_batch(size, pending=True, category=category):
            review.claim(model=model, by=moderator)
        client.get(QUEUE)
        with django_assert_max_num_queries(14) as found:
            client.get(QUEUE)
        return len(found)

    assert queries(1) == queries(15)


def test_opening_a_model_claims_it_and_another_moderator_sees_that_and_can_take_over(client, moderator):
    model = Model3DFactory(pending=True)
    client.get(desk(model))
    assert ReviewClaim.objects.get().moderator == moderator

    colleague = UserFactory(moderator=True)
    client.force_login(colleague)
    page = client.get(desk(model)).content.decode()
    assert f"<b>{moderator}</b> is reviewing" in page
    decide(client, "take_over", model)
    assert ReviewClaim.objects.get().moderator == colleague


def test_the_desk_shows_what_a_decision_needs(client, moderator):
    model = Model3DFactory(
        pending=True, tags=["oak"], title="<b>Chair</b>", description="**Fine** <script>x</script>"
    )
    other = Model3DFactory(listed=True, creator=model.creator, title="Earlier work")
    model.current_file.findings.create(
        step="gltf", severity="warning", code="x", message="Normals are missing."
    )

    text = client.get(desk(model)).content.decode()

    for expected in (
        "Normals are missing.",
        "Earlier work",
        "oak",
        "512",
        "<strong>Fine</strong>",
        "/preview/",
    ):
        assert expected in text
    assert "<script>x" not in text
    assert "<b>Chair</b>" not in text
    assert str(other.pk) in text


def test_approve_and_next_goes_to_the_oldest_that_is_left_and_then_to_the_list(client, moderator):
    first, second = Model3DFactory(pending=True), Model3DFactory(pending=True)

    answer = decide(client, "approve", first, next="1")
    assert answer.url == desk(second)
    answer = decide(client, "reject", second, reason="quality", note="Holes.", next="1")
    assert answer.url == QUEUE
    assert set(Model3D.objects.values_list("status", flat=True)) == {"approved", "rejected"}


@pytest.mark.parametrize("data", [{}, {"reason": "quality", "note": " "}, {"reason": "zzz", "note": "x"}])
def test_a_rejection_without_reason_or_note_is_told_beside_the_field(client, moderator, data):
    model = Model3DFactory(pending=True)

    page = decide(client, "reject", model, **data)

    assert page.status_code == 422
    assert page.context["form"].errors
    model.refresh_from_db()
    assert model.status == "pending"


def test_a_page_that_is_out_of_date_approves_nothing(client, moderator):
    model = Model3DFactory(pending=True)
    seen = client.get(desk(model)).context["desk"].seen
    with model.changing("title"):
        model.title = "Swapped"

    decide(client, "approve", model, seen=seen)

    model.refresh_from_db()
    assert model.status == "pending"


def test_a_decision_is_undone_from_the_desk(client, moderator):
    model = Model3DFactory(pending=True)
    decide(client, "approve", model)

    assert "Undo this decision" in client.get(desk(model)).content.decode()
    decide(client, "undo", model)

    model.refresh_from_db()
    assert model.status == "pending"


def test_a_failed_file_is_processed_again_from_the_desk_and_no_file_of_another_model(client, moderator):
    model = Model3DFactory(pending=True)
    failed = ModelFileFactory(model=model, version=2, failed=True)
    foreign = ModelFileFactory(failed=True)

    assert decide(client, "retry", model, file=foreign.pk).status_code == 404
    for odd in ("", "first", "-1", "9" * 30, "9" * 5000, "\0"):
        assert decide(client, "retry", model, file=odd).status_code == 404
    decide(client, "retry", model, file=failed.pk)

    failed.refresh_from_db()
    assert failed.state == ModelFile.State.QUEUED


def test_bulk_actions_report_each_model(client, moderator):
    waiting, live = Model3DFactory(pending=True, title="Waits"), Model3DFactory(listed=True, title="Lives")
    rejected = Model3DFactory(rejected=True, title="Refused")
    chosen = [waiting.pk, live.pk, rejected.pk]

    page = client.post(
        f"{QUEUE}?state=all", {"action": "approve_selected", "_selected_action": chosen}, follow=True
    )
    told = " ".join(str(message) for message in page.context["messages"])

    assert "1 approved: “Waits”." in told
    assert "Already approved: “Lives”." in told
    assert "“Refused” is not waiting" in told
    page = client.post(
        f"{QUEUE}?state=all", {"action": "feature_selected", "_selected_action": chosen}, follow=True
    )
    assert set(Model3D.objects.filter(is_featured=True)) == {waiting, live}


def test_disabling_a_category_takes_its_models_out_of_the_counts_and_enabling_brings_them_back(client):
    client.force_login(UserFactory(admin=True))
    model = Model3DFactory(listed=True)
    category = model.category
    address = reverse("admin:marketplace_category_change", args=[category.pk])
    fields = {"name": category.name, "slug": category.slug, "icon": "box", "order": "0", "description": ""}

    assert client.post(address, fields).status_code == 302
    model.creator.refresh_from_db()
    assert (Category.objects.get().model_count, model.creator.total_models) == (0, 0)

    client.post(address, {**fields, "enabled": "on"})
    model.creator.refresh_from_db()
    assert (Category.objects.get().model_count, model.creator.total_models) == (1, 1)


def test_a_tag_is_renamed_in_lower_case_and_never_to_one_that_exists(client):
    client.force_login(UserFactory(admin=True))
    tag = TagFactory(name="wood")
    TagFactory(name="timber")
    address = reverse("admin:marketplace_tag_change", args=[tag.pk])

    assert client.post(address, {"name": " Timber "}).status_code == 200
    assert client.post(address, {"name": "Hard  Wood"}).status_code == 302
    tag.refresh_from_db()
    assert tag.name == "hard wood"
    assert client.get(reverse("admin:marketplace_tag_changelist")).status_code == 200


def test_the_other_states_are_one_click_from_the_queue_and_keep_the_search(client, moderator):
    page = client.get(QUEUE, {"q": "oak"}).content.decode()

    assert 'href="?q=oak&amp;state=pending" aria-current="page"' in page
    assert 'href="?q=oak&amp;state=rejected"' in page
