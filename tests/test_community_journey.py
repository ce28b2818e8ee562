"""Two people in two browsers in one community: what one does the other sees, live, once, and also what was missed."""

import pytest

from accounts.tests.factories import UserFactory
from community.models import CommunityPost, Role
from community.tests.factories import CommunityFactory, member_of
from community.tests.posting import picture_file
from marketplace.tests.factories import CategoryFactory, Model3DFactory
from tests.test_journey import log_in, verified

pytestmark = pytest.mark.browser

LONG_MS = 60_000


def write(page, text: str, **more) -> None:
    page.get_by_label("Your post").fill(text)
    if more:
        page.get_by_text("Pictures, a model").click()
        page.get_by_label("Pictures").set_input_files(more["picture"])
        page.get_by_label("A model").fill(more["model"])
    page.get_by_role("button", name="Post", exact=True).click()
    post_of(page, text.replace("*", "")).wait_for()


def look(page, path: str) -> None:
    """Open a page of the community and wait until it hears of what happens: then it knows that two people are there."""
    page.goto(path)
    page.get_by_text("2 here now").wait_for()


def post_of(page, text: str):
    return page.locator("[data-post]").filter(has_text=text)


def texts(page) -> list[str]:
    return page.locator("[data-post] .talk-body").all_inner_texts()


@pytest.mark.full
def test_two_people_post_react_comment_and_keep_order_live(open_page, live_site, complaints):
    # A page whose sockets are away says so in the console.
    complaints.expect("WebSocket connection to")
    owner = verified(UserFactory(username="mira", full_name="Mira Holm"))
    member = verified(UserFactory(username="boris", full_name="Boris Valen", creator=True))
    community = CommunityFactory(owner=owner, name="Hard surface")
    member_of(community, user=member)
    model = Model3DFactory(listed=True, creator=member, title="Walnut chest", category=CategoryFactory())
    mira, boris = open_page(), open_page()
    log_in(mira, owner)
    log_in(boris, member)
    front = community.get_absolute_url()

    # A post with a picture and a model appears on the open page; writing it is seen, too.
    mira.goto(front)
    look(boris, front)
    mira.get_by_text("2 here now").wait_for()
    boris.get_by_label("Your post").press_sequentially("Look")
    mira.get_by_text("Boris Valen is writing a post").wait_for()
    picture = {"name": "wires.png", "mimeType": "image/png", "buffer": picture_file().read()}
    write(boris, "Look at **my** chest", picture=picture, model=model.get_absolute_url())
    theirs = post_of(mira, "Look at my chest")
    theirs.wait_for()
    assert theirs.get_by_role("link", name="Walnut chest").is_visible()
    assert theirs.locator(".talk-pictures img").count() == 1
    assert theirs.get_by_text("New", exact=True).count() == 0

    # A reaction, changed: each sees the count, and only who reacted that it is theirs.
    theirs.get_by_role("button", name="Love").click()
    theirs.locator("[data-reaction=love][aria-pressed=true]").wait_for()
    theirs.get_by_role("button", name="Fire").click()
    post_of(boris, "Look at my chest").locator("[data-reaction=fire]").get_by_text("1", exact=True).wait_for()
    assert post_of(boris, "Look at my chest").locator("[aria-pressed=true]").count() == 0
    assert post_of(mira, "Look at my chest").locator("[aria-pressed=true]").count() == 1

    # Other words, live.
    post = CommunityPost.objects.get()
    boris.goto(f"{post.get_absolute_url()}edit/")
    boris.get_by_label("Your post").fill("Look at *my old* chest")
    boris.get_by_role("button", name="Save").click()
    post_of(mira, "Look at my old chest").wait_for()
    assert post_of(mira, "Look at my old chest").locator("[aria-pressed=true]").count() == 1

    # Comments on the page of the post, and its count in the feed.
    boris.get_by_text("2 here now").wait_for()
    look(mira, post.get_absolute_url())
    mira.get_by_label("Write a comment").press_sequentially("How")
    boris.get_by_text("Mira Holm is writing a comment").wait_for()
    mira.get_by_label("Write a comment").fill("How many triangles?")
    mira.get_by_role("button", name="Comment", exact=True).click()
    boris.locator(".comment-body").get_by_text("How many triangles?").wait_for()
    look(mira, front)
    assert post_of(mira, "Look at my old chest").locator("[data-comments-count]").inner_text() == "1"

    # While the sockets are away; what was missed is there once, in its order.
    look(boris, front)
    live_site.kill("sockets")
    mira.get_by_text("Not connected").wait_for(timeout=LONG_MS)
    for text in ("One of two", "Two of two"):
        write(boris, text)
    live_site.ensure("sockets")
    for text in ("One of two", "Two of two"):
        post_of(mira, text).wait_for(timeout=LONG_MS)
    assert texts(mira) == ["Two of two", "One of two", "Look at my old chest"]
    mira.get_by_text("Not connected").wait_for(state="hidden")

    # Taken down: gone from the other's page, with a word to its author.
    look(boris, front)
    post_of(mira, "Two of two").get_by_label("More about the post").click()
    post_of(mira, "Two of two").get_by_role("link", name="Take down").click()
    mira.get_by_label("Why?").fill("Said twice.")
    mira.get_by_role("button", name="Take down").click()
    post_of(boris, "Two of two").wait_for(state="detached")
    boris.get_by_role("status").get_by_text("was taken down").wait_for()

    # Who is put out has the page no more.
    assert community.memberships.get(user=member).role == Role.MEMBER
    mira.goto(f"{front}members/boris/")
    mira.get_by_label("Reason").fill("Not here.")
    mira.get_by_role("button", name="Ban Boris Valen").click()
    boris.get_by_text("You are banned from this community").wait_for()
