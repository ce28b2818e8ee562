from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: account, profile, notifications, sign-in."""

    name = "accounts"

    def ready(self):
        from accounts import checks, receivers  # noqa: F401 (importing registers them)
