"""Tags about the messages of the person who looks at the page."""

from django import template

from community.messaging.counting import unread_conversations

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_messages(context) -> int:
    """How many conversations the signed-in person has not read; asked once a request, and kept for a minute."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_messages"):
        request._unread_messages = unread_conversations(user.pk)
    return request._unread_messages
