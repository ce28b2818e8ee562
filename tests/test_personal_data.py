"""The copy of a person's data and the deletion of their account, over every app: nothing forgotten, nothing left."""

import io
import json
import os
import re
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import reporting
from accounts.actions import deletion, exports, relations
from accounts.data_copy import Pulse, write_copy
from accounts.entitlements import entitle, everybodys_limits
from accounts.models import AccountDeletion, Follow, NotificationPreference, Suspension, User, UserProfile
from accounts.personal_data import Fate, keepers
from accounts.tests.factories import UserFactory
from blog.actions import comments as blog_comments
from blog.actions import enrollments, testimonials
from blog.actions import likes as blog_likes
from blog.models import BlogComment
from blog.tests.factories import BlogPostFactory, CourseFactory, TestimonialFactory
from commerce.actions import refunds, reviews
from commerce.actions.bounties import comments as bounty_comments
from commerce.actions.bounties import returning
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.ending import cancel as cancel_bounty
from commerce.actions.bounties.working import submit as submit_work
from commerce.actions.disputes import apply_dispute, submit_evidence
from commerce.actions.downloads import make_link
from commerce.actions.ordering import get_free_model
from commerce.actions.payments import settle
from commerce.actions.payout_batches import mark_paid
from commerce.actions.payout_details import keep_details
from commerce.actions.payouts import approve_payout
from commerce.financials.earnings import Earnings
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.ledger.checkpoints import take_checkpoints
from commerce.models import (
    Bounty,
    BountyApplication,
    BountyComment,
    Order,
    PayoutDetails,
    Purchase,
    SavedPaymentMethod,
    WebhookEvent,
)
from commerce.tests.bounty_factories import applied, open_bounty, submitted
from commerce.tests.factories import (
    coupon_of,
    order_of,
    paid_order,
    put_into_cart,
    received,
    review_of,
    started_payment,
)
from commerce.tests.payouts import batch_of, earn, finance, paid, payout_of, seller_with
from commerce.tests.plans import first_plans, subscribed
from community.models import (
    CommunityBan,
    CommunityDecision,
    CommunityInvite,
    JoinRequest,
    PostCommentLike,
    PostImage,
    PostReaction,
    PostRevision,
    PostShare,
)
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of
from community.tests.messaging import written, written_with_file
from core.mail import send
from core.models import AuditEntry, OutgoingMail
from core.periods import Period
from marketplace.actions import collections, comments, likes, saved_searches
from marketplace.creator_days import sum_up_days
from marketplace.models import Model3D, ModelReview, ReviewClaim
from marketplace.search.words import refresh_words
from marketplace.tests.factories import (
    CollectionFactory,
    CommentFactory,
    Model3DFactory,
    ModelDocumentFactory,
    PreviewImageFactory,
    UploadFactory,
    picture_bytes,
)
from support.actions import tickets, votes
from support.actions.safety import claims
from support.actions.safety.appealing import file_appeal, hear
from support.actions.safety.deciding import reverse as reverse_decision
from support.tests.factories import HelpArticleFactory
from support.tests.mailing import a_campaign
from support.tests.safety.making import claimed, decided, moderator
from support.tests.tickets import an_agent, answered, asked, asked_with_file
from tests.standing import StandingFiles, standing_rows

pytestmark = pytest.mark.django_db

USERNAME, ADDRESS, NAME = "quixotewren", "wren@private.example", "Quillonia Vantorre"
# What tells who somebody is; looked for in every column of every table.
TRACES = [USERNAME, "private.example", "quillonia", "vantorre", "zugspitzdorf", "555 0199", "pigeonpost"]


