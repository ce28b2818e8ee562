"""What help articles and sections of the docs have in common: Markdown with figures in it, shown or a draft."""

from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from core.models import TimestampedModel
from support.figures import unknown_figures

# What a search looks at, as an expression that its index has.
WORDS = SearchVector("title", "summary", "content", config="marketplace_words")
MAX_CONTENT = 100_000


def known_figures_only(text: str) -> None:
    """A figure that does not exist would be read as it is written.

    Raises:
        ValidationError: naming those that are not known.
    """
    if unknown := unknown_figures(text):
        raise ValidationError(f"There is no figure of this name: {', '.join(unknown)}.")


class WritingQuerySet(models.QuerySet):
    """Scopes: each list rule has an instance twin on the row."""

    def published(self):
        return self.filter(status=Writing.Status.PUBLISHED)

    def visible_to(self, user):
        """What `user` may open: what is published, and drafts for who works on these texts."""
        return self if self.model.may_see_drafts(user) else self.published()


class Writing(TimestampedModel):
    """A text in Markdown; `{{name}}` in it is filled in from the settings (see `support.figures`)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    title = models.CharField(max_length=160)
    summary = models.CharField(
        max_length=300,
        validators=[known_figures_only],
        help_text="One sentence: what lists and search engines say.",
    )
    content = models.TextField(
        "text", max_length=MAX_CONTENT, validators=[known_figures_only], help_text="Markdown."
    )
    order = models.PositiveSmallIntegerField(default=100, help_text="Smaller ones come first.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)

    objects = WritingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"]), name="%(app_label)s_%(class)s_known_status"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary="") & ~Q(content=""),
                name="%(app_label)s_%(class)s_says_something",
            ),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def may_see_drafts(cls, user) -> bool:
        """Whether `user` works on texts of this kind, and so sees what nobody else does yet."""
        return (
            user.is_authenticated and user.is_staff and user.has_perm(f"support.view_{cls._meta.model_name}")
        )

    @property
    def is_published(self) -> bool:
        """Instance twin of `WritingQuerySet.published`."""
        return self.status == self.Status.PUBLISHED

    # Transitions. Saved by the action that calls them.

    def publish(self) -> None:
        self.status = self.Status.PUBLISHED

    def take_back(self) -> None:
        """A draft again: nobody but who works on it sees it."""
        self.status = self.Status.DRAFT
