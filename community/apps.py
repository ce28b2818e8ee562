from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Communities, their posts, and messages from person to person."""

    name = "community"

    def ready(self):
        from accounts import live, personal_data
        from community import keeper, reportables, waiting
        from community.messaging import keeping as message_keeping
        from community.messaging import reportables as message_reportables
        from community.messaging import telling as message_telling
        from core.waiting import register

        personal_data.register(keeper.keeper())
        personal_data.register(message_keeping.keeper())
        message_reportables.register()
        live.listen("message.typing", message_telling.typing)
        live.listen("messages.count", message_telling.count)
        reportables.register()
        register(*waiting.QUEUES)
