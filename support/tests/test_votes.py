"""Whether an answer helped: one vote a person or browser, changed and taken back, counted right."""

import threading
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.ratelimit import ratelimit, requester_key
from support.actions import votes
from support.actions.votes import Voter
from support.models import HelpArticle, HelpVote
from support.tests.factories import HelpArticleFactory

pytestmark = pytest.mark.django_db


def counts(article: HelpArticle) -> tuple[int, int]:
    article.refresh_from_db()
    return article.helpful, article.unhelpful


@pytest.fixture
def article():
    return HelpArticleFactory(published=True)


def test_the_database_refuses_what_no_vote_can_be(article):
    person, browser = UserFactory(), uuid.uuid4()
    HelpVote.objects.create(article=article, user=person, is_helpful=True)
    HelpVote.objects.create(article=article, browser=browser, is_helpful=True)
    for fields in (
        {},
        {"user": person},
        {"browser": browser},
        {"user": UserFactory(), "browser": uuid.uuid4()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HelpVote.objects.create(article=article, is_helpful=False, **fields)


def test_a_vote_is_changed_not_added_to_and_can_be_taken_back(article):
    person, visitor = Voter(user=UserFactory()), Voter(browser=uuid.uuid4())
    for voter in (person, visitor, person):
        votes.vote(article=article, voter=voter, is_helpful=True)
    assert counts(article) == (2, 0)
    votes.vote(article=article, voter=person, is_helpful=False)
    assert counts(article) == (1, 1)
    assert [votes.take_back(article=article, voter=person) for _ in range(2)] == [True, False]
    assert counts(article) == (1, 0)
    assert not votes.take_back(article=article, voter=Voter())
    assert HelpVote.objects.get().browser == visitor.browser


def test_who_signs_in_has_one_vote_not_two(article):
    visitor = Voter(browser=uuid.uuid4())
    votes.vote(article=article, voter=visitor, is_helpful=False)
    person = Voter(user=UserFactory(), browser=visitor.browser)
    assert not person.vote_on(article).is_helpful
    votes.vote(article=article, voter=person, is_helpful=True)
    assert counts(article) == (1, 0)
    assert HelpVote.objects.get().user == person.user


def test_a_visitor_votes_by_their_browser_and_without_scripts(client, article):
    address = reverse("support:help_vote", args=[article.slug])
    assert client.get(address).status_code == 405
    assert not client.session.keys()
    for answer in ("yes", "yes", "no"):
        response = client.post(address, {"helpful": answer})
        assert response.url == f"{article.get_absolute_url()}#helpful"
    assert counts(article) == (0, 1)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Tell us what is missing" in page
    assert 'value="no" aria-pressed="true"' in page
    client.post(address, {"_method": "delete"})
    assert counts(article) == (0, 0)
    assert "Did this help?" in client.get(article.get_absolute_url()).content.decode()


def test_a_person_votes_and_gets_the_buttons_back(client, article):
    client.force_login(UserFactory())
    address = reverse("support:help_vote", args=[article.slug])
    page = client.post(address, {"helpful": "yes"}, HTTP_HX_REQUEST="true").content.decode()
    assert 'value="yes" aria-pressed="true"' in page
    assert "<html" not in page
    assert client.post(address, {"helpful": "perhaps"}).status_code == 302
    assert counts(article) == (1, 0)


def test_another_browser_is_another_voter_and_too_many_votes_are_refused(client, rf, article):
    address = reverse("support:help_vote", args=[article.slug])
    request = rf.post(address)
    request.user = AnonymousUser()
    for _ in range(58):
        ratelimit(f"help-vote:{requester_key(request)}", 60, 3600)
    statuses = []
    for _ in range(3):
        client.cookies.clear()
        statuses.append(client.post(address, {"helpful": "yes"}).status_code)
    assert statuses == [302, 302, 429]
    assert counts(article) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_votes_at_once_leave_one_row_and_the_right_count():
    article = HelpArticleFactory(published=True)
    person, others = Voter(user=UserFactory()), [Voter(browser=uuid.uuid4()) for _ in range(3)]
    deeds = [(person, number % 2 == 0) for number in range(8)] + [(other, True) for other in others]
    barrier = threading.Barrier(len(deeds))
    errors = []

    def run(voter: Voter, is_helpful: bool) -> None:
        try:
            barrier.wait()
            votes.vote(article=article, voter=voter, is_helpful=is_helpful)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert HelpVote.objects.filter(user=person.user).count() == 1
    said = list(HelpVote.objects.values_list("is_helpful", flat=True))
    assert len(said) == 4
    assert counts(article) == (said.count(True), said.count(False))
