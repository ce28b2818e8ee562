from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Help and docs: written in the console or loaded from files, read by everybody."""

    name = "support"

    def ready(self):
        from accounts import personal_data
        from support import keeper

        personal_data.register(keeper.keeper())
