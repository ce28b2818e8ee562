"""The addresses of all pages, and a site on which each of them has something to show."""

from decimal import Decimal

from django.db import connection

from accounts.actions import relations
from accounts.models import Notification, User
from accounts.notifications import notify
from accounts.tests.factories import UserFactory
from blog.actions import lessons
from blog.courses.videos import read_video
from blog.tests.factories import (
    BlogCommentFactory,
    BlogPostFactory,
    CourseEnrollmentFactory,
    CourseFactory,
    LessonFactory,
    TestimonialFactory,
)
from blog.tests.films import CAPTIONS, upload, webm
from commerce.tests.factories import review_of
from commerce.tests.plans import first_plans
from community.actions import comments as answers
from community.actions import joining, posts
from community.models import PostReaction
from community.tests.factories import CommunityFactory, member_of
from community.tests.messaging import written, written_with_file
from community.tests.posting import edited, posted
from marketplace.actions import collections, comments, likes
from marketplace.models import Finding, Model3D
from marketplace.tests.factories import (
    CategoryFactory,
    CollectionFactory,
    Model3DFactory,
    ModelFileFactory,
    PreviewImageFactory,
)
from support.actions import tickets
from support.actions.loading import load as load_help
from support.actions.safety.claims import open_claim
from support.tests.safety.making import claimed, decided, moderator
from support.tests.tickets import an_agent, answered, asked, asked_with_file
from support.ticketing.about import About
from tests.test_journey import verified

LONG = "A chair of oak with a woven seat and a back that was bent over steam, made for close views"

ARTICLE = "## One\n\nWords.\n\n## Two\n\n```python\ndef bake(): ...  # once\n```\n\n## Three\n\n"


def made_site() -> dict[str, str]:
    """A site on which something has happened to everything; what addresses of its pages are made of."""
    first_plans()
    person = verified(UserFactory(username="ana", full_name="Ana Silva", creator=True, bio="I **carve**."))
    other = UserFactory(username="boris", creator=True, is_verified=True)
    shelf = CategoryFactory(name="Furniture", slug="furniture")
    model = Model3DFactory(listed=True, creator=other, category=shelf, title=LONG, tags=["oak", "wood"])
    for number, severity in enumerate(["error", "warning", "info"]):
        Finding.objects.create(
            file=model.current_file, step="gltf", severity=severity, code=f"code-{number}", message="Found"
        )
    ModelFileFactory(model=model, format="obj", ready=True)
    PreviewImageFactory(model=model)
    Model3DFactory(listed=True, is_mature=True, title="Mature one")
    Model3D.objects.filter(pk=model.pk).update(is_featured=True, trending_score=3)
    for _ in range(3):
        Model3DFactory(listed=True, category=shelf, creator=person)
    own = Model3DFactory(with_file=True, creator=person)
    first = comments.post(
        model=model, author=other, body="Look: `code`, @ana and a [link](https://example.com)."
    )
    comments.post(model=model, author=person, body="> Right.\n\n* One\n* Two", parent=first)
    collection = CollectionFactory(
        owner=person, name="For the hall", description="All that is to stand there."
    )
    for kept in Model3D.objects.listed():
        collections.add(collection=collection, model=kept)
    likes.like(model=model, by=person)
    relations.follow(follower=person, followed=other)
    relations.follow(follower=other, followed=person)
    review_of(person, model, 4, "Stands where it should. **Fine**.")
    received = review_of(other, person.models.filter(status="approved").first(), 3)
    post = BlogPostFactory(published=True, author=other, content=f"{ARTICLE}/model/{model.pk}/")
    BlogCommentFactory(post=post, author=person)
    TestimonialFactory(approved=True, author=person)
    course = a_course(other, model)
    CourseEnrollmentFactory(course=course, user=person)
    notify(user=person, kind=Notification.Kind.SALE, title="Oak chair was sold", link="/")
    load_help()
    community, talked = a_community(person, other, model)
    talk = written_with_file(other, person)
    written(person, other, "Thank you. **Bevelled** it is, with `3` segments.", model=model)
    decision = decided(Model3DFactory(listed=True, creator=person, title=LONG), person, note=LONG)
    claim = claimed(Model3DFactory(listed=True, creator=person, price=Decimal("9.00"), title=LONG))
    open_claim(claim=claim, by=moderator())
    ticket, solved = a_talk_with_support(person, model)
    connection.close()
    return {
        "decision": f"{decision.public_id}",
        "claim": f"{claim.public_id}",
        "ticket": f"{ticket.public_id}",
        "solved": f"{solved.public_id}",
        "talk": f"{talk.conversation.public_id}",
        "community": f"{community.pk}",
        "post_of": f"{community.pk}/posts/{talked.pk}",
        "comment_of": f"{community.pk}/posts/{talked.pk}/comments/{talked.comments.roots().earliest('pk').pk}",
        "answer_of": f"{community.pk}/posts/{talked.pk}/comments/{talked.comments.answers().get().pk}",
        "taken_down": f"{community.pk}/posts/{talked.pk}/comments/{talked.comments.latest('pk').pk}",
        "waiting": f"{CommunityFactory(owner=person, pending=True).pk}",
        "model": f"{model.pk}",
        "own": f"{own.pk}",
        "collection": f"{collection.pk}",
        "purchase": f"{person.purchases.get().public_id}",
        "post": post.slug,
        "course": course.slug,
        "priced": CourseFactory(published=True, price=29).slug,
        "lesson": f"{course.lessons.in_order().first().pk}",
        "text_lesson": f"{course.lessons.in_order().last().pk}",
        "received": f"{received.model_id}/reviews/{received.pk}",
    }


