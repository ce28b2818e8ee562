"""Tags for what most pages have in common, built in like `core_tags`: `url` and `static` as Django has them, but worked
out once where the result is always the same; and `kept`, a part of a page that is rendered once for all.
"""

from django.core.signals import setting_changed
from django.template import Library, Node, TemplateSyntaxError, defaulttags
from django.template.base import token_kwargs
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from core.unchanging import address, static_address

register = Library()

# Of one part, before all are forgotten: what it depends on takes few values.
_MOST = 500
# Changes with the settings, which only tests change.
_epoch = [0]


class _URLNode(defaulttags.URLNode):
    """Without arguments, and written straight into the page."""

    def render(self, context):
        found = address(self.view_name.resolve(context), _current_app(context))
        return conditional_escape(found) if context.autoescape else found


def _current_app(context) -> str | None:
    request = getattr(context, "request", None)
    try:
        return request.current_app
    except AttributeError:
        return getattr(getattr(request, "resolver_match", None), "namespace", None)


@register.tag
def url(parser, token):
    node = defaulttags.url(parser, token)
    is_plain = not (node.args or node.kwargs or node.asvar)
    return _URLNode(node.view_name, [], {}, None) if is_plain else node


class _StaticNode(StaticNode):
    def url(self, context):
        return static_address(self.path.resolve(context))


@register.tag
def static(parser, token):
    return _StaticNode.handle_token(parser, token)


class _KeptNode(Node):
    def __init__(self, nodelist, names: dict):
        self.nodelist, self._names = nodelist, names
        self._kept: dict[tuple, SafeString] = {}

    def render(self, context):
        given = {name: value.resolve(context, ignore_failures=True) for name, value in self._names.items()}
        key = (*given.values(), context.autoescape, get_script_prefix(), get_urlconf(), _epoch[0])
        found = self._kept.get(key)
        if found is None:
            found = mark_safe(self._alone(context, given))  # noqa: S308 - a template's own output
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _alone(self, context, given: dict) -> str:
        """The part by itself: it knows of nothing but what is named, so nobody is shown what is another's."""
        alone = context.new(given)
        alone.template = context.template
        alone.request = None
        return self.nodelist.render(alone)


@register.tag
def kept(parser, token):
    """`{% kept view=request.resolver_match.view_name %}…{% endkept %}`: rendered once a process for each value of what
    is named (texts, numbers, tuples), which is all that it sees of the page: neither the request nor who asks.
    """
    tag, *bits = token.split_contents()
    names = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"“{tag}” takes nothing but names with their values.")
    nodelist = parser.parse((f"end{tag}",))
    parser.delete_first_token()
    return _KeptNode(nodelist, names)


def _begin_anew(**kwargs) -> None:
    _epoch[0] += 1


setting_changed.connect(_begin_anew, dispatch_uid="core.templatetags.page_tags")
