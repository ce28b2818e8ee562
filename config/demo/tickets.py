"""Lets the demo's people ask support, by the calls of the site, each word at its time."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from commerce.models import Order
from config.demo import clock
from config.demo.catalogue import CATALOGUE
from config.demo.catalogue.tickets import CANNED, TICKETS, DemoTicket, DemoWord
from marketplace.models import Model3D
from support.actions import tickets as actions
from support.actions.tickets import Letter, Question
from support.models import CannedAnswer, SupportTicket
from support.ticketing.about import About


def ask(agent: User) -> None:
    """Whoever is not there asks nothing; what was asked already is left alone."""
    for canned in CANNED:
        CannedAnswer.objects.get_or_create(
            title=canned.title, defaults={"category": canned.category, "body": canned.body}
        )
    names = {entry.owner for entry in TICKETS}
    people = {user.username: user for user in User.objects.filter(username__in=names, is_demo=True)}
    for entry in TICKETS:
        owner = people.get(entry.owner)
        if owner and not SupportTicket.objects.of_person(owner).filter(subject=entry.subject).exists():
            _talk(entry, owner, agent)


def _talk(entry: DemoTicket, owner: User, agent: User) -> None:
    first, *later = entry.words
    now = timezone.now()
    with clock.at(now - timedelta(hours=first.hours_ago)):
        question = Question(
            subject=entry.subject,
            category=entry.category,
            priority=entry.priority,
            letter=Letter(body=first.text),
            about=_about(entry, owner),
        )
        ticket = actions.open_ticket(owner=owner, question=question)
    for word in later:
        with clock.at(now - timedelta(hours=word.hours_ago)):
            _say(word, ticket, agent)
    if entry.stars:
        actions.rate(ticket=ticket, by=owner, stars=entry.stars, text=entry.said)


def _say(word: DemoWord, ticket: SupportTicket, agent: User) -> None:
    if word.by == "notes":
        actions.annotate(ticket=ticket, by=agent, body=word.text)
        return
    letter = Letter(body=word.text)
    if word.by == "asks":
        actions.write(ticket=ticket, by=ticket.owner, letter=letter)
    else:
        actions.answer(ticket=ticket, by=agent, letter=letter, resolves=word.by == "resolves")


def _about(entry: DemoTicket, owner: User) -> About:
    """Nothing where it is not on the site (yet)."""
    if entry.about == "order":
        return About(order=Order.objects.of_buyer(owner).completed().newest_first().first())
    model = next((model for model in CATALOGUE if model.slug == entry.about), None)
    if model is None:
        return About()
    listed = Model3D.objects.listed().filter(creator__username=model.creator, title=model.title)
    return About(model=listed.first())
