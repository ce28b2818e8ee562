"""The pages of communities."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import relations
from accounts.tests.factories import UserFactory
from community.actions import joining
from community.models import Community, CommunityMembership, Role
from community.tests.factories import CommunityFactory, member_of

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Hard surface",
    "description": "Edges and *normals*.",
    "category": "modelling",
    "icon": "car",
    "banner": "steel",
    "policy": "open",
    "rules": "Be kind.\n\n  Show your wires. ",
}
NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    '"><svg onload=alert(1)>',
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
]


def page(client, name, *arguments, **query):
    return client.get(reverse(f"community:{name}", args=arguments), query)


@pytest.fixture
def member_client(client):
    client.force_login(UserFactory())
    return client


# Creating


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "  ", "required"),
        ("name", "\u200b\u202eab", "at least 3"),
        ("name", "x" * 61, "at most 60"),
        ("description", "x" * 100_000, "at most 4000"),
        ("category", "nothing", "valid choice"),
        ("icon", "skull-and-bones", "valid choice"),
        ("banner", "red;background:url(x)", "valid choice"),
        ("policy", "secret", "valid choice"),
        ("rules", "\n".join(["Be kind."] * 16), "at most 15"),
        ("rules", "x" * 301, "at most 300"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(member_client, field, value, said):
    answer = member_client.post(reverse("community:new_community"), FORM | {field: value})
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[field])
    assert not Community.objects.exists()


def test_a_name_that_is_taken_is_told_beside_the_name(member_client):
    CommunityFactory(name="hard SURFACE")
    answer = member_client.post(reverse("community:new_community"), FORM)
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"] == ["There is a community of this name."]


def test_a_new_community_is_seen_by_its_owner_alone_until_it_is_approved(client):
    owner = UserFactory()
    client.force_login(owner)
    answer = client.post(reverse("community:new_community"), FORM, follow=True)
    assert "Waits for review" in answer.content.decode()
    made = Community.objects.get()
    assert made.rules == ["Be kind.", "Show your wires."]
    client.force_login(UserFactory())
    assert page(client, "community", made.pk).status_code == 404
    assert made.name not in page(client, "communities").content.decode()


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_becomes_markup(client, nasty):
    owner = UserFactory(full_name=nasty)
    community = CommunityFactory(
        name=nasty[:60], description=nasty, rules=[nasty], owner=owner, approval=True
    )
    asked = joining.join(community=community, user=UserFactory(full_name=nasty), message=nasty)
    joining.invite(community=community, user=UserFactory(full_name=nasty), by=owner)
    community.bans.create(user=UserFactory(), reason=nasty, banned_by=owner)
    client.force_login(owner)
    for name in ("community", "members", "requests", "invitations", "bans", "edit_community"):
        shown = page(client, name, community.pk).content.decode()
        for bad in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:', 'href="data:'):
            assert bad not in shown, name
    assert asked.message == nasty
    assert "<script>alert" not in page(client, "communities").content.decode()


# Joining


def test_a_visitor_is_led_to_sign_in_and_back(client):
    community = CommunityFactory()
    shown = page(client, "community", community.pk).content.decode()
    assert f"{reverse('account_login')}?next={community.get_absolute_url()}" in shown


def test_joining_and_leaving_by_plain_forms(member_client):
    community = CommunityFactory()
    address = reverse("community:membership", args=[community.pk])
    assert "You are in" in member_client.post(address, follow=True).content.decode()
    assert "You can come back" in member_client.get(address).content.decode()
    answer = member_client.post(address, {"_method": "delete"}, follow=True)
    assert "You have left" in answer.content.decode()
    assert member_client.get(address).status_code == 403


def test_leaving_a_private_community_leads_to_the_list(client):
    community = CommunityFactory(private=True)
    client.force_login(member_of(community).user)
    answer = client.post(reverse("community:membership", args=[community.pk]), {"_method": "delete"})
    assert answer.url == reverse("community:communities")


def test_asking_with_a_word_and_taking_it_back(member_client):
    community = CommunityFactory(approval=True)
    address = reverse("community:own_request", args=[community.pk])
    member_client.post(address, {"message": "I model boats."})
    assert community.join_requests.open().get().message == "I model boats."
    assert "waits for the moderators" in page(member_client, "community", community.pk).content.decode()
    member_client.post(address, {"_method": "delete"})
    assert not community.join_requests.open().exists()


def test_an_invited_person_sees_the_front_but_no_members(client):
    community, person = CommunityFactory(private=True), UserFactory()
    joining.invite(community=community, user=person, by=community.owner)
    client.force_login(person)
    shown = page(client, "community", community.pk).content.decode()
    assert "You are invited" in shown
    assert "Who runs it" not in shown
    assert page(client, "members", community.pk).status_code == 403
    answer = client.post(
        reverse("community:own_invitation", args=[community.pk]), {"_method": "delete"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("community:communities")


def test_somebody_who_is_banned_reads_why_and_has_no_button(client):
    community, person = CommunityFactory(), UserFactory()
    community.bans.create(user=person, reason="Too loud.", banned_by=community.owner)
    client.force_login(person)
    shown = page(client, "community", community.pk).content.decode()
    assert "Too loud." in shown
    assert reverse("community:membership", args=[community.pk]) not in shown


# The team


def test_pages_of_the_team_are_for_the_team(client):
    community = CommunityFactory()
    client.force_login(member_of(community).user)
    for name in ("requests", "invitations", "bans", "edit_community"):
        assert page(client, name, community.pk).status_code == 403
    client.force_login(member_of(community, Role.MODERATOR).user)
    for name in ("requests", "invitations", "bans"):
        assert page(client, name, community.pk).status_code == 200
    assert page(client, "edit_community", community.pk).status_code == 403


def test_a_moderator_lets_somebody_in(client):
    community, person = CommunityFactory(approval=True), UserFactory()
    asked = joining.join(community=community, user=person)
    client.force_login(member_of(community, Role.MODERATOR).user)
    client.post(reverse("community:request", args=[community.pk, asked.pk]))
    assert community.memberships.filter(user=person).exists()


def test_a_request_of_another_community_is_not_answered_here(client):
    asked = joining.join(community=CommunityFactory(approval=True), user=UserFactory())
    community = CommunityFactory()
    client.force_login(community.owner)
    assert client.post(reverse("community:request", args=[community.pk, asked.pk])).status_code == 404


def test_an_invitation_and_a_ban_are_taken_back(client):
    community = CommunityFactory()
    invite = joining.invite(community=community, user=UserFactory(), by=community.owner)
    ban = community.bans.create(user=UserFactory(), reason="Spam.", banned_by=community.owner)
    client.force_login(community.owner)
    for name, row in (("invitation", invite), ("lift_ban", ban)):
        address = reverse(f"community:{name}", args=[community.pk, row.pk])
        assert client.post(address).status_code == 405
        assert client.post(address, {"_method": "delete"}).status_code == 302
    assert not community.invites.open().exists()
    assert not community.bans.standing().exists()


@pytest.mark.parametrize(("policy", "is_kept"), [("private", True), ("open", False)])
def test_no_cache_keeps_a_page_that_only_some_may_see(client, policy, is_kept):
    community = CommunityFactory(policy=policy)
    client.force_login(community.owner)
    for name in ("community", "members"):
        answer = page(client, name, community.pk)
        assert ("no-store" in answer.get("Cache-Control", "")) == is_kept
    assert "no-store" in page(client, "bans", community.pk)["Cache-Control"]


def test_inviting_nobody_is_told_beside_the_field(client):
    community = CommunityFactory()
    client.force_login(community.owner)
    address = reverse("community:invitations", args=[community.pk])
    for name in ("nobody", "\0", "@", community.owner.username):
        answer = client.post(address, {"person": name})
        assert answer.status_code == 422
        assert "person" in answer.context["form"].errors
    person = UserFactory()
    assert client.post(address, {"person": f"@{person.username.upper()}"}).status_code == 302
    assert community.invites.open().get().user == person


def test_a_moderator_manages_a_member_and_not_an_admin(client):
    community = CommunityFactory()
    member, admin = member_of(community), member_of(community, Role.ADMIN)
    client.force_login(member_of(community, Role.MODERATOR).user)
    assert page(client, "member", community.pk, admin.user.username).status_code == 403
    assert page(client, "member", community.pk, member.user.username).status_code == 200
    ban = reverse("community:ban", args=[community.pk, member.user.username])
    assert client.post(ban, {"reason": ""}).status_code == 422
    assert client.post(ban, {"reason": "Spam."}).status_code == 302
    assert community.bans.standing().get().user == member.user
    assert not CommunityMembership.objects.filter(pk=member.pk).exists()


def test_roles_and_the_community_are_given_by_forms(client):
    community = CommunityFactory()
    member = member_of(community)
    client.force_login(community.owner)
    address = reverse("community:member", args=[community.pk, member.user.username])
    assert client.post(address, {"role": "king"}).status_code == 404
    client.post(address, {"role": "moderator"})
    member.refresh_from_db()
    assert member.role == Role.MODERATOR
    client.post(reverse("community:owner", args=[community.pk]), {"username": member.user.username})
    community.refresh_from_db()
    assert community.owner == member.user


def test_settings_show_the_community_as_it_is_while_the_form_has_mistakes(client):
    community = CommunityFactory(name="Hard surface")
    client.force_login(community.owner)
    address = reverse("community:edit_community", args=[community.pk])
    answer = client.post(address, FORM | {"name": "x"})
    assert answer.status_code == 422
    assert answer.context["shown"].community.name == "Hard surface"
    assert client.post(address, FORM | {"name": "Soft bodies"}).status_code == 302


# Lists


def test_the_list_narrows_by_words_and_subject(client):
    CommunityFactory(name="Boats", description="Hulls and rigging.", category="vehicles")
    CommunityFactory(name="Faces", category="characters")
    CommunityFactory(name="Secret boats", private=True)

    def names(**query):
        cards = page(client, "communities", **query).context["board"].cards
        return {card.community.name for card in cards}

    assert names() == {"Boats", "Faces"}
    assert names(q="hull") == {"Boats"}
    assert names(category="characters") == {"Faces"}
    assert names(q="\0", category="none", sort="x", tab="mine", page="x") == {"Boats", "Faces"}
    assert names(q="zzz") == set()


def test_mine_marks_what_is_new_and_suggestions_follow_people(client):
    friend, person = UserFactory(), UserFactory()
    theirs, mine = CommunityFactory(owner=friend), CommunityFactory(last_post_at=timezone.now())
    large = CommunityFactory(members_count=500)
    member_of(mine, user=person)
    CommunityMembership.objects.update(last_read_at=mine.created_at - timedelta(hours=1))
    relations.follow(follower=person, followed=friend)
    client.force_login(person)
    board = page(client, "communities").context["board"]
    assert [card.community for card in board.suggested] == [theirs, large]
    cards = page(client, "communities", tab="mine").context["board"].cards
    assert [(card.community, card.has_unread) for card in cards] == [(mine, True)]


@pytest.mark.parametrize("name", ["communities", "members", "requests", "invitations", "bans"])
def test_lists_cost_the_same_however_long_they_are(client, django_assert_max_num_queries, name):
    community = CommunityFactory()
    client.force_login(community.owner)

    def add(count):
        for person in UserFactory.create_batch(count):
            if name == "communities":
                member_of(CommunityFactory(owner=person), user=community.owner)
            elif name == "members":
                member_of(community, user=person)
            elif name == "requests":
                community.join_requests.create(user=person)
            elif name == "invitations":
                community.invites.create(user=person, invited_by=community.owner)
            else:
                community.bans.create(user=person, reason="Spam.", banned_by=community.owner)

    def queries():
        arguments = [] if name == "communities" else [community.pk]
        page(client, name, *arguments)
        with django_assert_max_num_queries(40) as asked:
            page(client, name, *arguments)
        return len(asked)

    add(1)
    few = queries()
    add(23)
    assert queries() == few
    add(76)
    assert queries() == few


def test_members_are_paged_and_found_by_name(client):
    community = CommunityFactory()
    for person in UserFactory.create_batch(50):
        member_of(community, user=person)
    member_of(community, user=UserFactory(username="quixote"))
    first = page(client, "members", community.pk)
    assert len(first.context["members"].rows) == 48
    assert [row.is_owner for row in first.context["members"].team] == [True]
    second = page(client, "members", community.pk, before=first.context["members"].page.older)
    assert len(second.context["members"].rows) == 3
    assert second.context["members"].team == []
    found = page(client, "members", community.pk, q="quixo").context["members"].rows
    assert [row.member.user.username for row in found] == ["quixote"]
