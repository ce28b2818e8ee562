from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Help and docs, and trust and safety: what is read by everybody, and decided about what somebody published."""

    name = "support"

    def ready(self):
        from accounts import personal_data
        from core.waiting import register
        from support import keeper, waiting

        register(*waiting.QUEUES)
        personal_data.register(keeper.keeper())
