"""Comments on posts; see `marketplace.commenting`."""

from accounts.models import User
from blog.models import BlogComment, BlogCommentLike, BlogPost
from marketplace.commenting import Discussion


class PostDiscussion(Discussion):
    comment = BlogComment
    likes = BlogCommentLike
    field = "post"
    name = "blog_comment"
    closed = "Comments open when the post is published."
    blocked = "You cannot comment on this author’s posts."

    def activity(self, post: BlogPost) -> dict:
        return {
            "title": post.title,
            "link": post.get_absolute_url(),
            "picture": post.picture_small.name,
        }


discussion = PostDiscussion()
edit, delete = discussion.edit, discussion.delete
like, unlike = discussion.like, discussion.unlike
take_down, put_back = discussion.take_down, discussion.put_back


def post_comment(
    *, post: BlogPost, author: User, body: str, parent: BlogComment | None = None
) -> BlogComment:
    """See `Discussion.post`."""
    return discussion.post(post, author=author, body=body, parent=parent)
