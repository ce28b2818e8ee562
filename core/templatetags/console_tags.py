"""What the console's own templates need beyond unfold's."""

from django import template
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.utils.html import strip_tags

register = template.Library()


@register.simple_tag(takes_context=True)
def readonly_contents(context, field):
    """What a read-only field shows; a row it points at is a link only for who may look at that row.

    Django links to every row whose model is registered, also where the person is refused there.
    """
    contents, request = field.contents(), context.get("request")
    try:
        target = field.form.instance._meta.get_field(field.field["field"]).related_model
    except (FieldDoesNotExist, AttributeError, TypeError):
        return contents
    if request is None or target is None or not admin.site.is_registered(target):
        return contents
    if admin.site.get_model_admin(target).has_view_permission(request):
        return contents
    # Markup there is Django's own; what it escaped stays so.
    return type(contents)(strip_tags(contents))
