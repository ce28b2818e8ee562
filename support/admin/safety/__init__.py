from support.admin.safety import appeals, claims, decisions, filters

__all__ = ["appeals", "claims", "decisions", "filters"]
