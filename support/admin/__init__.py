from support.admin import campaigns, docs, help_desk, safety, tickets

__all__ = ["campaigns", "docs", "help_desk", "safety", "tickets"]
