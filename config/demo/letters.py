"""Lets the demo's people write to each other, by the calls of the site, each message at its time."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from community.actions import messages
from community.actions.messages import Letter
from community.models import Conversation
from config.demo import clock
from config.demo.catalogue import CATALOGUE
from config.demo.catalogue.letters import TALKS, DemoLetter, DemoTalk
from marketplace.models import Model3D


def populate() -> None:
    """Whoever is not there says nothing; two who talk already are left alone."""
    names = {name for talk in TALKS for name in talk.people}
    people = {user.username: user for user in User.objects.filter(username__in=names, is_demo=True)}
    now = timezone.now()
    for talk in TALKS:
        pair = [people[name] for name in talk.people if name in people]
        if len(pair) == len(talk.people) and not Conversation.objects.between(*pair).exists():
            _talk(talk, people, now)


def _talk(talk: DemoTalk, people: dict[str, User], now) -> None:
    for letter in talk.letters:
        author = people[letter.author]
        other = people[next(name for name in talk.people if name != letter.author)]
        with clock.at(now - timedelta(hours=letter.hours_ago)):
            message = messages.write_to(
                sender=author,
                recipient=other,
                letter=Letter(body=letter.text, model=_model(letter)),
            )
    if talk.is_read:
        messages.mark_read(conversation=message.conversation, by=other, number=message.number)


def _model(letter: DemoLetter) -> Model3D | None:
    """None where it is not on the site (yet)."""
    entry = next((entry for entry in CATALOGUE if entry.slug == letter.model), None)
    if entry is None:
        return None
    return Model3D.objects.listed().filter(creator__username=entry.creator, title=entry.title).first()
