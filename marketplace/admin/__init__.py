from marketplace.admin.catalogue import CategoryAdmin, TagAdmin
from marketplace.admin.format_switch import FormatSwitchAdmin
from marketplace.admin.model3d import Model3DAdmin

__all__ = ["CategoryAdmin", "FormatSwitchAdmin", "Model3DAdmin", "TagAdmin"]
