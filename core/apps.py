from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground: outbox, audit log, abstract bases."""

    name = "core"

    def ready(self):
        from anymail.signals import tracking

        from core import checks, mail_events  # noqa: F401 (checks register themselves)

        tracking.connect(mail_events.receive, dispatch_uid="core.mail_events")
