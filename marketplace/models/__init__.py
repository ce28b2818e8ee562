from marketplace.models.attachment import ModelDocument, PreviewImage
from marketplace.models.category import Category, Tag
from marketplace.models.collection import Collection, CollectionFollow, CollectionItem
from marketplace.models.file import ModelFile
from marketplace.models.fingerprint import Fingerprint
from marketplace.models.format_switch import FormatSwitch
from marketplace.models.inspection import Finding, Inspection
from marketplace.models.license import License
from marketplace.models.liking import ModelComment, ModelCommentLike, ModelLike
from marketplace.models.model3d import Model3D
from marketplace.models.posing import PosterAngle
from marketplace.models.review import ModelReview, ReviewClaim
from marketplace.models.saved_search import SavedSearch
from marketplace.models.searching import SearchWord, SynonymGroup
from marketplace.models.statistics import (
    CreatorDay,
    DailySource,
    DailyStats,
    FigureChange,
    ViewBatch,
    ViewSource,
)
from marketplace.models.suggestion import SearchSuggestion
from marketplace.models.upload import Upload

__all__ = [
    "Category",
    "Collection",
    "CollectionFollow",
    "CollectionItem",
    "CreatorDay",
    "DailySource",
    "DailyStats",
    "FigureChange",
    "Finding",
    "Fingerprint",
    "FormatSwitch",
    "Inspection",
    "License",
    "Model3D",
    "ModelComment",
    "ModelCommentLike",
    "ModelDocument",
    "ModelFile",
    "ModelLike",
    "ModelReview",
    "PosterAngle",
    "PreviewImage",
    "ReviewClaim",
    "SavedSearch",
    "SearchSuggestion",
    "SearchWord",
    "SynonymGroup",
    "Tag",
    "Upload",
    "ViewBatch",
    "ViewSource",
]
