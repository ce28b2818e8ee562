"""Tags about the person who looks at the page."""

from django import template
from django.forms import Form

from accounts.notifications import unread_count as count_unread

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context) -> int:
    """How many notifications the signed-in person has not read; asked once a request, and kept for a minute."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_notifications"):
        request._unread_notifications = count_unread(user.pk)
    return request._unread_notifications


@register.filter
def without_placeholders(form: Form) -> Form:
    """The form with labels only: allauth's fields repeat their label inside the field."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
