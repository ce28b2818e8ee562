from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Categories, 3D models, their files and review; browsing and search."""

    name = "marketplace"

    def ready(self):
        from accounts import creator_ties, personal_data
        from core.waiting import register
        from marketplace import keeper, receivers, reportables, waiting  # noqa: F401 (importing registers the receivers)
        from marketplace.creator_ties import has_models

        creator_ties.register(has_models)
        reportables.register()
        register(*waiting.QUEUES)
        personal_data.register(keeper.keeper())
