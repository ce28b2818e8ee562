"""Comments on models; see `marketplace.commenting`."""

from accounts.models import User
from marketplace.actions.likes import activity_picture
from marketplace.commenting import Discussion
from marketplace.models import Model3D, ModelComment, ModelCommentLike


class ModelDiscussion(Discussion):
    comment = ModelComment
    likes = ModelCommentLike
    field = "model"
    name = "comment"
    closed = "Comments open when the model is published."
    blocked = "You cannot comment on this creator’s models."

    def activity(self, model: Model3D) -> dict | None:
        if not model.is_listed:
            return None
        return {
            "title": model.title,
            "link": model.get_absolute_url(),
            "picture": activity_picture(model),
        }


discussion = ModelDiscussion()
edit, delete = discussion.edit, discussion.delete
like, unlike = discussion.like, discussion.unlike
take_down, put_back = discussion.take_down, discussion.put_back


def post(*, model: Model3D, author: User, body: str, parent: ModelComment | None = None) -> ModelComment:
    """See `Discussion.post`."""
    return discussion.post(model, author=author, body=body, parent=parent)
