"""What the page of a help article shows: the answer, whether it helped, and what to read next."""

from functools import cached_property

from support.actions.votes import Voter
from support.models import HelpArticle, HelpVote
from support.reading import Text

RELATED = 5


class ArticlePage:
    """An article as `voter` sees it; nothing is asked of the database before a template needs it."""

    def __init__(self, article: HelpArticle, *, voter: Voter) -> None:
        self.article = article
        self.text = Text(article)
        self._voter = voter

    @cached_property
    def vote(self) -> HelpVote | None:
        """What the viewer said of it."""
        return self._voter.vote_on(self.article)

    @cached_property
    def related(self) -> list[HelpArticle]:
        """The other questions of its category: those that follow it, then from the beginning."""
        others = HelpArticle.objects.published().filter(category=self.article.category_id).defer("content")
        rows = list(others.order_by("order", "title", "pk")[:100])
        place = next((place for place, row in enumerate(rows) if row.pk == self.article.pk), None)
        if place is None:
            return rows[:RELATED]
        return (rows[place + 1 :] + rows[:place])[:RELATED]
