from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Pages and commands that span several apps; nobody imports this one."""

    name = "config"
    label = "config"
