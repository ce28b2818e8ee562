from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Help and docs, read by everybody; tickets; trust and safety: what is decided about what somebody published."""

    name = "support"

    def ready(self):
        from accounts import personal_data
        from commerce import hold_objections
        from core.waiting import register
        from support import keeper, waiting
        from support.actions.safety.settling import objection_to_giving_back
        from support.ticketing import keeping

        register(*waiting.QUEUES)
        hold_objections.register(objection_to_giving_back)
        personal_data.register(keeper.keeper())
        personal_data.register(keeping.keeper())
