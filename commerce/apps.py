from django.apps import AppConfig


class CommerceConfig(AppConfig):
    """Carts, orders, payments, purchases and downloads."""

    name = "commerce"

    def ready(self):
        from commerce import checks, receivers  # noqa: F401 (importing registers them)
