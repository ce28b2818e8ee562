"""Addresses that are the same as long as a process lives: worked out once.

A page has some two hundred of them, in its head, its icons and its navigation.
"""

from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse


@lru_cache(maxsize=1000)
def static_address(path: str) -> str:
    """Of a static file, with the mark of its contents where files have one."""
    return static(path)


def address(name: str, current_app: str | None = None) -> str:
    """Of a view that takes no arguments.

    Raises:
        NoReverseMatch: there is no such view.
    """
    urls = get_urlconf() or settings.ROOT_URLCONF
    return _address(name, current_app, urls, get_script_prefix())


@lru_cache(maxsize=1000)
def _address(name: str, current_app: str | None, urls, prefix: str) -> str:
    return reverse(name, current_app=current_app)


def _forget(**kwargs) -> None:
    static_address.cache_clear()
    _address.cache_clear()


# Only tests change settings.
setting_changed.connect(_forget, dispatch_uid="core.unchanging")
