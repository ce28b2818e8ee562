from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Communities, their posts, and messages from person to person."""

    name = "community"

    def ready(self):
        from accounts import personal_data
        from community import keeper, reportables

        personal_data.register(keeper.keeper())
        reportables.register()