@pytest.fixture(autouse=True)
def _at_once(django_capture_on_commit_callbacks):
    """What waits for the commit of a test's transaction is done at its end, as on the site."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture(scope="module")
def _made_once(django_db_setup, django_db_blocker, _media_folders, tmp_path_factory):
    with standing_rows(django_db_blocker, person_with_something_in_every_table) as person:
        yield person.pk, StandingFiles(tmp_path_factory.mktemp("files"))


@pytest.fixture
def person(_made_once) -> User:
    """Somebody with something in every table, and all the files of it."""
    pk, files = _made_once
    files.put_back()
    return User.objects.get(pk=pk)


def person_with_something_in_every_table() -> User:
    """Rows of every relation that a keeper answers for, made by the site's own calls where there are such."""
    # A pair is kept with the smaller number first: somebody was here before them.
    elder = UserFactory()
    person = UserFactory(
        username=USERNAME, email=ADDRESS, full_name=NAME, creator=True, bio="From Zugspitzdorf."
    )
    person.replace_avatar(ContentFile(picture_bytes(256, 256), "a.webp"))
    profile = UserProfile.objects.create(
        user=person,
        city="Zugspitzdorf",
        phone="+49 555 0199",
        website="https://pigeonpost.example",
        skills=["UVs"],
    )
    profile.replace_banner(ContentFile(picture_bytes(1600, 400), "b.webp"))
    fill_accounts(person)
    fill_marketplace(person)
    fill_blog(person)
    votes.vote(article=HelpArticleFactory(published=True), voter=votes.Voter(user=person), is_helpful=True)
    a_campaign(created_by=person).deliveries.create(person=person)
    fill_commerce(person)
    fill_safety(person)
    fill_payouts(person)
    fill_communities(person)
    fill_messages(person, elder)
    fill_support(person)
    refresh_words()
    # As the mail server has taken them by now.
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)
    person.refresh_from_db()
    return person


def fill_accounts(person: User) -> None:
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email="second@private.example")
    entitle(user=person, limits=everybodys_limits())
    SocialAccount.objects.create(user=person, provider="github", uid="1", extra_data={"login": USERNAME})
    Authenticator.objects.create(user=person, type="totp", data={"secret": "sesame"})
    client = Client()
    client.force_login(person)
    client.get("/")
    friend, enemy, other = UserFactory(), UserFactory(), UserFactory()
    relations.follow(follower=person, followed=friend)
    relations.follow(follower=friend, followed=person)
    # Told together with somebody else, whom the notification is left to.
    relations.follow(follower=other, followed=friend)
    relations.block(blocker=person, blocked=enemy)
    relations.block(blocker=other, blocked=person)
    NotificationPreference.objects.create(user=person, kind="like", by_mail=True)
    reporting.report(
        reporting.person(friend, friend.username), by=person, reason="spam", note=f"I am {NAME}, {ADDRESS}."
    )
    reporting.report(reporting.person(friend, USERNAME), by=friend, reason="spam")
    send(kind="accounts/welcome", to=person)
    AuditEntry.record(actor=person, action="something.done", target=person)
    AuditEntry.record(actor=friend, action="user.suspended", target=person, reason=f"{NAME} was rude.")
    LogEntry.objects.create(
        user=person,
        action_flag=CHANGE,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=USERNAME,
        change_message=f"Changed {ADDRESS}",
    )
    # One that they were in, and one that went through their hands when they worked here.
    for user, by in ((person, friend), (other, person)):
        Suspension.objects.create(
            user=user, by=by, reason=f"{user.full_name}: rude.", lifted_at=timezone.now(), lifted_by=by
        )
    person.groups.add(Group.objects.create(name="Those who help"))
    person.user_permissions.add(Permission.objects.first())


