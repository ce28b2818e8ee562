from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: account, profile, notifications, sign-in."""

    name = "accounts"

    def ready(self):
        from accounts import checks, receivers, reporting  # noqa: F401 (importing registers the first two)

        reporting.register("person", reporting.person)
