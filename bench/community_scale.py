"""A community of 100,000 members and 1,000,000 posts against one of 100 posts, in one run, on embedded PostgreSQL.

    python -m bench.community_scale [--posts 1000000] [--members 100000] [--rounds 30]

Both lie in one database of its own, filled by SQL. Each page is asked in turn for the one and for the other by a member
of both, since a busy machine slows both; before each request the cache is emptied. A request is the whole of it, from
the address to the last byte of the page, through Django's middleware, without a network. A post with 10,000 comments is
asked beside one with 100. Exit code 1 where a 95th percentile of the large one is over 1.5 times that of the small one.
"""

import argparse
import sys
import time

from bench.dashboard import ask, insert, people
from bench.percentiles import print_head, print_row
from bench.scratch import scratch_site

MAX_RATIO = 1.5
SMALL_POSTS, SMALL_MEMBERS = 100, 100
MANY_COMMENTS, FEW_COMMENTS = 10_000, 100
# What a search finds: the same number of posts in both, one of so many of the newest ones.
RARE = 4
_BODY = (
    "'Post ' || n || ' about bevels, normals and what holds up close. ' || repeat('It is seen from the side. ', 8)"
    " || CASE WHEN mod(n, %(rare)s) = 3 AND n < 100 THEN 'A kestrel.' ELSE '' END"
)


def found(name: str, owner, members: list[int], posts: int) -> int:
    """A community with so many posts, one a minute until now; returns its id."""
    from django.utils import timezone

    from community.models import Community, CommunityMembership, CommunityPost

    community = Community.objects.create(
        name=name,
        description="For those who like their edges hard.",
        category="modelling",
        owner=owner,
        state="active",
        rules=["Be kind.", "Show your wires."],
        members_count=len(members),
        posts_count=posts,
        last_post_at=timezone.now(),
    )
    pk, first = str(community.pk), members[0]
    everybody = f"unnest(ARRAY(SELECT generate_series({first}, {first} + {len(members) - 1}))) AS person"
    insert(CommunityMembership, everybody, community=pk, user="person", role="'member'")
    CommunityMembership.objects.filter(community=community, user__in=members[:12]).update(role="moderator")
    insert(
        CommunityPost,
        f"generate_series(0, {posts - 1}) AS n",
        community=pk,
        author=f"{first} + mod(n * 7919::bigint, {len(members)})",
        body=_BODY % {"rare": RARE},
        created_at="now() - n * interval '1 minute'",
        updated_at="now()",
        likes="mod(n * 31, 40)",
        loves="mod(n * 17, 9)",
        comments_count="mod(n, 3)",
    )
    return community.pk


def comment(community_pk: int, place: int, count: int, members: list[int]) -> int:
    """So many comments on one of the posts, one in four begins a thread; returns the post's id."""
    from community.models import CommunityPost, PostComment

    post = CommunityPost.objects.filter(community=community_pk).newest_first()[place]
    CommunityPost.objects.filter(pk=post.pk).update(comments_count=count)
    common = {
        "post": str(post.pk),
        "author": f"{members[0]} + mod(n * 31, {len(members)})",
        "body": "'Comment ' || n || '. ' || repeat('Seen from the side it holds. ', 4)",
        "updated_at": "now()",
    }
    roots = -(-count // 4)
    insert(
        PostComment, f"generate_series(1, {roots}) AS n", depth="0",
        created_at="now() - n * interval '1 second'", **common,
    )  # fmt: skip
    first = PostComment.objects.filter(post=post).order_by("pk").values_list("pk", flat=True)[0]
    # Half of the answers are in one thread.
    parent = f"CASE WHEN mod(n, 2) = 0 THEN {first} ELSE {first} + mod(n * 7, {roots}) END"
    insert(
        PostComment, f"generate_series(1, {count - roots}) AS n", depth="1", parent=parent, root=parent,
        created_at="now() - n * interval '1 second'", **common,
    )  # fmt: skip
    return post.pk


def load(posts: int, members: int) -> dict[str, dict]:
    """By size: what addresses are made of, the small one first."""
    from django.db import connection

    from accounts.models import User

    owner = people("owner", 1)[0]
    insert(
        User,
        f"generate_series(1, {members}) AS n",
        username="'member' || n",
        email="'m' || n || '@bench.invalid'",
    )
    everybody = list(
        User.objects.filter(username__startswith="member").order_by("pk").values_list("pk", flat=True)
    )
    assert everybody[-1] - everybody[0] == members - 1
    sizes = {}
    for size, posts_there, members_there, comments_there in (
        ("small", SMALL_POSTS, SMALL_MEMBERS, FEW_COMMENTS),
        ("large", posts, members, MANY_COMMENTS),
    ):
        inside = everybody[:members_there]
        pk = found(f"The {size} one", owner, inside, posts_there)
        sizes[size] = {"pk": pk, "post": comment(pk, 5, comments_there, inside)}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return sizes


def pages(where: dict) -> dict[str, str]:
    from community.models import CommunityPost, PostComment
    from core.key_pages import NEWEST

    front = f"/community/{where['pk']}/"
    posts = CommunityPost.objects.filter(community=where["pk"])
    middle = posts.newest_first()[min(posts.count() // 2, 500_000)]
    thread = PostComment.objects.filter(post=where["post"]).order_by("pk").values_list("pk", flat=True)[0]
    return {
        "recent": front,
        "top": f"{front}?show=top",
        "unanswered": f"{front}?show=unanswered",
        "in the middle": f"{front}?before={NEWEST.written(middle.created_at)}-{middle.pk}",
        "search": f"{front}?q=kestrel",
        "members": f"{front}members/",
        "a post": f"{front}posts/{where['post']}/",
        "its comments": f"{front}posts/{where['post']}/comments/",
        "one thread": f"{front}posts/{where['post']}/comments/{thread}/",
        "updates": f"{front}updates/?after=0",
    }


def measure(sizes: dict[str, dict], rounds: int) -> bool:
    """Prints each page; whether all are within bounds."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="member20"), backend=settings.AUTHENTICATION_BACKENDS[0])
    addresses = {size: pages(where) for size, where in sizes.items()}
    passed = True
    print_head()
    for name in addresses["small"]:
        taken = {size: [] for size in addresses}
        for number in range(rounds + 3):
            for size, places in addresses.items():
                seconds = ask(client, places[name])
                if number >= 3:
                    taken[size].append(seconds)
        passed &= print_row(name, taken["small"], taken["large"], at_most=MAX_RATIO)
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        started = time.monotonic()
        sizes = load(options.posts, options.members)
        print(f"{options.posts:,} posts loaded in {time.monotonic() - started:.0f} s", flush=True)
        return 0 if measure(sizes, options.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
