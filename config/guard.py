"""What a server or worker checks before it serves anybody."""

from accounts.checks import demo_accounts_forbidden


def refuse_unsafe_start() -> None:
    """Called by every entry point after Django is set up; settings have refused unsafe values already.

    Raises:
        SystemCheckError: production, and the database holds demo accounts.
    """
    demo_accounts_forbidden()
