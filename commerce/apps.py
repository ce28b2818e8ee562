from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """Carts, orders, payments, purchases and downloads."""

    name = "commerce"

    def ready(self):
        from accounts import personal_data
        from commerce import checks, keeper, receivers  # noqa: F401 (importing registers the other two)

        personal_data.register(keeper.keeper())
