"""The blog, one post, and the posts of one author."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.people import find_person
from blog.board import PAGE_SIZE, Board
from blog.conversation import PostConversation
from blog.models import BlogPost
from blog.page import PostPage
from blog.structured_data import post_json_ld
from blog.views.finding import visible_post
from core.robots import tell_robots
from marketplace.forms.comment import CommentForm
from marketplace.statistics import record_view_of


@require_safe
def index(request):
    """All posts, narrowed by the address: by category, tag and words."""
    return render(request, "blog/post_list.html", {"board": Board(request.GET)})


@require_safe
def post(request, slug: str):
    """One post; before it is published, for who works on it."""
    found = visible_post(request, slug)
    if found.is_published and request.user.pk != found.author_id:
        record_view_of("post", found.pk, request)
    shown = PostPage(found, viewer=request.user)
    context = {
        "post": found,
        "shown": shown,
        "conversation": PostConversation(found, viewer=request.user),
        "comment_form": CommentForm(),
        "structured_data": post_json_ld(found, tags=[tag.name for tag in shown.tags], request=request),
    }
    response = render(request, "blog/post.html", context)
    return tell_robots(response, is_indexed=found.is_published, may_train=False)


@require_safe
def author(request, username: str):
    """What one person has published here; a name in other letters' case leads to the one address."""
    person = find_person(username)
    if person.username != username:
        return redirect("blog:author", person.username, permanent=True)
    posts = BlogPost.objects.published().filter(author=person).newest_first()
    page = Paginator(posts.with_card_data(), PAGE_SIZE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    return render(request, "blog/author.html", {"person": person, "page": page})