def fill_marketplace(person: User) -> None:
    sold, given = (
        Model3DFactory(listed=True, creator=person),
        Model3DFactory(listed=True, creator=person, free=True),
    )
    Model3D.objects.filter(pk=sold.pk).update(description=f"By {NAME}.", title="Walnut chest")
    PreviewImageFactory(model=sold)
    ModelDocumentFactory(model=sold)
    Model3DFactory(with_file=True, creator=person, title="Nobody has seen it", tags=["walnut"])
    paid_order(UserFactory(), Model3D.objects.get(pk=sold.pk))
    get_free_model(buyer=UserFactory(), model_id=given.pk)
    sum_up_days()
    others = Model3DFactory(listed=True)
    likes.like(model=others, by=person)
    comment = comments.post(model=others, author=person, body="What a fine model.")
    answer = comments.post(
        model=others, author=others.creator, body=f"Thank you, @{USERNAME}!", parent=comment
    )
    comments.like(comment=answer, by=person)
    own = CollectionFactory(owner=person, name=f"{NAME}'s favourites")
    collections.add(collection=own, model=others)
    collections.follow(collection=CollectionFactory(), by=person)
    saved_searches.save(user=person, name=f"{NAME}'s chairs", query="?q=vantorre")
    UploadFactory(owner=person)
    reporting.report(
        reporting.find("comment", str(comment.pk), user=others.creator), by=others.creator, reason="spam"
    )
    ReviewClaim.objects.create(model=others, moderator=person)
    ModelReview.objects.create(
        model=others,
        moderator=person,
        undone_by=person,
        undone_at=timezone.now(),
        outcome="approved",
        submitted_at=timezone.now(),
    )
    for removed in (Model3DFactory(), CollectionFactory(), CommentFactory()):
        type(removed).objects.filter(pk=removed.pk).update(removed_by=person)


def fill_blog(person: User) -> None:
    BlogPostFactory(author=person)
    post = BlogPostFactory(published=True)
    blog_likes.like(post=post, by=person)
    comment = blog_comments.post_comment(post=post, author=person, body="Which cage?")
    answer = blog_comments.post_comment(
        post=post, author=post.author, body=f"Any, @{USERNAME}!", parent=comment
    )
    blog_comments.like(comment=answer, by=person)
    BlogComment.objects.filter(pk=answer.pk).update(removed_by=person)
    CourseFactory(instructor=person)
    taken = CourseFactory(published=True)
    enrollments.enroll(course=taken, user=person)
    enrollments.finish(enrollment=person.course_enrollments.get(), lesson=taken.lessons.get())
    testimonials.submit(author=person, text=f"I am {NAME}, and this is where I buy my models.", rating=5)
    testimonials.approve(testimonial=TestimonialFactory(), by=person)


def fill_commerce(person: User) -> None:
    order = order_of(person, Model3DFactory(listed=True), coupon=coupon_of("10"))
    Order.objects.filter(pk=order.pk).update(
        billing_name=NAME,
        billing_email=ADDRESS,
        billing_address="Zugspitzdorf 1",
        billing_city="Zugspitzdorf",
    )
    payment = started_payment(Order.objects.get(pk=order.pk))
    settle(payment, received(payment))
    take_checkpoints(worth_it=1)
    WebhookEvent.objects.create(
        provider="sandbox",
        event_id="1",
        kind="paid",
        payment=payment,
        payload={"name": NAME},
        processed_at=timezone.now(),
    )
    SavedPaymentMethod.objects.create(
        user=person, provider="sandbox", customer_id="1", method_id="1", label="Visa ending in 4242"
    )
    make_link(Purchase.objects.get(user=person))
    fill_refunds(person, Purchase.objects.get(user=person))
    subscribed(person, first_plans()["pro"])
    put_into_cart(person, Model3DFactory(listed=True))
    review_of(person, Purchase.objects.get(user=person).model)
    sold = Purchase.objects.get(model__title="Walnut chest")
    reviews.answer(review=review_of(sold.user, sold.model), body="Thank you.")
    others = review_of(UserFactory(), Model3DFactory(listed=True))
    reviews.find_helpful(review=others, by=person)
    reviews.hide(review=others, by=person, reason="Off topic.")
    fill_bounties(person)


