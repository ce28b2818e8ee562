"""Every stored counter is rebuilt from its rows, and none is forgotten."""

import io
import threading

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import F

from accounts.actions import relations
from accounts.models import Notification
from accounts.tests.factories import UserFactory
from blog.actions import comments as blog_comments
from blog.actions import enrollments
from blog.actions import likes as blog_likes
from blog.tests.factories import BlogPostFactory, CourseFactory
from commerce.actions import reviews
from commerce.actions.bounties import comments as bounty_comments
from commerce.actions.downloads import make_link
from commerce.models import DownloadLink, Purchase
from commerce.tests.bounty_factories import applied, open_bounty
from commerce.tests.factories import coupon_of, paid_order, purchase_of, review_of
from community.models import PostCommentLike, PostReaction, PostShare
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of
from config.counting.counters import COUNTERS, LEFT_ALONE
from core.tests.locks import somebody_waits
from marketplace.actions import collections, comments, likes
from marketplace.models import DailyStats, Model3D, ModelLike
from marketplace.tests.factories import CollectionFactory, Model3DFactory
from support.actions import votes
from support.tests.factories import HelpArticleFactory

# Numbers that begin at nought and count no rows, and what they are instead. Whole tables by their name alone.
NO_COUNTERS = {
    "Inspection": "measured of a file by tools",
    "ModelComment.depth": "the comment's place in its thread",
    "ModelFile.attempts": "how often a worker tried; nothing else remembers",
    "ModelFile.size": "bytes of the file",
    "ModelDocument.size": "bytes of the file",
    "DataExport.size": "bytes of the file",
    "Model3D.price": "money",
    "Model3D.file_size": "copied from the file that is shown",
    "Model3D.poly_count": "copied from the file that is shown",
    "Model3D.vertex_count": "copied from the file that is shown",
    "Model3D.texture_resolution": "copied from the file that is shown",
    "PreviewImage": "sizes in pixels, and the creator's order",
    "Upload.received": "bytes that have arrived",
    "Category.order": "the operators' order",
    "HelpCategory.order": "the editors' order",
    "HelpArticle.order": "the editors' order",
    "DocSection.order": "the editors' order",
    "Conversation.last_number": "the number of the newest message, raised as it is written",
    "SupportTicket": "numbers of messages, raised as they are written or read; what was said of the answer",
    "SupportMessage": "its number, and how many files came with it",
    "SupportAttachment": "its size, and its place",
    "CannedAnswer.order": "its place in lists",
    "Participant.last_read_number": "how far somebody has read",
    "Participant.unread": "set to nothing by reading, which leaves no row",
    "DirectMessage.attachment_count": "written once with the message and its files",
    "MessageAttachment.order": "the sender's order",
    "CollectionItem.order": "the owner's order",
    "OutgoingMail.attempts": "how often it was tried to send; nothing else remembers",
    "Order": "money",
    "Transaction": "money",
    "Payment": "money, and how often the provider was asked",
    "Refund": "money, and how often the provider was asked",
    "Dispute": "money",
    "SearchSuggestion.weight": "computed with the table as a whole, by `reindex_search` and beat",
    "SiteDay": "read from the ledger, which is never changed",
    "EarningsDay": "read from the ledger, which is never changed",
    "NumberSeries.last": "the last number given; numbers are given once",
    "Plan.trial_days": "what operators offer",
    "Subscription.attempts": "how often it was tried to charge; nothing else remembers",
    "SubscriptionPeriod": "money",
    "CreatorDay": "summed anew from `DailyStats` whenever that changes",
    "FigureChange.creator_id": "the key of somebody",
    "Review.rating": "the stars that somebody gave",
    "SandboxCharge": "money",
    "SandboxRefund": "money",
    "SandboxDispute": "money",
    "ProviderCall": "how a call went; nothing else remembers",
    "Bounty.reminders": "how often its poster was reminded; nothing else remembers",
    "Community.last_event": "the number of its last event",
    "CommunityEvent": "numbers that events were given, and the key of a comment",
    "PostComment.depth": "the comment's place in its thread",
    "PostImage": "sizes in pixels, and its place",
    "BountyComment.depth": "the comment's place in its thread",
    "BlogPost.read_time": "computed of its text whenever that is saved",
    "BlogComment.depth": "the comment's place in its thread",
    "Lesson": "its place, what it takes, and what its file says of itself",
    "Course.price": "money",
    "LessonFile.size": "what the file has",
    "LessonProgress.seconds": "where somebody stopped; nothing else remembers",
    "Testimonial.rating": "what its author gives",
    "BountyPicture": "sizes in pixels",
    "MailCampaign": "its pace, how far it has got, and how often the mail server was away",
    "MailDelivery.attempts": "how often it was tried to send; nothing else remembers",
    "EscrowReturn.tries": "how often the provider was asked; nothing else remembers",
    "SandboxEvent.attempts": "how often it was tried to deliver; nothing else remembers",
}
APPS = ("core", "accounts", "marketplace", "blog", "community", "commerce", "support")
NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)


