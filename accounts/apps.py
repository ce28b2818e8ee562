from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: account, profile, notifications, sign-in."""

    name = "accounts"

    def ready(self):
        from accounts import checks, keeper, personal_data, receivers, reporting, waiting  # noqa: F401 (importing registers two)
        from core.waiting import register

        register(*waiting.QUEUES)
        reporting.register("person", reporting.person)
        personal_data.register(keeper.keeper())
