"""As the site's own pages write them: `18:42`, `29 Nov 2026, 18:42`."""

DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
TIME_FORMAT = "H:i"
