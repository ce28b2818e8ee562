"""The queue over all reports: folded, ordered by severity, reach, trust and age."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report
from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import CommentFactory, Model3DFactory
from support.safety.queue import PAGE_SIZE, Queue, waiting_reports
from support.tests.safety.making import moderator, reported, subject_of

pytestmark = pytest.mark.django_db
Reason = Report.Reason


def titles() -> list[str]:
    return [case.latest.title for case in Queue().cases]


def history(person, *, upheld: int = 0, dismissed: int = 0) -> None:
    for state, count in (("upheld", upheld), ("dismissed", dismissed)):
        for _ in range(count):
            report = reported(Model3DFactory(), UserFactory(), by=person)
            Report.objects.filter(pk=report.pk).update(state=state)


def test_only_those_who_decide_see_it_and_whoever_may_not_is_refused(client):
    for person, status in (
        (UserFactory(), 302),
        (UserFactory(staff=True), 403),
        (UserFactory(staff=True, permissions=["accounts.view_report"]), 403),
        (moderator(), 200),
    ):
        client.force_login(person)
        assert client.get(reverse("safety_queue")).status_code == status


def test_reports_of_one_thing_are_one_case_with_the_gravest_reason():
    model = Model3DFactory(listed=True)
    for reason in (Reason.SPAM, Reason.ILLEGAL, Reason.SPAM):
        reported(model, model.creator, reason=reason)
    reported(Model3DFactory(), UserFactory())
    case = Queue().cases[0]
    assert (case.reports, case.severity, case.grade) == (3, 5, "Critical")
    assert case.reason_labels == ["Illegal content", "Spam or misleading"]
    assert waiting_reports() == Queue().count == 2
    assert Report.objects.open().count() == 4


def test_the_grave_come_first_then_what_is_seen_and_what_good_reporters_report_and_nothing_waits_for_ever():
    kinds = {
        "grave": Reason.ILLEGAL,
        "seen": Reason.SPAM,
        "trusted": Reason.SPAM,
        "plain": Reason.SPAM,
        "doubted": Reason.SPAM,
    }
    good, bad = UserFactory(), UserFactory()
    history(good, upheld=8)
    history(bad, dismissed=8)
    for title, reason in kinds.items():
        model = Model3DFactory(listed=True, title=title)
        by = {"trusted": good, "doubted": bad}.get(title)
        reported(model, model.creator, by=by, reason=reason)
    Model3D.objects.filter(title="seen").update(views=100_000)
    assert titles() == ["grave", "seen", "trusted", "plain", "doubted"]
    old = timezone.now() - timedelta(days=20)
    Report.objects.open().filter(title="doubted").update(created_at=old)
    assert titles()[0] == "doubted"
    case = Queue().cases[0]
    assert (case.is_overdue, case.trust_percent) == (True, 10)


def test_a_crowd_of_new_reporters_weighs_only_so_much():
    crowd, grave = Model3DFactory(listed=True, title="crowd"), Model3DFactory(listed=True, title="grave")
    for _ in range(12):
        reported(crowd, crowd.creator, reason=Reason.OTHER)
    reported(grave, grave.creator, reason=Reason.ILLEGAL)
    assert titles() == ["grave", "crowd"]


def test_it_is_narrowed_to_a_kind_and_turned_page_by_page(client):
    client.force_login(moderator())
    comment = CommentFactory()
    reported(comment, comment.author)
    for _ in range(PAGE_SIZE + 1):
        reported(Model3DFactory(), UserFactory())
    kind = ContentType.objects.get_for_model(comment)
    page = client.get(reverse("safety_queue"), {"kind": kind.pk})
    assert [case.latest.content_type for case in page.context["queue"].cases] == [kind]
    second = client.get(reverse("safety_queue"), {"page": 2}).context["queue"]
    assert (second.pages, len(second.cases)) == (2, 2)
    for wrong in ({"kind": "x"}, {"kind": "9" * 30}, {"page": "-1"}, {"page": "9" * 8}):
        assert client.get(reverse("safety_queue"), wrong).status_code == 200


@pytest.mark.parametrize("count", [1, 24])
def test_however_many_wait_the_page_asks_as_often(client, count, django_assert_max_num_queries):
    client.force_login(moderator())
    for _ in range(count):
        reported(Model3DFactory(), UserFactory())
    client.get(reverse("safety_queue"))
    with django_assert_max_num_queries(14):
        client.get(reverse("safety_queue"))


def test_a_case_shows_what_was_reported_and_what_its_reporters_reported_before(client):
    client.force_login(moderator())
    by = UserFactory()
    history(by, upheld=2, dismissed=1)
    model = Model3DFactory(listed=True, title="<b>Chest</b>")
    reported(model, model.creator, by=by)
    page = client.get(reverse("safety_case", args=[subject_of(model).content_type.pk, model.pk]))
    text = page.content.decode()
    assert "2 upheld, 1 dismissed before" in text
    assert "Snapshot of &lt;b&gt;Chest" in text
    for wrong in ([1, model.pk], [subject_of(model).content_type.pk, "x"], [9999, 1]):
        assert client.get(reverse("safety_case", args=wrong)).status_code == 404
