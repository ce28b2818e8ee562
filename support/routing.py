"""Addresses of support's web sockets."""

from django.urls import path

from support.consumers import DeskConsumer, TicketConsumer

websocket_urlpatterns = [
    path("ws/support/desk/", DeskConsumer.as_asgi()),
    path("ws/support/<uuid:ticket_id>/", TicketConsumer.as_asgi()),
]
