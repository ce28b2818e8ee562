from marketplace.admin.catalogue import CategoryAdmin, TagAdmin
from marketplace.admin.comments import CommentAdmin, ModelCommentAdmin
from marketplace.admin.format_switch import FormatSwitchAdmin
from marketplace.admin.model3d import Model3DAdmin
from marketplace.admin.synonyms import SynonymGroupAdmin

__all__ = [
    "CategoryAdmin",
    "CommentAdmin",
    "FormatSwitchAdmin",
    "Model3DAdmin",
    "ModelCommentAdmin",
    "SynonymGroupAdmin",
    "TagAdmin",
]
