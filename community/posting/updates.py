"""What happened in a community as open pages show it: of each thing once, as it is by now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from community.models import Community, CommunityEvent, CommunityPost, PostReaction
from community.posting.showing import Audience, ShownPost, row_html, shown, shown_alike
from community.standing import Standing

Kind = CommunityEvent.Kind
# Whoever has missed more loads the page again.
MOST = 100
_POSTS = {Kind.POSTED, Kind.POST_CHANGED, Kind.POST_GONE}
_COMMENTS = {Kind.COMMENTED, Kind.COMMENT_CHANGED, Kind.COMMENT_GONE}
# How posts are shown: to one person, or to all of an audience alike.
Showing = Callable[[Iterable[CommunityPost]], list[ShownPost]]


@dataclass(frozen=True)
class Missed:
    """The updates after one number up to another; `is_too_much` where they are not told one by one."""

    after: int
    upto: int
    updates: list[dict]
    is_too_much: bool = False


def for_audience(community_pk: int, after: int, upto: int, audience: Audience) -> Missed:
    """The same for everybody of this kind: nothing in it is anybody's own."""
    return _missed(community_pk, after, upto, lambda posts: shown_alike(posts, audience))


def for_person(standing: Standing, after: int) -> Missed:
    """All after this number, as one person sees it."""
    community = standing.community
    return _missed(community.pk, after, community.last_event, lambda posts: shown(posts, standing))


def last_event(community_pk: int) -> int:
    return Community.objects.filter(pk=community_pk).values_list("last_event", flat=True).first() or 0


def _missed(community_pk: int, after: int, upto: int, showing: Showing) -> Missed:
    if after >= upto:
        return Missed(after, upto, [])
    rows = CommunityEvent.objects.filter(community=community_pk, number__lte=upto).since(after)
    events = list(rows[: MOST + 1])
    # Old ones are thrown away, and then the numbers begin later.
    if len(events) > MOST or not events or events[0].number != after + 1:
        return Missed(after, upto, [], is_too_much=True)
    return Missed(after, events[-1].number, _updates(community_pk, events, showing))


def _updates(community_pk: int, events: list[CommunityEvent], showing: Showing) -> list[dict]:
    last = {}
    for event in events:
        subject = _subject_of(event)
        before = last.pop(subject, None)
        # What is new to the page stays new, whatever has happened with it since.
        is_new = event.kind in (Kind.POSTED, Kind.COMMENTED) or (before is not None and before[1])
        last[subject] = (event, is_new)
    posts = _posts_of(event.post_id for event, _ in last.values() if event.post_id)
    changed = [event.post_id for event, _ in last.values() if event.kind in _POSTS]
    items = {item.post.pk: item for item in showing(posts[pk] for pk in changed if pk in posts)}
    updates = []
    for event, is_new in last.values():
        told = _told(event, is_new, posts.get(event.post_id), items.get(event.post_id))
        updates.append({"number": event.number, **told})
    if any(update["kind"] == Kind.MEMBERS for update in updates):
        count = Community.objects.values_list("members_count", flat=True).get(pk=community_pk)
        for update in updates:
            if update["kind"] == Kind.MEMBERS:
                update["members"] = count
    return updates


def _subject_of(event: CommunityEvent) -> tuple:
    if event.kind in _POSTS:
        return ("post", event.post_id)
    if event.kind in _COMMENTS:
        return ("comment", event.comment_pk)
    return (event.kind, event.post_id)


def _posts_of(pks: Iterable[int]) -> dict[int, CommunityPost]:
    return CommunityPost.objects.standing().with_page_data().in_bulk(set(pks))


def _told(event: CommunityEvent, is_new: bool, post: CommunityPost | None, item: ShownPost | None) -> dict:
    if event.post_id is None:
        return {"kind": event.kind}
    if post is None:
        return {"kind": Kind.POST_GONE, "post": event.post_id}
    told = {"post": post.pk, "comments": post.comments_count}
    if event.kind in _POSTS and item is not None:
        kind = Kind.POSTED if is_new else Kind.POST_CHANGED
        return {"kind": kind, "author": post.author.username, "html": row_html(item), **told}
    if event.kind == Kind.REACTED:
        counts = {kind.value: getattr(post, kind.counter) for kind in PostReaction.Kind}
        return {"kind": event.kind, "counts": counts, **told}
    return {"kind": event.kind, "comment": event.comment_pk, **told}
