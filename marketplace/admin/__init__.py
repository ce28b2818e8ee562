from marketplace.admin.catalogue import CategoryAdmin, TagAdmin
from marketplace.admin.model3d import Model3DAdmin

__all__ = ["CategoryAdmin", "Model3DAdmin", "TagAdmin"]
