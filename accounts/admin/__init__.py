from accounts.admin import people, reports

__all__ = ["people", "reports"]
