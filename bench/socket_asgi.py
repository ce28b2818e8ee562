"""The site's sockets, and beside them bare ones: what is sent to their group comes out of each of them."""

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from bench.sockets import GROUP
from config.asgi import sockets as ours


class Echo(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def echo(self, event):
        await self.send(text_data=event["text"])


bare = URLRouter([path("bench/echo/", Echo.as_asgi())])


async def sockets(scope, receive, send):
    await (bare if scope["path"] == "/bench/echo/" else ours)(scope, receive, send)


application = ProtocolTypeRouter({"websocket": sockets})
