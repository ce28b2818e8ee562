from community.admin import communities

__all__ = ["communities"]
