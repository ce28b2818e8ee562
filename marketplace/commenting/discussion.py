"""The comments of one kind of thing: written, changed, deleted, liked, taken down, in the same way everywhere."""

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User
from accounts.writing import refusal, refusal_of_new
from core.models import AuditEntry, ThreadedComment
from marketplace.commenting import liking, threads
from marketplace.commenting.telling import tell, tell_taken_down
from marketplace.exceptions import CommentRefused


class Discussion:
    """Each app makes one of a subclass that names its tables, its words, and where it differs its rules.

    What is commented on, the subject, has a `creator`, a `title`, a `comments_count` and `is_open_to_all`; a comment
    is a `core.models.ThreadedComment` with a property `subject`.
    """

    comment: type[ThreadedComment]
    likes: type[Model]
    # The comment's field that holds the subject.
    field: str
    # What a comment is called in the trail of what staff did.
    name: str
    # What those are told who cannot write: nobody can, or this one.
    closed: str
    blocked: str

    def is_open(self, subject) -> bool:
        """Whether it takes comments at all."""
        return subject.is_open_to_all

    def check_may_comment(self, subject, author: User) -> None:
        """
        Raises:
            CommentRefused: the subject takes no comments, or its owner has blocked `author`.
        """
        if not self.is_open(subject):
            raise CommentRefused(self.closed)
        self._refuse_blocked(subject, author)

    def check_may_edit(self, subject, author: User) -> None:
        """
        Raises:
            CommentRefused: its owner has blocked `author` since.
        """
        self._refuse_blocked(subject, author)

    def check_may_like(self, subject, by: User) -> None:
        """
        Raises:
            CommentRefused: whoever sees it may not like it.
        """

    def check_may_take_down(self, comment: ThreadedComment, by: User) -> None:
        """
        Raises:
            CommentRefused: they have no such say. Without a rule of the subclass its caller has asked.
        """

    def tell_taken_down(self, comment: ThreadedComment) -> None:
        """Its author reads why."""
        tell_taken_down(comment)

    def may_read(self, subject, person: User) -> bool:
        """Whether somebody who is to be told of a comment may read it."""
        return True

    def activity(self, subject) -> dict | None:
        """What the followers of who comments read, as `activities.record` wants it; None where they read nothing."""
        return None

    def hold(self, subject):
        """Take the locks that come before those of comments; the subject as it is then."""
        return subject

    def posted(self, comment: ThreadedComment) -> None:
        """After it was written, before anybody is told. This and the following are called inside the transaction."""

    def changed(self, comment: ThreadedComment) -> None:
        """After it got other words, or was put back."""

    def gone(self, comment: ThreadedComment) -> None:
        """After it was deleted or taken down; its row may be away already."""

    def _refuse_blocked(self, subject, author: User) -> None:
        if threads.has_blocked(subject.creator, author):
            raise CommentRefused(self.blocked)

    def post(
        self, subject, *, author: User, body: str, parent: ThreadedComment | None = None
    ) -> ThreadedComment:
        """A comment on `subject`, or an answer to `parent`; tells its owner, whom it answers, and whom it mentions.

        Raises:
            CommentRefused: the subject takes no comments from this person, or not these words, or what is answered is
                gone.
        """
        with transaction.atomic():
            subject = self.hold(subject)
            self.check_may_comment(subject, author)
            _refuse(refusal_of_new(author, body))
            comment = self.comment(author=author, body=body, **{self.field: subject})
            if parent is not None:
                threads.answer(comment, parent)
            comment.save()
            self._count(comment, 1)
            told = self.activity(subject)
            if told is not None:
                activities.record(actor=author, verb=Activity.Verb.COMMENTED, target=subject, **told)
            self.posted(comment)
            tell(comment, may_read=lambda person: self.may_read(subject, person))
        return comment

    def edit(self, *, comment: ThreadedComment, body: str) -> None:
        """Other words for it; says that and when it was edited, where they differ.

        Raises:
            CommentRefused: its author may not write here any more, or not these words, or whom it answers has blocked
                them.
        """
        with transaction.atomic():
            self.check_may_edit(self.hold(comment.subject), comment.author)
            _refuse(refusal(comment.author, body))
            if threads.change(comment, body):
                self.changed(comment)

    def delete(self, *, comment: ThreadedComment) -> None:
        """Its words are gone for good; its place stays for as long as something answers it. Idempotent."""
        with transaction.atomic():
            self.hold(comment.subject)
            row = threads.strike(comment)
            if row is None:
                return
            if row.is_standing:
                self._leave(row)
            self.gone(comment)

    def take_down(self, *, comment: ThreadedComment, by: User, reason: str, quiet: bool = False) -> bool:
        """Nobody reads it any more, and its author reads why; its answers stay. False where it was gone already.
        `quiet`: the caller tells its author.

        Raises:
            CommentRefused: no reason is given, or they have no such say.
        """
        if not reason.strip():
            raise CommentRefused("Say why: its author reads it.")
        with transaction.atomic():
            row = self._to_judge(comment, by)
            if row is None or not row.is_standing:
                return False
            _set_removed(row, at=timezone.now(), by=by, reason=reason)
            self._leave(row)
            self.gone(row)
            AuditEntry.record(actor=by, action=f"{self.name}.take_down", target=row, reason=reason)
            if row.author_id != by.pk and not quiet:
                self.tell_taken_down(row)
        return True

    def put_back(self, *, comment: ThreadedComment, by: User) -> bool:
        """Everybody reads it again. False where it was not taken down.

        Raises:
            CommentRefused: they have no such say.
        """
        with transaction.atomic():
            row = self._to_judge(comment, by)
            if row is None or not row.is_removed:
                return False
            _set_removed(row, at=None, by=None, reason="")
            if row.is_standing:
                self._count(row, 1)
            self.changed(row)
            AuditEntry.record(actor=by, action=f"{self.name}.put_back", target=row)
        return True

    def _to_judge(self, comment: ThreadedComment, by: User) -> ThreadedComment | None:
        """Its row, locked, and with the subject as it is; None where it is away."""
        subject = self.hold(comment.subject)
        rows = self.comment.objects.select_related("author").filter(pk=comment.pk)
        row = rows.select_for_update(no_key=True, of=("self",)).first()
        if row is not None:
            setattr(row, self.field, subject)
            self.check_may_take_down(row, by)
        return row

    def _leave(self, row: ThreadedComment) -> None:
        """One comment less is there, and with their last one somebody's deed is no more to be told."""
        self._count(row, -1)
        subject = row.subject
        if not subject.comments.standing().filter(author=row.author_id).exists():
            activities.retract(actor=row.author, verb=Activity.Verb.COMMENTED, target=subject)

    def _count(self, row: ThreadedComment, change: int) -> None:
        subjects = type(row.subject).objects.filter(pk=row.subject.pk)
        subjects.update(comments_count=Greatest(F("comments_count") + change, 0))

    def like(self, *, comment: ThreadedComment, by: User) -> bool:
        """False where they liked it already.

        Raises:
            CommentRefused: whoever sees it may not like it.
        """
        self.check_may_like(comment.subject, by)
        return liking.like(self.likes, comment=comment, by=by)

    def unlike(self, *, comment: ThreadedComment, by: User) -> bool:
        """False where there was no like."""
        return liking.unlike(self.likes, comment=comment, by=by)


def _refuse(why: str) -> None:
    if why:
        raise CommentRefused(why)


def _set_removed(row: ThreadedComment, *, at, by: User | None, reason: str) -> None:
    row.removed_at, row.removed_by, row.removal_reason = at, by, reason
    row.save(update_fields=["removed_at", "removed_by", "removal_reason", "updated_at"])
