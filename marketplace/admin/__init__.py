from marketplace.admin.catalogue import CategoryAdmin, TagAdmin
from marketplace.admin.format_switch import FormatSwitchAdmin
from marketplace.admin.model3d import Model3DAdmin
from marketplace.admin.synonyms import SynonymGroupAdmin

__all__ = ["CategoryAdmin", "FormatSwitchAdmin", "Model3DAdmin", "SynonymGroupAdmin", "TagAdmin"]
