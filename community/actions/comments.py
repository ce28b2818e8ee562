"""Comments on posts of communities: by members, and taken down by those who run them; see `marketplace.commenting`."""

from accounts.models import Notification, User
from community.events import record
from community.locks import locked
from community.models import CommunityEvent, CommunityPost, PostComment, PostCommentLike
from community.standing import Standing, standing_of
from community.telling import tell
from marketplace.commenting import Discussion
from marketplace.exceptions import CommentRefused

Kind = CommunityEvent.Kind


class PostDiscussion(Discussion):
    """Everything but likes is done under the community's lock, and is one of its events."""

    comment = PostComment
    likes = PostCommentLike
    field = "post"
    name = "post_comment"
    closed = "This post takes no comments any more."
    blocked = "You cannot comment on this person’s posts."

    def is_open(self, post: CommunityPost) -> bool:
        return post.is_standing and post.community.is_active

    def check_may_comment(self, post: CommunityPost, author: User) -> None:
        self.check_standing(post, standing_of(author, post.community))

    def check_standing(self, post: CommunityPost, standing: Standing) -> None:
        """As `check_may_comment`, of somebody whose standing is known."""
        _refuse_outsiders(standing)
        super().check_may_comment(post, standing.user)

    def check_may_edit(self, post: CommunityPost, author: User) -> None:
        self.check_may_comment(post, author)

    def check_may_like(self, post: CommunityPost, by: User) -> None:
        _refuse_outsiders(standing_of(by, post.community))

    def check_may_take_down(self, comment: PostComment, by: User) -> None:
        community = comment.post.community
        author = standing_of(comment.author, community)
        if not may_judge(standing_of(by, community), author.rank):
            raise CommentRefused("You cannot take down comments of this person.")

    def tell_taken_down(self, comment: PostComment) -> None:
        community = comment.post.community
        tell(
            comment.author,
            community,
            kind=Notification.Kind.COMMUNITY,
            title=f"Your comment in “{community.name}” was taken down",
            line=comment.removal_reason,
            key=f"comment-taken-down:{comment.pk}:{comment.removed_at.timestamp():.0f}",
            link=comment.get_absolute_url(),
        )

    def may_read(self, post: CommunityPost, person: User) -> bool:
        return post.community.is_readable_by(person)

    def hold(self, post: CommunityPost) -> CommunityPost:
        community = locked(post.community_id)
        held = CommunityPost.objects.select_related("author").get(pk=post.pk)
        held.community = community
        return held

    def posted(self, comment: PostComment) -> None:
        record(comment.post.community_id, Kind.COMMENTED, post=comment.post, comment=comment)

    def changed(self, comment: PostComment) -> None:
        record(comment.post.community_id, Kind.COMMENT_CHANGED, post=comment.post, comment=comment)

    def gone(self, comment: PostComment) -> None:
        record(comment.post.community_id, Kind.COMMENT_GONE, post=comment.post, comment=comment)


def may_judge(standing: Standing, rank: int) -> bool:
    """Whether somebody of this standing takes down what somebody of `rank` wrote.

    A moderator is judged by moderators, but an admin and the owner are not.
    """
    return standing.may_take_down and (standing.is_site_moderator or standing.rank >= rank)


def _refuse_outsiders(standing: Standing) -> None:
    if standing.is_banned:
        raise CommentRefused("You are banned from this community.")
    if not standing.may_take_part:
        raise CommentRefused("Only members write here. Join the community to take part.")


discussion = PostDiscussion()
edit, delete = discussion.edit, discussion.delete
like, unlike = discussion.like, discussion.unlike
take_down, put_back = discussion.take_down, discussion.put_back


def comment_on(
    *, post: CommunityPost, author: User, body: str, parent: PostComment | None = None
) -> PostComment:
    """See `Discussion.post`."""
    return discussion.post(post, author=author, body=body, parent=parent)
