"""Help among what a search finds."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from config.search.kinds import Kind
from marketplace.search.headlines import marked, marked_excerpt
from support.models import HelpArticle
from support.search import articles_matching, articles_nearly_titled, marks_of


@dataclass(frozen=True)
class HelpHit:
    """An article, its title and the part of its text that matches best, with what matches marked."""

    article: HelpArticle
    title: SafeString
    excerpt: SafeString


class Help(Kind):
    key, label = "help", "Help"
    template, shown = "config/_found_help.html", 4

    def matching(self):
        return articles_matching(self.text)

    def resembling(self):
        return articles_nearly_titled(self.text)

    def present(self, found):
        return [
            HelpHit(article, marked(article.marked_title), marked_excerpt(article.marked_words))
            for article in found.for_lists().annotate(**marks_of(self.text))
        ]
