"""Whether an answer helped: one vote a person or browser, changed and taken back at will, counted with its row."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from accounts.models import User
from support.models import HelpArticle, HelpVote


@dataclass(frozen=True)
class Voter:
    """Who votes: a person, the browser of a visitor, or a person in a browser that voted before they signed in."""

    user: User | None = None
    browser: UUID | None = None

    @property
    def is_known(self) -> bool:
        return self.user is not None or self.browser is not None

    def vote_on(self, article: HelpArticle) -> HelpVote | None:
        """What they said of it, the person's own before the browser's."""
        return (
            self._votes(article).order_by(F("user").asc(nulls_last=True)).first() if self.is_known else None
        )

    def _votes(self, article: HelpArticle):
        is_theirs = Q(pk__in=[])
        if self.user is not None:
            is_theirs |= Q(user=self.user)
        if self.browser is not None:
            is_theirs |= Q(browser=self.browser)
        return HelpVote.objects.filter(is_theirs, article=article)


def vote(*, article: HelpArticle, voter: Voter, is_helpful: bool) -> HelpVote:
    """Say whether it helped, for the first time or instead of what was said before.

    Everybody who votes on an article does so one after the other, so that of any number of requests at once one row
    is left, and counted once.
    """
    with transaction.atomic():
        _forget(_locked(article), voter)
        said = HelpVote.objects.create(
            article=article,
            user=voter.user,
            browser=None if voter.user is not None else voter.browser,
            is_helpful=is_helpful,
        )
        HelpArticle.objects.filter(pk=article.pk).update(**{said.counter: F(said.counter) + 1})
    return said


def take_back(*, article: HelpArticle, voter: Voter) -> bool:
    """Say nothing of it any more; False where nothing was said."""
    with transaction.atomic():
        return _forget(_locked(article), voter)


def _locked(article: HelpArticle) -> HelpArticle:
    return HelpArticle.objects.select_for_update(of=("self",)).only("pk").get(pk=article.pk)


def _forget(article: HelpArticle, voter: Voter) -> bool:
    was_there = False
    # A person who voted as a visitor before has two, and keeps none.
    for _ in range(2):
        said = voter.vote_on(article)
        if said is None:
            break
        was_there = True
        HelpArticle.objects.filter(pk=article.pk).update(**{said.counter: Greatest(F(said.counter) - 1, 0)})
        said.delete()
    return was_there
