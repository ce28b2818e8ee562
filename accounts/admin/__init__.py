from accounts.admin import people, reports, roles, standing

__all__ = ["people", "reports", "roles", "standing"]