def recount(*arguments: str) -> str:
    out = io.StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue()


def figures() -> dict[str, dict]:
    """Every counter as it is stored, by its name and its rows' keys."""
    return {
        counter.name: dict(counter.model.objects.values_list("pk", counter.field)) for counter in COUNTERS
    }


@pytest.fixture
def busy_marketplace(db):
    """One row at least for every counter, made as on the site."""
    model, buyer, fan = Model3DFactory(listed=True), UserFactory(), UserFactory()
    for person in (buyer, fan):
        likes.like(model=model, by=person)
    comment = comments.post(model=model, author=buyer, body="Very good.")
    comments.like(comment=comment, by=fan)
    relations.follow(follower=buyer, followed=model.creator)
    collection = CollectionFactory(owner=fan)
    collections.add(collection=collection, model=model)
    collections.follow(collection=collection, by=buyer)
    paid_order(buyer, model, coupon=coupon_of(10))
    make_link(purchase_of(buyer, model))
    reviews.find_helpful(review=review_of(buyer, model, 1), by=fan)
    bounty = open_bounty(buyer)
    applied(bounty, fan)
    question = bounty_comments.post(bounty=bounty, author=fan, body="Which era?")
    bounty_comments.like(comment=question, by=buyer)
    post = BlogPostFactory(published=True)
    blog_likes.like(post=post, by=fan)
    remark = blog_comments.post_comment(post=post, author=buyer, body="This saved me an afternoon.")
    blog_comments.like(comment=remark, by=fan)
    article = HelpArticleFactory(published=True)
    for person, is_helpful in ((buyer, True), (fan, False)):
        votes.vote(article=article, voter=votes.Voter(user=person), is_helpful=is_helpful)
    enrollments.enroll(course=CourseFactory(published=True), user=fan)
    busy_community(buyer, fan)
    return model


def busy_community(poster, fan):
    community = CommunityFactory(owner=poster, posts_count=1)
    member_of(community, user=fan)
    post = PostFactory(community=community, likes=1, loves=1, wows=1, fires=1, comments_count=1, shares=1)
    for kind in PostReaction.Kind:
        PostReaction.objects.create(post=post, user=UserFactory(), kind=kind)
    PostShare.objects.create(post=post, user=fan)
    PostCommentLike.objects.create(comment=PostCommentFactory(post=post, likes=1), user=fan)


def test_a_counter_without_rows_is_not_rebuilt_and_the_reason_is_said(db):
    with pytest.raises(CommandError, match="visits leave no row"):
        recount("--only", "Collection.views")


def test_a_counter_that_does_not_exist_is_refused(db):
    with pytest.raises(CommandError, match=r"Model3D\.wishes: there is no such counter"):
        recount("--only", "Model3D.wishes")


def test_what_the_site_counts_is_right(busy_marketplace):
    assert "Everything counts right." in recount("--dry-run")


