"""Addresses of the communities' web sockets."""

from django.urls import path

from community.consumers import CommunityConsumer

websocket_urlpatterns = [path("ws/community/<int:pk>/", CommunityConsumer.as_asgi())]
