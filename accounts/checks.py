"""What must be true of the accounts before the site starts."""

from django.conf import settings
from django.core import checks
from django.core.management.base import SystemCheckError
from django.db import DEFAULT_DB_ALIAS

from accounts.models import User


@checks.register(checks.Tags.database)
def no_demo_accounts_in_production(app_configs=None, databases=None, **kwargs) -> list[checks.CheckMessage]:
    """Run by `check --database default`, and by `demo_accounts_forbidden` when a server or worker starts."""
    if not settings.PRODUCTION or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    count = User.objects.using(DEFAULT_DB_ALIAS).filter(is_demo=True).count()
    if not count:
        return []
    return [
        checks.Error(
            f"This database holds {count} demo accounts, whose passwords are known.",
            hint="Use a database of your own for production, or delete the demo accounts.",
            id="accounts.E001",
        )
    ]


def demo_accounts_forbidden() -> None:
    """Refuse to start a production server or worker on a database with demo accounts.

    Raises:
        SystemCheckError: there are demo accounts and ENVIRONMENT is "production".
    """
    errors = no_demo_accounts_in_production(databases=[DEFAULT_DB_ALIAS])
    if errors:
        raise SystemCheckError("\n".join(str(error) for error in errors))
