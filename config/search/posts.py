"""Posts of the blog in the search over everything."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from blog.models import BlogPost
from blog.search import posts_matching, posts_nearly_titled
from config.search.kinds import Kind
from marketplace.search.headlines import excerpt, headline, marked, marked_excerpt


@dataclass(frozen=True)
class PostHit:
    """A post, its title and the part of its text that matches best, with what matches marked."""

    post: BlogPost
    title: SafeString
    excerpt: SafeString


class Posts(Kind):
    key, label = "posts", "Articles"
    template, shown = "config/_found_posts.html", 4

    def matching(self):
        return posts_matching(self.text)

    def resembling(self):
        return posts_nearly_titled(self.text)

    def present(self, found):
        marks = {
            "marked_title": headline("title", self.text),
            "marked_words": excerpt("content", self.text),
        }
        return [
            PostHit(post, marked(post.marked_title), marked_excerpt(post.marked_words))
            for post in found.with_card_data().annotate(**marks)
        ]
