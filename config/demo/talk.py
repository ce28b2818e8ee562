"""Lets the demo's people post, answer and react in their communities, by the calls of the site, each at its time."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from community.actions import comments, posts
from community.actions.posts import Draft
from community.models import Community, CommunityMembership, CommunityPost, PostComment, PostReaction
from config.demo import clock
from config.demo.catalogue import CATALOGUE
from config.demo.catalogue.talk import POSTS, DemoAnswer, DemoPost
from marketplace.models import Model3D


def begin() -> None:
    """After the communities are there. Where somebody has posted already, nobody else does."""
    people = {person.username: person for person in User.objects.filter(is_demo=True)}
    communities = {community.name: community for community in Community.objects.active()}
    silent = {name for name, community in communities.items() if not community.posts.exists()}
    # As it happened: the latest post of a community is its last one.
    for entry in sorted(POSTS, key=lambda entry: -entry.hours_ago):
        if entry.community in silent:
            _post(entry, communities[entry.community], people)


def _post(entry: DemoPost, community: Community, people: dict[str, User]) -> None:
    author, when = people[entry.author], timezone.now() - timedelta(hours=entry.hours_ago)
    _were_in(community, {entry.author, *_names(entry)}, people, when)
    with clock.at(when):
        post = posts.publish(community=community, author=author, draft=Draft(entry.text, _model(entry.model)))
    inside = set(community.memberships.values_list("user__username", flat=True))
    for kind, names in entry.reactions.items():
        for number, name in enumerate(inside.intersection(names), start=1):
            with clock.at(when + timedelta(minutes=17 * number)):
                posts.react(post=post, by=people[name], kind=PostReaction.Kind(kind))
    for answer in entry.answers:
        _answer(answer, post, None, people)
    if entry.is_pinned:
        with clock.at(when):
            posts.pin(post=post, by=community.owner)


def _names(entry: DemoPost) -> set[str]:
    """All who say something to it or react."""
    found = {name for names in entry.reactions.values() for name in names}
    answers = list(entry.answers)
    while answers:
        answer = answers.pop()
        found.add(answer.author)
        answers += answer.answers
    return found


def _were_in(community: Community, names: set[str], people: dict[str, User], when) -> None:
    """Whoever takes part came before that, though the demo has let them come at some time or other."""
    late = CommunityMembership.objects.filter(
        community=community, user__in=[people[name] for name in names], created_at__gt=when
    )
    late.update(created_at=when - timedelta(hours=3))


def _answer(
    entry: DemoAnswer, post: CommunityPost, parent: PostComment | None, people: dict[str, User]
) -> None:
    with clock.at(timezone.now() - timedelta(hours=entry.hours_ago)):
        comment = comments.comment_on(post=post, author=people[entry.author], body=entry.text, parent=parent)
    for answer in entry.answers:
        _answer(answer, post, comment, people)


def _model(slug: str) -> Model3D | None:
    """None where it is not on the site (yet)."""
    entry = next((entry for entry in CATALOGUE if entry.slug == slug), None)
    if entry is None:
        return None
    return Model3D.objects.open_to_all().filter(creator__username=entry.creator, title=entry.title).first()
