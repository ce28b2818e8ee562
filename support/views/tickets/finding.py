"""What an address means to the person who asks: only their own tickets are there."""

import uuid

from django.shortcuts import get_object_or_404

from support.models import SupportTicket


def own_ticket(request, ticket_id: uuid.UUID) -> SupportTicket:
    mine = SupportTicket.objects.of_person(request.user).with_page_data()
    return get_object_or_404(mine, public_id=ticket_id)
