"""Settings from the environment; every variable is described in .env.example.

`ENVIRONMENT` is "development" (the default: embedded services, localhost only) or "production", which refuses
to start with unsafe values.
"""

from config.settings.accounts import *  # noqa: F403
from config.settings.admin import *  # noqa: F403
from config.settings.base import *  # noqa: F403
from config.settings.mail import *  # noqa: F403
from config.settings.operations import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.services import *  # noqa: F403
from config.settings.site import *  # noqa: F403
