"""Every mail of the site with made data: complete, in one style, and shown in the console to those who may."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.template import engines
from django.urls import reverse

from accounts.tests.factories import UserFactory
from core.mail_html import with_inline_styles
from core.mail_previews import UNSUBSCRIBE_URL, samples

MISSING = "MISSING-%s"
VOID = {"meta", "br", "hr", "img", "link", "base", "input"}
LABELS = [f"{sample.kind} {sample.label}".strip() for sample in samples()]


class Tags(HTMLParser):
    """What is open, what was closed wrongly, and what each element says of itself."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.seen = [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("sample", samples(), ids=LABELS)
def test_a_mail_has_all_it_needs_and_holds_in_mail_programs(sample, monkeypatch, settings):
    settings.SITE_URL = "https://example.com"
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", MISSING)
    mail = sample.render()
    assert MISSING[:-2] not in "".join(mail.values())
    assert mail["subject"]
    assert "\n" not in mail["subject"]
    assert len(mail["text"].splitlines()) > 3
    assert not re.search(r"&(amp|lt|quot|#)|</\w+>", mail["text"]), "text is not HTML"
    tags = Tags()
    tags.feed(mail["html"])
    assert (tags.open, tags.wrong) == ([], [])
    assert [tag for tag, _ in tags.seen].count("h1") == 1
    assert not {tag for tag, _ in tags.seen} & {"script", "link", "img", "form", "iframe", "svg"}
    for tag, given in tags.seen:
        assert given.get("href", "mailto:").startswith(("https://example.com", "mailto:"))
        if tag in {"p", "a", "td", "li"}:
            assert given.get("style"), f"{tag} has no look of its own"
        if tag == "table":
            assert given["role"] == "presentation"
    for part in (mail["text"], mail["html"]):
        assert (UNSUBSCRIBE_URL in part) == sample.can_end


def test_styles_are_written_into_elements_and_nothing_else_is_touched():
    html = (
        '<!DOCTYPE html><style>p { a: "b" }</style><!--[if mso]><table><![endif]-->'
        '<table class="facts"><tr><td class="quiet">A &amp; B&nbsp;<br></td></tr></table>'
        '<p style="margin: 1px;">x</p><td>y</td><span>z</span>'
    )
    styled = with_inline_styles(html)
    assert re.sub(r' style="[^"]*"', "", styled) == re.sub(r' style="[^"]*"', "", html)
    assert '<p style="margin: 0 0 16px; margin: 1px;">' in styled
    quiet = re.search(r"<td class=\"quiet\" style=\"([^\"]*)\"", styled)[1]
    assert "padding: 6px 0" in quiet
    assert "#6b6964" in quiet
    assert "padding: 6px 0" not in re.search(r"<td style=\"([^\"]*)\">y", styled)[1]


@pytest.mark.django_db
def test_those_who_look_after_mail_see_each_and_others_none(client):
    page, frame = reverse("admin:core_outgoingmail_previews"), reverse("admin:core_outgoingmail_frame")
    for role, status in (("Moderators", 403), ("Support agents", 403), ("Mail", 200)):
        user = UserFactory(staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        assert [client.get(address).status_code for address in (page, frame)] == [status, status]
    shown = client.get(page, {"mail": "commerce/receipt", "case": "1"}).content.decode()
    assert "of a free model" in shown
    assert "<iframe" in shown
    framed = client.get(frame, {"mail": "commerce/receipt", "case": "1"})
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "Walnut lounge chair" in framed.content.decode()
    for wrong in (
        {"mail": "no/such"},
        {"mail": "commerce/receipt", "case": "9"},
        {"case": "-1"},
        {"case": "²"},
    ):
        assert client.get(page, wrong).status_code == 404
