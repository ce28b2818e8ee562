"""Help: questions with their answers, sorted by category, and whether the answers helped."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from support.models.writing import WORDS, Writing, WritingQuerySet

# Addresses below the help's own that belong to no article.
RESERVED = ("suggestions",)


class HelpCategoryQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("order", "name", "pk")


class HelpCategory(models.Model):
    """A group of questions on the page of help."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)
    icon = models.CharField(max_length=40, default="book", help_text="Name of a Lucide icon.")
    order = models.PositiveSmallIntegerField(default=100, help_text="Smaller ones come first.")

    objects = HelpCategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "help categories"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('support:help')}?category={self.slug}"


class HelpArticleQuerySet(WritingQuerySet):
    def in_order(self):
        return self.order_by("category__order", "category__name", "order", "title", "pk")

    def for_lists(self):
        """What a list says of an article: not its text."""
        return self.select_related("category").defer("content")


class HelpArticle(Writing):
    """A question and its answer. The counts are written in the transaction of the vote that they count."""

    category = models.ForeignKey(HelpCategory, models.PROTECT, related_name="articles")
    slug = models.SlugField(
        max_length=80,
        unique=True,
        validators=[
            RegexValidator(
                rf"^(?:{'|'.join(RESERVED)})$",
                message="This word has a meaning of its own in addresses.",
                inverse_match=True,
            )
        ],
        help_text="The last part of its address. It stays when the title changes.",
    )
    helpful = models.PositiveIntegerField(default=0, editable=False)
    unhelpful = models.PositiveIntegerField(default=0, editable=False)

    objects = HelpArticleQuerySet.as_manager()

    class Meta(Writing.Meta):
        constraints = [
            *Writing.Meta.constraints,
            models.CheckConstraint(condition=~Q(slug__in=RESERVED), name="help_article_slug_not_reserved"),
        ]
        indexes = [
            models.Index(
                fields=["category", "order", "title"],
                condition=Q(status="published"),
                name="help_article_in_order",
            ),
            GinIndex(WORDS, name="help_article_words"),
        ]

    def get_absolute_url(self):
        return reverse("support:help_article", args=[self.slug])


class HelpVote(models.Model):
    """Whether an answer helped: one row a person, or a browser where nobody is signed in."""

    article = models.ForeignKey(HelpArticle, models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="help_votes"
    )
    # Random, and in the visitor's session: it says nothing of them.
    browser = models.UUIDField(null=True, blank=True)
    is_helpful = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, browser__isnull=True)
                | Q(user__isnull=True, browser__isnull=False),
                name="help_vote_of_person_or_browser",
            ),
            models.UniqueConstraint(fields=["article", "user"], name="help_vote_once_a_person"),
            models.UniqueConstraint(fields=["article", "browser"], name="help_vote_once_a_browser"),
        ]

    def __str__(self):
        return f"Article {self.article_id} {'helped' if self.is_helpful else 'did not help'}"

    @property
    def counter(self) -> str:
        """The field of the article that counts it."""
        return "helpful" if self.is_helpful else "unhelpful"
