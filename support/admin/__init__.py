from support.admin import docs, help_desk, safety, tickets

__all__ = ["docs", "help_desk", "safety", "tickets"]
