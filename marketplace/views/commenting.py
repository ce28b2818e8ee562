"""The pages of comments on anything: threads, one thread, other words for one's own, likes."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.models import ThreadedComment
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.conversation import Conversation
from marketplace.exceptions import CommentRefused
from marketplace.forms.comment import CommentForm


class CommentViews:
    """Each app makes one of these, and routes its methods `comments`, `comment`, `edit_comment` and `like_comment`.

    An address says what is commented on, in words of the app (`place`, which `find` understands), and which comment.

    Args:
        find: given the request and the words of the address, what is commented on; 404 for who may not see it.
    """

    def __init__(self, conversation: type[Conversation], *, find: Callable):
        self.conversation = conversation
        self.discussion = conversation.discussion
        self.find = find

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def comments(self, request, **place):
        """GET: all threads, a page at a time. POST: a new comment, or with `parent` an answer."""
        if request.method == "POST":
            return self._post(request, **place)
        return self._page(request, self.find(request, **place))

    @method_decorator([login_required, rate_limited("comment", limit=30, seconds=600)])
    def _post(self, request, **place):
        subject = self.find(request, **place)
        form = CommentForm(request.POST)
        if form.is_valid():
            parent_id = form.cleaned_data["parent"]
            parent = get_object_or_404(subject.comments, pk=parent_id) if parent_id else None
            body = form.cleaned_data["body"]
            try:
                comment = self.discussion.post(subject, author=request.user, body=body, parent=parent)
            except CommentRefused as error:
                form.add_error(None, str(error))
            else:
                return redirect(comment.get_absolute_url())
        return self._page(request, subject, form=form, status=422)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST", "DELETE"]))
    def comment(self, request, comment_id: int, **place):
        """GET: the thread. POST: other words for one's own. DELETE: away with one's own."""
        if request.method not in ("GET", "HEAD"):
            return self._change(request, comment_id, **place)
        found = self.find_comment(request, comment_id, **place)
        if found.root_id is not None:
            return redirect(found.get_absolute_url())
        return self._page(request, found.subject, thread=found.pk)

    @method_decorator(login_required)
    def _change(self, request, comment_id: int, **place):
        found = self._find_own(request, comment_id, **place)
        if wants_deletion(request):
            self.discussion.delete(comment=found)
            messages.success(request, "Your comment was deleted.")
            return redirect(self.conversation(found.subject, viewer=request.user).address)
        form = CommentForm(request.POST)
        if form.is_valid():
            try:
                self.discussion.edit(comment=found, body=form.cleaned_data["body"])
            except CommentRefused as error:
                form.add_error(None, str(error))
            else:
                return redirect(found.get_absolute_url())
        return _edit_page(request, found, form, status=422)

    @method_decorator([require_http_methods(["GET", "HEAD"]), login_required, never_cache])
    def edit_comment(self, request, comment_id: int, **place):
        """The form for one's own words, with the button that deletes them."""
        found = self._find_own(request, comment_id, **place)
        return _edit_page(request, found, CommentForm(initial={"body": found.body}))

    @method_decorator(
        [
            require_http_methods(["POST", "DELETE"]),
            login_required,
            rate_limited("like", limit=300, seconds=600),
        ]
    )
    def like_comment(self, request, comment_id: int, **place):
        """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
        found = self.find_comment(request, comment_id, **place)
        if not found.is_standing:
            raise Http404
        is_liked = not wants_deletion(request)
        try:
            (self.discussion.like if is_liked else self.discussion.unlike)(comment=found, by=request.user)
        except CommentRefused as error:
            raise PermissionDenied(str(error)) from error
        if request.htmx:
            found.refresh_from_db(fields=["likes"])
            return render(request, "marketplace/_comment_like.html", {"comment": found, "is_liked": is_liked})
        return redirect(found.get_absolute_url())

    def find_comment(self, request, comment_id: int, **place) -> ThreadedComment:
        """Also one that is gone, for as long as its place is kept."""
        comments = self.find(request, **place).comments.select_related("author")
        return get_object_or_404(comments, pk=comment_id)

    def _find_own(self, request, comment_id: int, **place) -> ThreadedComment:
        found = self.find_comment(request, comment_id, **place)
        if found.author_id != request.user.pk:
            raise PermissionDenied
        if not found.is_standing:
            raise Http404
        return found

    def _page(
        self,
        request,
        subject,
        *,
        form: CommentForm | None = None,
        thread: int | None = None,
        status: int = 200,
    ) -> HttpResponse:
        asked = {name: request.GET.get(name, "") for name in ("sort", "page", "answer")}
        conversation = self.conversation(subject, viewer=request.user, thread=thread, **asked)
        context = {
            "model": subject,
            "conversation": conversation,
            "form": form or CommentForm(),
            "thread": thread,
        }
        return _kept_private(render(request, "marketplace/comments.html", context, status=status), subject)


def _edit_page(request, found: ThreadedComment, form: CommentForm, status: int = 200) -> HttpResponse:
    context = {"model": found.subject, "comment": found, "form": form}
    return render(request, "marketplace/comment_edit.html", context, status=status)


def _kept_private(response: HttpResponse, subject) -> HttpResponse:
    """No cache keeps what is said about a thing that only some may see."""
    if not subject.is_open_to_all:
        add_never_cache_headers(response)
    return response
