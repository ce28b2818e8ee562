"""The pages of bounties: who sees what, what bad input gets, and how much they ask of the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report, UserBlock
from accounts.tests.factories import UserFactory
from commerce.actions.bounties.moderating import put_back, take_down
from commerce.models import Bounty, BountyApplication, BountyComment, BountySubmission, Payment
from commerce.tests.bounty_factories import (
    applied,
    bounty_picture,
    money_comes,
    open_bounty,
    past_deadline,
    submitted,
    unpaid_bounty,
    work_of,
)
from marketplace.models import Model3D
from marketplace.tests.factories import CategoryFactory, Model3DFactory, picture_bytes

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, bounty, *rest) -> str:
    return reverse(f"commerce:{name}", args=[bounty.pk, *rest])


def form(**fields) -> dict:
    return {
        "title": "A brass sextant",
        "category": fields.pop("category", None) or CategoryFactory().pk,
        "description": "For a museum scene.",
        "requirements": "A lid that opens.",
        "budget": "250.00",
        "deadline": (timezone.now() + timedelta(days=20)).date().isoformat(),
        "license": "royalty_free",
    } | fields


# Posting


def test_a_bounty_is_written_paid_in_the_sandbox_and_open(client):
    poster = UserFactory()
    client.force_login(poster)
    picture = SimpleUploadedFile("ref.webp", picture_bytes(640, 480))
    sent = form(wanted_formats=["glb", "fbx"], wants=["rig"], max_triangles="50000", pictures=[picture])
    answer = client.post(reverse("commerce:new_bounty"), sent)
    bounty = Bounty.objects.get()
    assert answer.url == address("pay_bounty", bounty)
    assert (bounty.budget, bounty.wanted_formats, bounty.wants) == (
        Decimal("250.00"),
        ["glb", "fbx"],
        ["rig"],
    )
    assert bounty.pictures.get().width == 640
    billing = {
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "country": "ES",
        "method": "card",
        "terms": "on",
    }
    answer = client.post(answer.url, billing)
    assert "/sandbox/pay/" in answer.url
    payment = Payment.objects.get()
    assert client.get(address("pay_bounty", bounty)).url == reverse(
        "commerce:payment", args=[payment.public_id]
    )
    money_comes(payment)
    assert client.get(reverse("commerce:payment", args=[payment.public_id])).url == bounty.get_absolute_url()
    page = Client().get(bounty.get_absolute_url())
    assert "Paid, and held by us" in page.text and "50,000 triangles" in page.text
    assert bounty.title in Client().get(reverse("commerce:bounties")).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", "-1"),
        ("budget", "0"),
        ("budget", "NaN"),
        ("budget", "Infinity"),
        ("budget", "1e30"),
        ("budget", "20.001"),
        ("budget", "9.99"),
        ("budget", "money"),
        ("deadline", "2001-01-01"),
        ("deadline", "9999-12-31"),
        ("deadline", "soon"),
        ("title", "…"),
        ("title", "x" * 121),
        ("description", "x" * 20_001),
        ("description", "null\0byte"),
        ("requirements", ""),
        ("category", "999999"),
        ("license", "mine"),
        ("wanted_formats", "exe"),
        ("wants", "gold"),
        ("max_triangles", "-4"),
        ("max_triangles", "9" * 30),
    ],
)
def test_bad_input_is_an_error_beside_its_field(client, field, value):
    client.force_login(UserFactory())
    answer = client.post(reverse("commerce:new_bounty"), form(**{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Bounty.objects.exists()


def test_a_picture_that_is_none_or_too_many_are_refused(client):
    client.force_login(UserFactory())
    bad = SimpleUploadedFile("ref.png", b"<svg onload=alert(1)>")
    assert client.post(reverse("commerce:new_bounty"), form(pictures=bad)).status_code == 422
    many = [SimpleUploadedFile(f"{n}.webp", picture_bytes(320, 240)) for n in range(7)]
    assert client.post(reverse("commerce:new_bounty"), form(pictures=many)).status_code == 422
    assert not Bounty.objects.exists()


def test_a_draft_is_changed_and_loses_a_picture(client):
    bounty = unpaid_bounty()
    client.force_login(bounty.creator)
    picture = SimpleUploadedFile("ref.webp", picture_bytes(640, 480))
    sent = form(title="A brass astrolabe", pictures=picture)
    assert client.post(address("edit_bounty", bounty), sent).status_code == 302
    assert "A brass astrolabe" in client.get(address("edit_bounty", bounty)).text
    picture = bounty.pictures.get()
    client.post(address("bounty_picture", bounty, picture.pk), {"_method": "delete"})
    assert not bounty.pictures.exists()


def test_what_is_paid_is_not_changed_any_more(client):
    bounty = open_bounty()
    client.force_login(bounty.creator)
    assert client.post(address("edit_bounty", bounty), form(title="Another")).status_code == 302
    bounty.refresh_from_db()
    assert bounty.title == "A brass sextant"


def test_a_bounty_that_nobody_pays_is_discarded(client):
    bounty = unpaid_bounty()
    client.force_login(bounty.creator)
    assert "Discard" in client.get(address("cancel_bounty", bounty)).text
    assert client.post(address("cancel_bounty", bounty)).url == reverse("commerce:my_bounties")
    bounty.refresh_from_db()
    assert bounty.status == Bounty.Status.CANCELLED
    assert bounty.title not in client.get(reverse("commerce:my_bounties")).text


def test_the_deadline_is_moved_by_its_poster_alone(client):
    bounty = open_bounty()
    later = (timezone.now() + timedelta(days=40)).date().isoformat()
    assert (
        client_of(UserFactory()).post(address("bounty_deadline", bounty), {"deadline": later}).status_code
        == 404
    )
    client.force_login(bounty.creator)
    assert client.post(address("bounty_deadline", bounty), {"deadline": "2001-01-01"}).status_code == 422
    assert client.post(address("bounty_deadline", bounty), {"deadline": later}).status_code == 302
    bounty.refresh_from_db()
    assert bounty.deadline.date().isoformat() == later


def test_a_cancelled_bounty_says_that_the_money_is_being_returned(client):
    bounty = open_bounty()
    client.force_login(bounty.creator)
    client.post(address("cancel_bounty", bounty))
    assert "is being returned" in client.get(bounty.get_absolute_url()).text
    assert "money being returned" in client.get(reverse("commerce:my_bounties")).text
    assert "is being returned" not in Client().get(bounty.get_absolute_url()).text


def test_with_work_there_the_page_says_why_it_cannot_be_cancelled_yet(client):
    bounty = submitted(open_bounty()).bounty
    client.force_login(bounty.creator)
    assert "when the deadline has passed" in client.get(address("cancel_bounty", bounty)).text
    assert client.post(address("cancel_bounty", bounty), {"reason": "No."}).status_code == 422


# Taking part


def test_applying_again_says_it_in_other_words(client):
    bounty, person = open_bounty(), UserFactory(creator=True)
    shown = Model3DFactory(listed=True, creator=person)
    client.force_login(person)
    sent = {"message": "With a lid.", "portfolio": [shown.pk]}
    assert client.post(address("bounty_application", bounty), sent).status_code == 302
    client.post(address("bounty_application", bounty), {"message": "With two lids."})
    application = BountyApplication.objects.get()
    assert application.message == "With two lids." and not application.portfolio.exists()
    assert "With two lids." in client_of(bounty.creator).get(bounty.get_absolute_url()).text
    for other in (Client(), client_of(UserFactory())):
        assert "With two lids." not in other.get(bounty.get_absolute_url()).text


@pytest.mark.parametrize("message", ["", "x" * 4001, "null\0"])
def test_an_application_without_sensible_words_is_refused_beside_the_field(client, message):
    bounty = open_bounty()
    client.force_login(UserFactory())
    answer = client.post(address("bounty_application", bounty), {"message": message})
    assert answer.status_code == 422 and not BountyApplication.objects.exists()


def test_only_own_listed_models_can_be_shown_as_portfolio(client):
    bounty, person = open_bounty(), UserFactory(creator=True)
    client.force_login(person)
    for model in (Model3DFactory(listed=True), work_of(person)):
        sent = {"message": "Me.", "portfolio": [model.pk]}
        assert client.post(address("bounty_application", bounty), sent).status_code == 422


def test_blocked_people_are_told_that_they_cannot_take_part_or_comment(client):
    bounty, person = open_bounty(), UserFactory()
    UserBlock.objects.create(blocker=bounty.creator, blocked=person)
    client.force_login(person)
    assert "You cannot take part" in client.get(bounty.get_absolute_url()).text
    assert client.post(address("bounty_application", bounty), {"message": "Me."}).status_code == 422
    assert client.post(address("bounty_comments", bounty), {"body": "Hello"}).status_code == 422
    assert not BountyComment.objects.exists()


def test_an_application_is_withdrawn_and_declined(client):
    bounty = open_bounty()
    first, second = applied(bounty), applied(bounty)
    client_of(first.applicant).post(address("bounty_application", bounty), {"_method": "delete"})
    poster = client_of(bounty.creator)
    poster.post(address("decline_bounty_application", bounty, second.public_id))
    assert (
        client_of(UserFactory())
        .post(address("decline_bounty_application", bounty, second.public_id))
        .status_code
        == 404
    )
    states = set(BountyApplication.objects.values_list("status", flat=True))
    assert states == {"withdrawn", "declined"}
    assert client_of(UserFactory()).delete(address("bounty_application", bounty)).status_code == 404


def test_handing_in_lists_ones_own_models_with_what_stands_against_them(client):
    bounty = open_bounty()
    application = applied(bounty)
    maker = application.applicant
    good, free = work_of(maker, title="Good one"), work_of(maker, title="Free one", free=True)
    client.force_login(maker)
    page = client.get(address("bounty_submissions", bounty)).text
    assert "Good one" in page and "a price first" in page
    assert client.post(address("bounty_submissions", bounty), {}).status_code == 422
    assert client.post(address("bounty_submissions", bounty), {"model": "x" * 40}).status_code == 422
    assert client.post(address("bounty_submissions", bounty), {"model": "9" * 40}).status_code == 422
    assert client.post(address("bounty_submissions", bounty), {"model": free.pk}).status_code == 422
    other = work_of(UserFactory(creator=True))
    assert client.post(address("bounty_submissions", bounty), {"model": other.pk}).status_code == 404
    assert client.post(address("bounty_submissions", bounty), {"model": good.pk}).status_code == 302
    assert BountySubmission.objects.get().model == good
    assert "handed in already" in client.get(address("bounty_submissions", bounty)).text


# The work


def test_the_poster_turns_a_protected_preview_and_never_gets_the_original(client):
    bounty = open_bounty(wanted_formats=["fbx"], wants=["uv"], max_triangles=100)
    submission = submitted(bounty)
    file = submission.model.current_file
    client.force_login(bounty.creator)
    page = client.get(submission.get_absolute_url())
    assert "Not included" in page.text and "At most 100" in page.text and "2 things asked for" in page.text
    preview = b"".join(client.get(f"{submission.get_absolute_url()}preview/").streaming_content)
    assert preview == file.preview.open().read() != file.original.open().read()
    # Nothing else of the model has become theirs to see.
    for name in ("model", "viewer", "sheet"):
        assert client.get(reverse(f"marketplace:{name}", args=[submission.model_id])).status_code == 404
    for person in (UserFactory(), submitted(bounty).maker):
        other = client_of(person)
        assert other.get(submission.get_absolute_url()).status_code == 404
        assert other.get(f"{submission.get_absolute_url()}preview/").status_code == 404


def test_a_preview_that_protects_nothing_is_not_shown(client):
    submission = submitted(open_bounty())
    client.force_login(submission.bounty.creator)
    Model3D.objects.filter(pk=submission.model_id).update(price=0)
    assert client.get(f"{submission.get_absolute_url()}preview/").status_code == 404
    Model3D.objects.filter(pk=submission.model_id).update(price=12, preview_mode="pictures")
    assert client.get(f"{submission.get_absolute_url()}preview/").status_code == 404
    assert "shows pictures only" in client.get(submission.get_absolute_url()).text


def test_work_that_was_deleted_is_said_to_be_gone(client):
    submission = submitted(open_bounty())
    Model3D.objects.filter(pk=submission.model_id).update(deleted_at=timezone.now(), is_published=False)
    client.force_login(submission.bounty.creator)
    assert "No longer there" in client.get(submission.get_absolute_url()).text
    assert client.get(f"{submission.get_absolute_url()}preview/").status_code == 404
    assert client.post(f"{submission.get_absolute_url()}award/", {"seen": "x"}).status_code == 422


def test_the_maker_takes_work_back_and_the_poster_cannot(client):
    submission = submitted(open_bounty())
    poster, maker = client_of(submission.bounty.creator), client_of(submission.maker)
    assert poster.post(submission.get_absolute_url(), {"_method": "delete"}).status_code == 403
    assert maker.post(submission.get_absolute_url()).status_code == 405
    assert maker.post(submission.get_absolute_url(), {"_method": "delete"}).status_code == 302
    assert poster.get(submission.get_absolute_url()).status_code == 404
    assert "Taken back" in maker.get(submission.get_absolute_url()).text


def test_choosing_names_amount_and_person_and_pays_once(client):
    submission = submitted(open_bounty())
    bounty, award = submission.bounty, f"{submission.get_absolute_url()}award/"
    assert client_of(submission.maker).get(award).status_code == 403
    client.force_login(bounty.creator)
    page = client.get(award).text
    assert "$200.00" in page and submission.maker.display_name in page
    seen = {"seen": submission.model.current_file.public_id}
    assert client.post(award, {"seen": "00000000-0000-0000-0000-000000000001"}).status_code == 422
    assert client.post(award, seen).status_code == client.post(award, seen).status_code == 302
    for viewer in (client, Client(), client_of(submission.maker)):
        page = viewer.get(bounty.get_absolute_url()).text
        assert "has won" in page
    library = client.get(reverse("commerce:purchases")).text
    assert submission.model.title in library


# Comments and reports


def test_comments_are_written_answered_changed_liked_and_deleted(client):
    bounty, person = open_bounty(), UserFactory()
    client.force_login(person)
    assert client.post(address("bounty_comments", bounty), {"body": "Which **era**?"}).status_code == 302
    question = BountyComment.objects.get()
    poster = client_of(bounty.creator)
    poster.post(address("bounty_comments", bounty), {"body": "About 1820.", "parent": question.pk})
    page = Client().get(bounty.get_absolute_url()).text
    assert "<strong>era</strong>" in page and "About 1820." in page and "Poster" in page
    poster.post(address("like_bounty_comment", bounty, question.pk))
    client.post(address("bounty_comment", bounty, question.pk), {"body": "Which era, please?"})
    question.refresh_from_db()
    assert (question.likes, question.body) == (1, "Which era, please?")
    assert client.get(address("edit_bounty_comment", bounty, question.pk)).status_code == 200
    assert poster.get(address("edit_bounty_comment", bounty, question.pk)).status_code == 403
    client.post(address("bounty_comment", bounty, question.pk), {"_method": "delete"})
    bounty.refresh_from_db()
    assert bounty.comments_count == 1
    assert "deleted by its author" in client.get(address("bounty_comment", bounty, question.pk)).text


@pytest.mark.parametrize("sent", [{"body": ""}, {"body": "x" * 10_001}, {"body": "x", "parent": "999999"}])
def test_comments_that_cannot_be_are_refused(client, sent):
    bounty = open_bounty()
    client.force_login(UserFactory())
    assert client.post(address("bounty_comments", bounty), sent).status_code in (404, 422)
    assert not BountyComment.objects.exists()


def test_bounties_and_their_comments_are_reported(client):
    bounty = open_bounty()
    comment = bounty.comments.create(author=UserFactory(), body="Buy my watches.")
    client.force_login(UserFactory())
    for kind, thing in (("bounty", bounty), ("bounty-comment", comment)):
        answer = client.post(reverse("accounts:report", args=[kind, thing.pk]), {"reason": "spam"})
        assert answer.status_code == 302
    assert Report.objects.count() == 2
    hidden = unpaid_bounty()
    assert client.get(reverse("accounts:report", args=["bounty", hidden.pk])).status_code == 404


def test_what_moderation_takes_down_is_gone_for_others_and_comes_back(client):
    bounty, moderator = open_bounty(), UserFactory()
    take_down(bounty=bounty, by=moderator, reason="A weapon.")
    assert Client().get(bounty.get_absolute_url()).status_code == 404
    assert "Taken down" in client_of(bounty.creator).get(bounty.get_absolute_url()).text
    put_back(bounty=bounty, by=moderator)
    assert Client().get(bounty.get_absolute_url()).status_code == 200


# The lists


def test_the_list_is_narrowed_and_sorted_by_its_address(client):
    lamps, chairs = CategoryFactory(), CategoryFactory()
    cheap = open_bounty(title="Oil lamp", budget=Decimal("50.00"), category=lamps)
    dear = open_bounty(
        title="Throne",
        budget=Decimal("900.00"),
        category=chairs,
        deadline=timezone.now() + timedelta(days=90),
    )
    index = reverse("commerce:bounties")

    def found(query: str) -> list[str]:
        return [bounty.title for bounty in client.get(f"{index}?{query}").context["board"].page]

    assert found("") == [dear.title, cheap.title]
    assert found("sort=budget") == [dear.title, cheap.title]
    assert found("sort=deadline") == [cheap.title, dear.title]
    assert found("least=100") == [dear.title] and found("most=100") == [cheap.title]
    assert found(f"category={lamps.pk}") == [cheap.title]
    assert found("q=throne") == [dear.title] and found("q=oil+lamp") == [cheap.title]
    assert found("within=30") == [cheap.title]
    assert found("q=nothing+at+all") == []
    assert found("state=awarded") == []


@pytest.mark.parametrize(
    "query",
    ["least=NaN", "most=-5", "least=1e99", "category=x", "within=9", "sort=up", "page=x", "state=x", "q=%00"],
)
def test_what_the_address_says_wrongly_is_left_out(client, query):
    open_bounty()
    answer = client.get(f"{reverse('commerce:bounties')}?{query}")
    assert answer.status_code == 200


def test_closed_bounties_are_not_among_the_open_ones(client):
    past_deadline(open_bounty())
    assert "No bounty is open" in client.get(reverse("commerce:bounties")).text


def test_lists_ask_as_much_of_the_database_for_many_as_for_one(client, django_assert_max_num_queries):
    poster, maker = UserFactory(), UserFactory(creator=True)
    template = open_bounty(poster)
    bounty_picture(template)
    applied(template, maker)

    def more(count: int) -> None:
        """Bounties beside the template, as open as it is."""
        category = template.category
        attempts = [
            Payment(payer=poster, purpose="bounty", provider="sandbox", method="card", amount=200,
                    currency="USD", status="completed", completed_at=timezone.now())
            for _ in range(count)
        ]  # fmt: skip
        bounties = Bounty.objects.bulk_create(
            Bounty(
                creator=poster, title="Another", description="x", requirements="x", category=category,
                budget=200, currency="USD", deadline=template.deadline, status="open", payment=payment,
                opened_at=timezone.now(),
            )
            for payment in Payment.objects.bulk_create(attempts)
        )  # fmt: skip
        BountyApplication.objects.bulk_create(
            BountyApplication(bounty=bounty, applicant=maker, message="Me.") for bounty in bounties
        )

    places = [
        (Client(), reverse("commerce:bounties")),
        (client_of(poster), reverse("commerce:my_bounties")),
        (client_of(maker), reverse("commerce:my_bounty_applications")),
    ]
    counts = {}
    for size in (1, 24, 100):
        more(size - Bounty.objects.count())
        for viewer, place in places:
            viewer.get(place)
            with django_assert_max_num_queries(100) as asked:
                viewer.get(place)
            counts.setdefault(place, []).append(len(asked.captured_queries))
    assert all(len(set(found)) == 1 for found in counts.values()), counts


def test_a_bounty_asks_as_much_of_the_database_however_many_answer_it(django_assert_max_num_queries):
    bounty = open_bounty()
    poster = client_of(bounty.creator)
    counts = []
    for size in (1, 8):
        while bounty.applications.count() < size:
            submission = submitted(bounty)
            submission.application.portfolio.add(Model3DFactory(listed=True, creator=submission.maker))
        poster.get(bounty.get_absolute_url())
        with django_assert_max_num_queries(100) as asked:
            poster.get(bounty.get_absolute_url())
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1], counts
