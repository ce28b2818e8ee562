from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Help and docs, read by everybody; tickets; trust and safety: what is decided about what somebody published."""

    name = "support"

    def ready(self):
        from accounts import personal_data
        from core.waiting import register
        from support import keeper, waiting
        from support.ticketing import keeping

        register(*waiting.QUEUES)
        personal_data.register(keeper.keeper())
        personal_data.register(keeping.keeper())
