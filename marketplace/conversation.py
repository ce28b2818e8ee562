"""The comments of a model as a page shows them: threads with their answers, in a fixed number of queries."""

from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from core.markdown import render_markdown
from core.mentions import mentioned_names
from core.models import ThreadedComment
from marketplace.actions import comments
from marketplace.commenting import Discussion
from marketplace.exceptions import CommentRefused

THREADS = 10
# Answers shown below a thread's first comment in a list; the thread's own page shows all, so many a page.
ANSWERS = 5
ANSWERS_OF_PAGE = 50
# So many different people whom one page mentions are looked up.
MOST_NAMES = 100
# Signs and line ends of a comment that would push the others out of sight.
LONG, LONG_LINES = 900, 20
# No id has so many digits.
LONGEST_NUMBER = 19
SORTS = {"newest": "Newest first", "best": "Most liked first"}


@dataclass
class Shown:
    """One comment as `viewer` sees it."""

    comment: ThreadedComment
    html: SafeString
    is_liked: bool
    is_own: bool
    may_take_down: bool = False
    answers: list["Shown"] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is shown cut off until its reader wants all of it."""
        return len(self.comment.body) > LONG or self.comment.body.count("\n") > LONG_LINES


class Conversation:
    """The threads of a model, a page of them; or one thread with all its answers.

    Apps above show comments on their own things by a subclass that names their discussion.
    """

    discussion: Discussion = comments.discussion
    # What the badge at comments of the thing's owner says.
    owner_label = "Creator"
    empty_text = "No comments yet. Ask something, or say what you made of it."

    def __init__(
        self, model, *, viewer, sort: str = "", page: str = "", thread: int | None = None, answer: str = ""
    ):
        self.model = model
        self.viewer = viewer
        self.sort = sort if sort in SORTS else "newest"
        self.thread = thread
        self._page_asked, self._answer_asked = page, answer

    def may_take_down(self, comment: ThreadedComment) -> bool:
        """Whether the viewer takes this one down where it stands: those who run a place do; the site's moderators
        have the console."""
        return False

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Value, label, whether it is in force."""
        return [(value, label, value == self.sort) for value, label in SORTS.items()]

    @property
    def address(self) -> str:
        """Where all threads are, and where new ones are sent."""
        return reverse("marketplace:comments", args=[self.model.pk])

    @property
    def is_open(self) -> bool:
        """Whether anybody can write."""
        return self.discussion.is_open(self.model)

    @cached_property
    def refusal(self) -> str:
        """Why the signed-in viewer cannot write; empty where they can."""
        try:
            self.check_may_comment()
        except CommentRefused as error:
            return str(error)
        return ""

    def check_may_comment(self) -> None:
        """
        Raises:
            CommentRefused: the viewer may not write here.
        """
        self.discussion.check_may_comment(self.model, self.viewer)

    @cached_property
    def page(self) -> Page:
        """Of threads; in a thread, of its answers."""
        comments = self.model.comments.select_related("author", "parent__author")
        if self.thread is not None:
            answers = comments.filter(root=self.thread).oldest_first()
            number = self._page_asked or self._page_of_answer(answers)
            return Paginator(answers, ANSWERS_OF_PAGE).get_page(number)
        roots = comments.roots()
        ordered = roots.best_first() if self.sort == "best" else roots.newest_first()
        return Paginator(ordered, THREADS).get_page(self._page_asked)

    def _page_of_answer(self, answers: QuerySet[ThreadedComment]) -> int:
        """On which page the answer stands that is asked for; the first where there is none."""
        text = self._answer_asked
        is_number = text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER
        found = answers.filter(pk=int(text)).first() if is_number else None
        if found is None:
            return 1
        earlier = Q(created_at__lt=found.created_at) | Q(created_at=found.created_at, pk__lt=found.pk)
        return answers.filter(earlier).count() // ANSWERS_OF_PAGE + 1

    @cached_property
    def threads(self) -> list[Shown]:
        """Each first comment with its answers, oldest first."""
        if self.thread is not None:
            root = self.model.comments.select_related("author").get(pk=self.thread)
            answers = list(self.page.object_list)
            shown = self._shown([root, *answers])
            shown[0].answers = shown[1:]
            return shown[:1]
        roots = list(self.page.object_list)
        answers = list(self._first_answers([root.pk for root in roots]))
        shown = {item.comment.pk: item for item in self._shown([*roots, *answers])}
        for answer in answers:
            thread = shown[answer.root_id]
            if len(thread.answers) < ANSWERS:
                thread.answers.append(shown[answer.pk])
            else:
                thread.has_more = True
        return [shown[root.pk] for root in roots]

    def _first_answers(self, roots: list[int]) -> QuerySet[ThreadedComment]:
        """One more than is shown of each thread tells whether there are more."""
        place = Window(RowNumber(), partition_by="root", order_by=[F("created_at"), F("pk")])
        numbered = (
            self.model.comments.filter(root__in=roots).annotate(place=place).filter(place__lte=ANSWERS + 1)
        )
        return numbered.select_related("author", "parent__author").order_by("root", "created_at", "pk")

    def _shown(self, comments: list[ThreadedComment]) -> list[Shown]:
        liked = set()
        if self.viewer.is_authenticated:
            likes = self.discussion.likes.objects.filter(user=self.viewer)
            likes = likes.filter(comment__in=[row.pk for row in comments])
            liked = set(likes.values_list("comment_id", flat=True))
        people = addresses_of([row.body for row in comments if row.is_standing])
        return [
            Shown(
                row,
                html=render_markdown(row.body, people=people) if row.is_standing else SafeString(""),
                is_liked=row.pk in liked,
                is_own=row.author_id == self.viewer.pk and row.is_standing,
                may_take_down=self.may_take_down(row),
            )
            for row in comments
        ]


def addresses_of(texts: list[str]) -> dict[str, str]:
    """The profiles of those whom `texts` mention, by their names in small letters; no query where nobody is."""
    names = {name.lower() for text in texts for name in mentioned_names(text)}
    if not names:
        return {}
    found = User.objects.active().called(sorted(names)[:MOST_NAMES])
    return {person.username.lower(): person.get_absolute_url() for person in found}
