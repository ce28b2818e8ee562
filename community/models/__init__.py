from community.models.comment import PostComment, PostCommentLike
from community.models.community import Community, CommunityDecision
from community.models.event import CommunityEvent
from community.models.joining import CommunityBan, CommunityInvite, JoinRequest
from community.models.membership import CommunityMembership, Role
from community.models.messages import Conversation, DirectMessage, MessageAttachment, Participant
from community.models.post import CommunityPost, PostImage, PostReaction, PostRevision, PostShare

__all__ = [
    "Community",
    "CommunityBan",
    "CommunityDecision",
    "CommunityEvent",
    "CommunityInvite",
    "CommunityMembership",
    "CommunityPost",
    "Conversation",
    "DirectMessage",
    "JoinRequest",
    "MessageAttachment",
    "Participant",
    "PostComment",
    "PostCommentLike",
    "PostImage",
    "PostReaction",
    "PostRevision",
    "PostShare",
    "Role",
]
