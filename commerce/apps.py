from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """Carts, orders, payments, purchases and downloads."""

    name = "commerce"

    def ready(self):
        from accounts import creator_ties, personal_data
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
        from commerce.creator_ties import has_sold, teaches_for_money
        from commerce.purposes.bounty import BountyPurpose
        from commerce.purposes.order import OrderPurpose
        from commerce.purposes.subscription import SubscriptionPurpose
        from core.waiting import register

        purposes.register(OrderPurpose())
        purposes.register(SubscriptionPurpose())
        purposes.register(BountyPurpose())
        creator_ties.register(has_sold)
        creator_ties.register(teaches_for_money)
        personal_data.register(keeper.keeper())
        reportables.register()
        bounty_reportables.register()
        register(*waiting.QUEUES)
