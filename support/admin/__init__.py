from support.admin import docs, help_desk

__all__ = ["docs", "help_desk"]