def a_talk_with_support(person: User, model: Model3D):
    """One ticket that is talked in, and one that is resolved."""
    agent = an_agent()
    ticket, solved = asked_with_file(person), asked(person, subject=LONG, about=About(model=model))
    answered(ticket, agent, "Look **here**:\n\n1. One\n2. `Two`")
    answered(solved, agent, resolves=True)
    tickets.annotate(ticket=ticket, by=agent, body="Seen before.")
    return ticket, solved


def a_course(teacher, model):
    """With a lesson that is seen, one that is read, and one that everybody may open."""
    course = CourseFactory(published=True, instructor=teacher, title="Rig a lamp", description=ARTICLE)
    film = upload(webm())
    media = lessons.Media(video=(film, read_video(film)), captions=upload(CAPTIONS.encode(), "a.vtt"))
    first = course.lessons.get()
    lessons.save(lesson=first, by=teacher, media=media)
    lessons.add_file(lesson=first, name="lamp.blend", upload=upload(b"BLENDER", "lamp.blend"))
    LessonFactory(course=course, is_preview=True, video_link="https://vimeo.com/76979871")
    LessonFactory(course=course, text=ARTICLE, model=model)
    return course


def a_community(owner: User, member: User, model: Model3D):
    """With everything that may stand in one, and a post with everything that a post may have."""
    community = CommunityFactory(owner=owner, approval=True, rules=["Be kind.", "Show your wires."])
    member_of(community, user=member)
    joining.join(community=community, user=UserFactory(), message="I model boats.")
    joining.invite(community=community, user=UserFactory(), by=owner)
    community.bans.create(user=UserFactory(), reason="Spam.", banned_by=owner)
    pinned = posted(community, owner, "Read **this** first.\n\n1. One\n2. Two")
    posts.pin(post=pinned, by=owner)
    post = posted(community, member, f"Look, @{owner.username}: `code`", pictures=2, model=model)
    posts.react(post=post, by=owner, kind=PostReaction.Kind.WOW)
    first = answers.comment_on(post=post, author=member, body="Which **bevel**?")
    answers.comment_on(post=post, author=owner, body="> This one.\n\n`2` segments.", parent=first)
    spam = answers.comment_on(post=post, author=member, body="Buy my watches.")
    answers.take_down(comment=spam, by=owner, reason="Advertising.")
    return community, edited(post, f"Look again, @{owner.username}: `code`")


