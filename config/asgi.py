"""ASGI entry point: web sockets, and pages too where one process must serve both."""

import os

from channels.auth import AuthMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import SessionMiddlewareStack
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL", "1")

pages = get_asgi_application()

from django.conf import settings  # noqa: E402  (settings and models need the set-up above)

from accounts.routing import websocket_urlpatterns as notifications  # noqa: E402
from community.routing import websocket_urlpatterns as communities  # noqa: E402
from config.guard import refuse_unsafe_start  # noqa: E402
from core.socket_door import SocketDoor  # noqa: E402
from support.routing import websocket_urlpatterns as tickets  # noqa: E402

refuse_unsafe_start()

sockets = SocketDoor(
    OriginValidator(
        SessionMiddlewareStack(AuthMiddleware(URLRouter([*notifications, *communities, *tickets]))),
        [*settings.ALLOWED_HOSTS, *settings.CSRF_TRUSTED_ORIGINS],
    )
)
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