def fill_bounties(person: User) -> None:
    posted, other = open_bounty(person), open_bounty()
    cancel_bounty(bounty=posted, by=person)
    returning.send_due()
    application = applied(other, person)
    BountyApplication.objects.filter(pk=application.pk).update(message=f"I am {NAME}.")
    draft = person.models.get(title="Nobody has seen it")
    submit_work(application=application, model=draft, note=f"By {NAME}.")
    comment = bounty_comments.post(bounty=other, author=person, body="Which era?")
    answer = bounty_comments.post(
        bounty=other, author=other.creator, body=f"Any, @{USERNAME}!", parent=comment
    )
    bounty_comments.like(comment=answer, by=person)
    award(submission=submitted(other), by=other.creator)
    # Their own award would be a sale, of which there is one already.
    Bounty.objects.filter(pk=other.pk).update(removed_by=person, winner=person)
    BountyComment.objects.filter(pk=answer.pk).update(removed_by=person)


def fill_safety(person: User) -> None:
    """Decided about, and deciding when they worked here; on either side of a claim, all of it over."""
    own = decided(person.models.get(title="Walnut chest"), person, note=f"{NAME} copied it.")
    wrong = decided(Model3DFactory(listed=True), UserFactory(), by=person)
    reverse_decision(decision=decided(Model3DFactory(listed=True), UserFactory()), by=person)
    appeal = file_appeal(decision=own, side="owner", by=person, text=f"I am {NAME}, and it is mine.")
    hear(appeal=appeal, by=moderator(), is_granted=True, answer="You are right.")
    others = file_appeal(decision=wrong, side="owner", by=wrong.owner, text="It is mine, and it always was.")
    hear(appeal=others, by=moderator(), is_granted=True, answer="You are right.")
    heard = decided(Model3DFactory(listed=True), UserFactory())
    hear(
        appeal=file_appeal(decision=heard, side="owner", by=heard.owner, text="It is mine."),
        by=person,
        is_granted=False,
        answer="It is not.",
    )
    claim = claimed(Model3DFactory(listed=True), claimant=person, name=NAME, signature=NAME)
    claims.withdraw(claim=claim, by=person)
    about = claimed(person.models.get(title="Walnut chest"))
    claims.open_claim(claim=about, by=moderator())
    claims.counter(claim=about, by=person, answer=f"{NAME} made it.", signature=NAME)
    claims.decline(claim=about, by=moderator(), note="They are not alike.")


def fill_payouts(person: User) -> None:
    """One that they got, and one that went through their hands when they worked here."""
    keep_details(
        user=person,
        method=PayoutDetails.Method.PAYPAL,
        country="DE",
        values={"holder": NAME, "paypal_email": ADDRESS},
    )
    PayoutDetails.objects.update(usable_from=F("created_at"))
    earn(person, "100.00")
    paid(payout_of(person, "100.00"))
    for approvers in ([person, finance()], [finance(), person]):
        payout = payout_of(seller_with("2000.00"), "1000.00")
        for approver in approvers:
            approve_payout(payout, by=approver)
        mark_paid(batch_of(payout, by=person), by=person, reference="1")
    Earnings(person, Period.of({}))


def fill_support(person: User) -> None:
    """They have asked, and answered another person as an agent, which they are no longer."""
    answered(asked_with_file(person), an_agent())
    agents, ticket = Group.objects.get(name="Support agents"), asked()
    person.groups.add(agents)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    as_agent = User.objects.get(pk=person.pk)
    tickets.assign(ticket=ticket, to=as_agent, by=as_agent)
    answered(ticket, as_agent)
    tickets.annotate(ticket=ticket, by=as_agent, body="Seen before.")
    person.groups.remove(agents)
    User.objects.filter(pk=person.pk).update(is_staff=False)


def fill_messages(person: User, elder: User) -> None:
    """With two who keep what they were sent, and with somebody who never answered."""
    for friend in (elder, UserFactory()):
        written_with_file(person, friend)
        written(friend, person, f"Thank you, @{USERNAME}!")
    written_with_file(person, UserFactory())