# By number of the list of pages.
PUBLIC = [
    *("/", "/marketplace/", "/marketplace/?q=nothing+at+all", "/categories/", "/model/{model}/"),
    *("/model/{model}/comments/", "/model/{model}/sheet/", "/search/?q=oak", "/collections/"),
    *("/collections/{collection}/", "/profile/ana/", "/profile/ana/about/", "/profile/ana/collections/"),
    *("/profile/boris/followers/", "/profile/boris/following/", "/licences/royalty-free/", "/licences/"),
    *("/pricing/", "/model/{model}/reviews/", "/profile/ana/reviews/"),
    *("/blog/", "/blog/{post}/", "/blog/authors/boris/", "/testimonials/"),
    *("/help/", "/help/?q=refund", "/help/?category=refunds", "/help/refund/", "/docs/", "/docs/formats/"),
    *("/courses/", "/courses/{course}/", "/courses/?q=nothing", "/copyright/"),
    *("/community/", "/community/{community}/", "/community/{post_of}/", "/community/{post_of}/history/"),
    *("/community/{community}/members/", "/profile/ana/communities/", "/search/?q=look+again"),
    *("/community/{post_of}/comments/", "/community/{comment_of}/"),
]
SIGNED_IN = [
    *("/", "/model/{model}/", "/model/{model}/collect/", "/search/shape/", "/collections/?tab=mine"),
    *("/collections/new/", "/collections/{collection}/edit/", "/likes/", "/profile/boris/"),
    *("/dashboard/inventory/", "/dashboard/inventory/{own}/", "/dashboard/social/", "/dashboard/settings/"),
    *("/dashboard/settings/notifications/", "/dashboard/settings/privacy/", "/dashboard/settings/blocked/"),
    *("/dashboard/settings/data/", "/dashboard/settings/delete/", "/dashboard/searches/", "/notifications/"),
    *("/report/model/{model}/", "/search/?q=oak", "/dashboard/settings/plan/", "/pricing/pro/?country=US"),
    *("/dashboard/", "/dashboard/purchases/{purchase}/review/", "/model/{received}/answer/"),
    *("/profile/ana/reviews/?show=unanswered", "/dashboard/purchases/", "/dashboard/messages/"),
    *("/dashboard/messages/?q=bevel", "/dashboard/messages/new/?to=boris", "/dashboard/messages/{talk}/"),
    *("/blog/{post}/", "/testimonials/", "/testimonials/mine/", "/courses/?show=mine", "/courses/{course}/"),
    *("/courses/{course}/lessons/{lesson}/", "/courses/{course}/lessons/{text_lesson}/"),
    *("/courses/{course}/enrollment/", "/courses/{priced}/", "/courses/{priced}/buy/"),
    *("/community/", "/community/new/", "/community/{waiting}/", "/community/{community}/"),
    *("/community/{community}/?q=nothing+of+it", "/community/{post_of}/", "/community/{post_of}/removal/"),
    *("/community/{community}/edit/", "/community/{community}/members/boris/"),
    *("/community/{community}/requests/", "/community/{community}/invitations/"),
    "/community/{community}/bans/",
    *("/community/{post_of}/comments/", "/community/{answer_of}/edit/"),
    *("/decisions/", "/decisions/{decision}/", "/claims/{claim}/"),
    *("/community/{comment_of}/removal/", "/community/{taken_down}/removal/"),
    *("/support/", "/support/?q=receipt", "/support/new/?model={model}", "/support/{ticket}/"),
    "/support/{solved}/",
]
# Pages of the console that the list has no number for.
DESKS = [
    *("/admin/search/?q=ana", "/admin/people/{person}/", "/admin/accounts/user/{person}/change/"),
    *("/admin/marketplace/model3d/{model}/change/", "/admin/core/auditentry/", "/admin/core/textfilter/"),
    *("/admin/safety/", "/admin/safety/{reported}/", "/admin/support/moderationdecision/{decided}/change/"),
    *("/admin/support/appeal/", "/admin/support/appeal/{appealed}/change/"),
    *("/admin/support/copyrightclaim/", "/admin/support/copyrightclaim/{claimed}/change/"),
    *("/admin/support/supportticket/{asked}/change/", "/admin/support/supportticket/figures/"),
    *("/admin/support/mailcampaign/add/", "/admin/support/mailcampaign/{draft}/change/"),
    *("/admin/support/mailcampaign/{sending}/change/", "/admin/core/outgoingmail/previews/"),
]
