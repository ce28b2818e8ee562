"""The words of a campaign as a mail: rendered once for all, and finished for each person."""

import html
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from accounts.preferences import unsubscribe_url
from core.mail import render
from core.mail_delivery import mail_headers
from core.markdown import render_markdown
from support.mailing.segments import NEWS
from support.models import MailCampaign

KIND = "support/campaign"
NAME = "{name}"
# Targets of links that begin with one slash: addresses of ours, which a mail has to give in full.
_OWN_LINK = re.compile(r"\]\((/(?!/)[^)\s]*)")


@dataclass(frozen=True)
class Letter:
    """What everybody gets, with marks where name and way out of each person go."""

    subject: str
    text: str
    html: str
    name_mark: str
    way_out_mark: str

    @classmethod
    def of(cls, campaign: MailCampaign) -> "Letter":
        # No text of anybody contains them.
        name_mark, way_out_mark = (f"mark{secrets.token_hex(12)}" for _ in range(2))
        values = letter_context(campaign, name=name_mark) | {"unsubscribe_url": way_out_mark}
        parts = render(KIND, values)
        # Written before links become places to press: a name is no Markdown.
        return cls(" ".join(campaign.subject.split()), parts["text"], parts["html"], name_mark, way_out_mark)

    def to(self, person: User, *, message_id: str) -> EmailMultiAlternatives:
        way_out = unsubscribe_url(person, NEWS)
        message = EmailMultiAlternatives(
            self.subject.replace(NAME, " ".join(person.display_name.split())),
            self._finished(self.text, person.display_name, way_out),
            to=[person.email],
            headers=mail_headers(message_id=message_id, unsubscribe_url=way_out),
        )
        own_html = self._finished(self.html, html.escape(person.display_name), html.escape(way_out))
        message.attach_alternative(own_html, "text/html")
        return message

    def _finished(self, text: str, name: str, way_out: str) -> str:
        # The way out first: a name cannot then be taken for its mark.
        return text.replace(self.way_out_mark, way_out).replace(self.name_mark, name)


def letter_context(campaign: MailCampaign, *, name: str) -> dict:
    """What the templates of a campaign need."""
    site = settings.SITE_URL.rstrip("/")
    text = _OWN_LINK.sub(lambda found: f"]({site}{found[1]}", campaign.text).replace(NAME, name)
    return {
        "heading": campaign.subject.replace(NAME, name),
        "preheader": campaign.preheader.replace(NAME, name),
        "body_text": text,
        "body_html": render_markdown(text),
        "recipient": None,
    }