def fill_communities(person: User) -> None:
    """One of their own, one that they are in, one that keeps them out, and what they did in the name of a team."""
    now = timezone.now()
    CommunityFactory(owner=person)
    theirs, other, closed = CommunityFactory(), UserFactory(), CommunityFactory()
    member_of(theirs, user=person)
    CommunityBan.objects.create(community=closed, user=person, reason="Spam.", banned_by=closed.owner)
    CommunityBan.objects.create(
        community=theirs, user=other, reason="Spam.", banned_by=person, lifted_by=person, lifted_at=now
    )
    JoinRequest.objects.create(community=closed, user=person, message=f"I am {NAME}.")
    JoinRequest.objects.create(
        community=theirs, user=other, state="declined", decided_by=person, decided_at=now
    )
    CommunityInvite.objects.create(community=closed, user=person, invited_by=closed.owner)
    CommunityInvite.objects.create(community=theirs, user=other, invited_by=person)
    CommunityDecision.objects.create(community=closed, outcome="suspended", note="Spam.", by=person)
    post = PostFactory(community=theirs, author=person, comments_count=2, likes=1, shares=1)
    PostFactory(community=theirs, body=f"Thank you, @{USERNAME}!", removed_by=person)
    PostFactory(community=theirs, pinned_at=now, pinned_by=person)
    PostRevision.objects.create(post=post, body=f"By {NAME}.")
    PostRevision.objects.create(post=PostFactory(community=theirs), body=f"Ask @{USERNAME}.")
    PostImage.objects.create(post=post, image=ContentFile(picture_bytes(16, 16), "a.webp"))
    PostReaction.objects.create(post=post, user=person, kind="like")
    PostShare.objects.create(post=post, user=person)
    PostCommentFactory(post=post, author=person)
    comment = PostCommentFactory(post=post, body=f"Well said, @{USERNAME}.", likes=1, removed_by=person)
    PostCommentLike.objects.create(comment=comment, user=person)


def fill_refunds(person: User, own: Purchase) -> None:
    """Asked for and answered, and all of it settled: what is open stands against a deletion."""
    asked = refunds.ask(purchase=own, by=person, reason="quality", text=f"I am {NAME}.")
    refunds.withdraw(refund=asked, by=person)
    bought = Purchase.objects.get(model__title="Walnut chest")
    make_link(bought)
    bought.refresh_from_db()
    asked = refunds.ask(purchase=bought, by=bought.user, reason="quality", text="The lid is crooked.")
    refunds.answer(refund=asked, by=person, amount=Decimal(0), text=f"It is as pictured. {NAME}")
    refunds.decide(refund=asked, by=UserFactory(staff=True), amount=Decimal(0), text="No fault found.")
    payment = own.transaction.order.payments.get()
    for state in (DisputeProgress.OPENED, DisputeProgress.WON):
        apply_dispute(payment, DisputeNews("dp_1", state, payment.amount, "fraudulent"))
        if state == DisputeProgress.OPENED:
            submit_evidence(dispute=payment.disputes.get(), by=person, statement=f"{NAME} has it.")


def copy_of(person: User) -> zipfile.ZipFile:
    target = io.BytesIO()
    write_copy(person, target, pulse=Pulse(lambda: None))
    return zipfile.ZipFile(target)


def holds() -> dict:
    return {relation: (keeper, held) for keeper in keepers() for relation, held in keeper.holds.items()}


def rows_of(relation: str, person: User):
    label, _, field = relation.rpartition(".")
    return apps.get_model(label).objects.filter(**{field: person})


def relations_to_people() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.many_to_many and field.related_model is User
    }


# The registry


def test_every_table_that_points_at_people_is_answered_for():
    assert relations_to_people() == set(holds()), (
        "Name it in the app's keeper.py: what is copied, what is deleted."
    )


def test_no_two_keepers_answer_for_the_same():
    assert sum(len(keeper.holds) for keeper in keepers()) == len(holds())


def test_keepers_erase_from_the_highest_app_down():
    assert [keeper.name for keeper in keepers()][-5:] == [
        "blog",
        "community",
        "messages",
        "marketplace",
        "accounts",
    ]


# The copy