def test_a_dry_run_says_what_is_wrong_and_changes_nothing(busy_marketplace):
    Model3D.objects.update(likes=40)
    said = recount("--dry-run")
    assert f"Model3D.likes: 1 of 1 wrong ({busy_marketplace.pk}: 40 is 2)." in said
    assert "1 figures are wrong. Nothing was changed" in said
    assert Model3D.objects.get().likes == 40


def test_every_counter_that_has_drifted_comes_back(busy_marketplace):
    right = figures()
    for counter in COUNTERS:
        counter.model.objects.update(**{counter.field: F(counter.field) + 3})
    drifted = figures()
    assert all(drifted[name] and drifted[name] != right[name] for name in right)
    recount("--batch", "1")
    assert figures() == right


def test_figures_that_cannot_be_rebuilt_stay_as_they_are(busy_marketplace):
    Model3D.objects.update(views=77, trending_score=5)
    recount()
    model = Model3D.objects.get()
    assert (model.views, model.trending_score) == (77, 5)


def test_only_the_counters_named_are_mended(busy_marketplace):
    Model3D.objects.update(likes=40, comments_count=40)
    recount("--only", "Model3D.likes")
    model = Model3D.objects.get()
    assert (model.likes, model.comments_count) == (2, 40)


def test_a_day_with_sales_that_has_no_row_gets_one(busy_marketplace):
    before = DailyStats.objects.values("day", "sales", "revenue", "downloads").get()
    DailyStats.objects.all().delete()
    assert "1 days with sales or downloads have no row" in recount("--dry-run")
    assert not DailyStats.objects.exists()
    recount()
    assert DailyStats.objects.values("day", "sales", "revenue", "downloads").get() == before


def test_a_figure_that_the_database_refuses_is_left_and_named(busy_marketplace):
    purchase = Purchase.objects.get()
    link = purchase.links.get()
    for _ in range(3):
        DownloadLink.objects.create(purchase=purchase, file=link.file, expires_at=link.expires_at)
    Purchase.objects.update(download_limit=2)
    said = recount("--only", "Purchase.download_count", "Model3D.downloads")
    assert f"refuses the figure: {purchase.pk}." in said
    assert Purchase.objects.get().download_count == 1
    assert Model3D.objects.get().downloads == 4


@pytest.mark.django_db(transaction=True)
def test_a_like_that_is_being_given_meanwhile_is_counted_once():
    model = Model3DFactory(listed=True)
    ModelLike.objects.create(model=model, user=UserFactory())
    Model3D.objects.update(likes=9)
    fan = UserFactory()
    with transaction.atomic():
        likes.like(model=model, by=fan)
        counting = threading.Thread(target=_recount_and_close)
        counting.start()
        _wait_for_a_lock()
    counting.join(timeout=30)
    assert Model3D.objects.get().likes == 2
    assert Notification.objects.count() == 1


def _recount_and_close() -> None:
    try:
        recount("--only", "Model3D.likes")
    finally:
        connection.close()


def _wait_for_a_lock() -> None:
    """Until somebody waits for what this transaction holds."""
    for _ in range(300):
        if somebody_waits():
            return
        threading.Event().wait(0.05)
    raise AssertionError("Nobody waits.")


def test_every_number_of_the_models_is_counted_or_has_a_reason_not_to_be():
    unknown = []
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__ in NO_COUNTERS:
            continue
        for field in model._meta.local_concrete_fields:
            name = f"{model.__name__}.{field.name}"
            if isinstance(field, NUMBERS) and field.has_default() and field.default == 0:
                known = {counter.name for counter in COUNTERS} | set(LEFT_ALONE) | set(NO_COUNTERS)
                unknown += [name] if name not in known else []
    assert unknown == []


def test_nothing_is_both_counted_and_left_alone():
    assert {counter.name for counter in COUNTERS} & (set(LEFT_ALONE) | set(NO_COUNTERS)) == set()
