from community.admin import comments, communities

__all__ = ["comments", "communities"]