def test_the_copy_has_the_rows_of_every_table_it_promises_and_the_files(person):
    without = [relation for relation in holds() if not rows_of(relation, person).exists()]
    assert without == ["accounts.DataExport.user", "accounts.AccountDeletion.user"], "Make a row of it above."
    with copy_of(person) as archive:
        for relation, (keeper, held) in holds().items():
            if held.table:
                assert json.loads(archive.read(f"{keeper.name}/{held.table}.json")), relation
        account = json.loads(archive.read("accounts/account.json"))[0]
        assert (account["username"], account["email"]) == (USERNAME, ADDRESS)
        names = archive.namelist()
        assert len(names) == len(set(names))
        assert {"accounts/files/avatar.webp", "accounts/files/banner.webp", "README.txt"} <= set(names)
        originals = [name for name in names if name.endswith("chair.glb")]
        assert len(originals) == 3
        own = Model3D.objects.filter(creator=person).order_by("pk").first().files.get()
        found = next(name for name in originals if f"/{own.pk} " in name)
        assert archive.read(found) == own.original.read()
        assert archive.testzip() is None


def test_the_copy_has_no_secret_and_nothing_of_other_people(person):
    stranger = UserFactory(email="stranger@elsewhere.example")
    paid_order(stranger, Model3DFactory(listed=True, creator=person))
    with copy_of(person) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    for secret in (b"sesame", b"elsewhere.example", person.password.encode()):
        assert secret not in everything


def test_what_others_show_to_nobody_any_more_is_not_named_in_the_copy():
    person = UserFactory()
    shown, hidden = Model3DFactory(listed=True, title="Oak chair"), Model3DFactory(listed=True)
    public, private = CollectionFactory(name="Chairs"), CollectionFactory()
    for model, collection in ((shown, public), (hidden, private)):
        likes.like(model=model, by=person)
        comments.post(model=model, author=person, body="Fine.")
        collections.follow(collection=collection, by=person)
    Model3D.objects.filter(pk=hidden.pk).update(title="Secret chair", visibility="private")
    collections.change(collection=private, name="Secret shelf", description="", is_public=False)
    with copy_of(person) as archive:
        tables = {
            table: [row[name] for row in json.loads(archive.read(f"marketplace/{table}.json"))]
            for table, name in (("likes", "title"), ("comments", "title"), ("followed_collections", "name"))
        }
    assert tables == {
        "likes": ["Oak chair", ""],
        "comments": ["Oak chair", ""],
        "followed_collections": ["Chairs", ""],
    }


def test_however_large_the_files_are_they_pass_through_memory_piece_by_piece(tmp_path):
    person = UserFactory(creator=True)
    file = Model3DFactory(with_file=True, creator=person).current_file
    size = 64 * 1024**2
    os.truncate(file.original.path, size)
    tracemalloc.start()
    try:
        with (tmp_path / "copy.zip").open("w+b") as target:
            write_copy(person, target, pulse=Pulse(lambda: None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "copy.zip").stat().st_size > size
    assert peak < size / 8


def test_a_file_that_the_storage_lost_is_named_and_the_rest_is_there():
    person = UserFactory(creator=True)
    file = Model3DFactory(with_file=True, creator=person).current_file
    file.original.storage.delete(file.original.name)
    with copy_of(person) as archive:
        assert "chair.glb" in archive.read("missing.txt").decode()
        assert json.loads(archive.read("marketplace/models.json"))


# The end


def end(person: User) -> None:
    asked = AccountDeletion(user=person)
    asked.set_due(timezone.now())
    exports.request_export(user=person)
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)
    assert deletion.erase(asked.pk, despite_vetoes=True)


