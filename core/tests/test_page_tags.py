"""What is worked out once for all pages: addresses, and parts that are kept."""

import pytest
from django.http import HttpResponse
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from django.urls import NoReverseMatch, path, reverse

from core.unchanging import address, static_address


class Elsewhere:
    urlpatterns = [path("another/way/", HttpResponse, name="about")]


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_addresses_are_those_that_django_gives():
    assert render("{% url 'about' %}") == address("about") == reverse("about")
    assert render("{% url name %}", name="terms") == reverse("terms")
    assert render("{% url 'marketplace:model' 7 %}") == reverse("marketplace:model", args=[7])
    assert render("{% url 'about' as there %}[{{ there }}]") == f"[{reverse('about')}]"
    assert render("{% url 'nowhere' as there %}[{{ there }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        render("{% url 'nowhere' %}")


def test_addresses_follow_the_urls_that_hold():
    before = address("about")
    with override_settings(ROOT_URLCONF=Elsewhere):
        assert render("{% url 'about' %}") == "/another/way/"
    assert address("about") == before


def test_static_files_follow_the_settings():
    assert (
        render("{% static 'dist/site.css' %}") == static_address("dist/site.css") == "/static/dist/site.css"
    )
    with override_settings(STATIC_URL="/elsewhere/"):
        assert render("{% static 'dist/site.css' %}") == "/elsewhere/dist/site.css"
    assert render("{% static 'dist/site.css' as there %}[{{ there }}]") == "[/static/dist/site.css]"


def test_a_kept_part_is_rendered_once_for_each_value():
    times = []
    part = Template("{% kept name=name %}{{ name.upper }} {{ name|safe }}{% endkept %}")

    class Name(str):
        __slots__ = ()

        def upper(self):
            times.append(str(self))
            return super().upper()

    for name in ("ana", "ben", "ana", "ben", "ana"):
        assert part.render(Context({"name": Name(name)})) == f"{name.upper()} {name}"
    assert times == ["ana", "ben"]


def test_a_kept_part_sees_nothing_of_the_page_but_what_it_names(rf: RequestFactory):
    request = rf.get("/", {"q": "secret"})
    part = Template(
        "{% kept name=name %}{{ name }}|{{ other }}|{{ request.GET.q }}|{{ user }}|{{ csrf_token }}{% endkept %}"
    )
    found = part.render(RequestContext(request, {"name": "<b>", "other": "secret"}))
    assert found == "&lt;b&gt;||||"


def test_a_kept_part_marks_the_page_that_is_shown():
    part = Template("{% kept view=view %}<a {% current 'home' %}>{% endkept %}")
    assert part.render(Context({"view": "home"})) == '<a aria-current="page">'
    assert part.render(Context({"view": "about"})) == "<a >"
    assert part.render(Context({})) == "<a >"


def test_a_kept_part_takes_names_alone():
    with pytest.raises(TemplateSyntaxError):
        Template("{% kept request %}{% endkept %}")


def test_a_kept_part_follows_the_settings(settings):
    part = Template("{% kept name=name %}{% static 'dist/site.css' %}{% endkept %}")
    assert part.render(Context({"name": 1})) == "/static/dist/site.css"
    settings.STATIC_URL = "/elsewhere/"
    assert part.render(Context({"name": 1})) == "/elsewhere/dist/site.css"
