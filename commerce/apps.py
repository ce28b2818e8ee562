from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """Carts, orders, payments, purchases and downloads."""

    name = "commerce"

    def ready(self):
        from accounts import personal_data
        from commerce import (
            checks,  # noqa: F401 (importing registers)
            keeper,
            purposes,
            receivers,  # noqa: F401 (importing registers)
            reportables,
            setting_checks,  # noqa: F401 (importing registers)
            waiting,
        )
        from commerce.bounties import reportables as bounty_reportables
        from commerce.purposes.bounty import BountyPurpose
        from commerce.purposes.order import OrderPurpose
        from commerce.purposes.subscription import SubscriptionPurpose
        from core.waiting import register

        purposes.register(OrderPurpose())
        purposes.register(SubscriptionPurpose())
        purposes.register(BountyPurpose())
        personal_data.register(keeper.keeper())
        reportables.register()
        bounty_reportables.register()
        register(*waiting.QUEUES)
