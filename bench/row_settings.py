"""The project's settings, with a bare view beside the site's pages."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.row_urls"
