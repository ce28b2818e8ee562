from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Pages and commands that span several apps; nobody imports this one."""

    name = "config"
    label = "config"

    def ready(self):
        from config import job_signals, mail_samples
        from config.console import outbox
        from config.roles import ensure_roles
        from core.waiting import register

        job_signals.connect()
        mail_samples.register()

        # The signal is sent for apps with models only; of ours, support is the topmost.
        post_migrate.connect(ensure_roles, sender=apps.get_app_config("support"), dispatch_uid="ensure_roles")
        register(*outbox.QUEUES)
