"""Addresses of tickets."""

from django.urls import path

from support.views.tickets import asking, talking

urlpatterns = [
    path("support/", asking.ticket_list, name="tickets"),
    path("support/new/", asking.new, name="new_ticket"),
    path("support/suggestions/", asking.suggestions, name="ticket_suggestions"),
    path("support/files/<uuid:attachment_id>/", talking.attachment, name="ticket_attachment"),
    path("support/<uuid:ticket_id>/", talking.ticket, name="ticket"),
    path("support/<uuid:ticket_id>/read/", talking.read, name="read_ticket"),
    path("support/<uuid:ticket_id>/resolution/", talking.resolution, name="ticket_resolution"),
    path("support/<uuid:ticket_id>/rating/", talking.rating, name="ticket_rating"),
]