def traces() -> list[str]:
    """Every row of the database that has something of the person in any of its columns."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT row::text FROM "{table}" row WHERE row::text ~* %s',  # noqa: S608 (names of our own tables)
                ["|".join(TRACES)],
            )
            found += [f"{table}: {text[:300]}" for (text,) in cursor.fetchall()]
    return found


def test_nothing_of_a_deleted_person_is_left_in_any_column_of_any_table(person):
    assert traces()
    end(person)
    assert traces() == []
    person.refresh_from_db()
    assert (person.display_name, person.is_active, person.has_usable_password()) == (
        "Deleted account",
        False,
        False,
    )


def test_what_is_to_be_deleted_is_and_what_stays_does(person):
    end(person)
    left = {relation for relation in holds() if rows_of(relation, person).exists()}
    assert left == {relation for relation, (_, held) in holds().items() if held.fate is not Fate.DELETED}


def test_a_mail_to_somebody_else_that_names_them_leaves_before_its_words_are_forgotten(person):
    mail = OutgoingMail.objects.filter(kind="accounts/new_follower").exclude(recipient=person).first()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=OutgoingMail.Status.QUEUED)
    asked = AccountDeletion(user=person)
    asked.set_due(timezone.now())
    assert not deletion.erase(asked.pk, despite_vetoes=True)
    mail.refresh_from_db()
    assert NAME in mail.subject
    OutgoingMail.objects.update(status=OutgoingMail.Status.SENT)
    assert deletion.erase_due() == 1
    assert traces() == []


def test_the_counts_of_others_are_right_afterwards(person):
    end(person)
    assert not Follow.objects.filter(follower=person).exists()
    for other in User.objects.exclude(pk=person.pk):
        assert other.followers_count == other.followed_by.count()
        assert other.following_count == other.follows.count()
    for model in Model3D.objects.all():
        assert model.likes == model.like_rows.count()
    told = (
        User.objects.get(follows__isnull=False).follows.get().followed.notifications.get(kind="new_follower")
    )
    assert "other" not in told.sentence


def test_comments_stay_by_a_deleted_account_and_mention_nobody(person, client):
    model = person.modelcomments.get().model
    end(person)
    page = client.get(reverse("marketplace:comments", args=[model.pk])).content.decode()
    assert "Deleted account" in page
    assert "What a fine model." in page
    assert "@deleted-account" in page
    person.refresh_from_db()
    assert person.get_absolute_url() not in page


def test_who_bought_of_a_deleted_person_still_downloads_and_nobody_else_finds_it(person, client):
    sold = Model3D.objects.get(title="Walnut chest")
    purchase = sold.purchases.get()
    before = sold.current_file.original.read()
    end(person)
    client.force_login(purchase.user)
    assert "Walnut chest" in client.get(reverse("commerce:purchases")).content.decode()
    made = client.post(reverse("commerce:make_download", args=[purchase.public_id]))["Location"]
    # A page with the file and the document that rides with it.
    page = client.get(made).content.decode()
    addresses = re.findall(rf'href="({made}[^"]+)"', page)
    assert before in [b"".join(client.get(address).streaming_content) for address in addresses]
    for visitor in (client, Client()):
        assert visitor.get(sold.get_absolute_url()).status_code == 404
    assert not Model3D.objects.listed().filter(creator=person).exists()
    assert not Model3D.objects.filter(title="Nobody has seen it").exists()


def test_the_pictures_are_gone_from_the_storage(person, django_capture_on_commit_callbacks):
    pictures = [person.avatar.name, person.profile.banner.name]
    assert all(default_storage.exists(name) for name in pictures)
    with django_capture_on_commit_callbacks(execute=True):
        end(person)
    assert not any(default_storage.exists(name) for name in pictures)


def test_carrying_it_out_again_changes_nothing(person):
    end(person)
    person.refresh_from_db()
    for keeper in keepers():
        keeper.erase(User.objects.get(pk=person.pk))
    again = User.objects.get(pk=person.pk)
    assert (again.username, again.deleted_at) == (person.username, person.deleted_at)
    assert traces() == []


def test_money_that_is_theirs_stands_against_it(person):
    person.groups.clear()
    person.user_permissions.clear()
    asked = AccountDeletion(user=person)
    asked.set_due(timezone.now())
    assert not deletion.erase(asked.pk)
    asked.refresh_from_db()
    assert asked.due_at > timezone.now()
    assert "has not been paid out" in person.notifications.get(group="deletion-postponed").message
    assert Decimal("0.00") < person.sale_transactions.get(amount__gt=0).seller_amount
