from marketplace.models.category import Category, Tag
from marketplace.models.file import Finding, Inspection, ModelFile, PreviewImage
from marketplace.models.license import License
from marketplace.models.model3d import Model3D
from marketplace.models.review import ModelReview, ReviewClaim
from marketplace.models.statistics import DailyStats, ViewBatch

__all__ = [
    "Category",
    "DailyStats",
    "Finding",
    "Inspection",
    "License",
    "Model3D",
    "ModelFile",
    "ModelReview",
    "PreviewImage",
    "ReviewClaim",
    "Tag",
    "ViewBatch",
]
