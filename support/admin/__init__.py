from support.admin import docs, help_desk, safety

__all__ = ["docs", "help_desk", "safety"]
