"""Bounties: posted and paid, answered, talked about, awarded, or run out."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from commerce.actions.bounties import comments
from commerce.actions.bounties.awarding import award
from commerce.actions.bounties.deadlines import close
from commerce.actions.bounties.posting import Brief, draft
from commerce.actions.bounties.posting import pay as pay_budget
from commerce.actions.bounties.returning import send_back
from commerce.actions.bounties.working import apply, submit
from commerce.bounties.rules import reason_against_model
from commerce.documents import invoice_for
from commerce.models import Bounty, EscrowReturn
from config.demo.catalogue.bounties import DemoApplication, DemoBounty, DemoRemark
from config.demo.catalogue.trade import DemoOrder
from config.demo.trade.shop import Deed, Shop, hear, pay
from marketplace.models import Category, Model3D

PORTFOLIO = 3
MADE_BEFORE = timedelta(hours=5)


def deeds_of(entry: DemoBounty, shop: Shop) -> Iterator[Deed]:
    yield Deed(shop.ago(entry.days), lambda: _post(entry, shop))
    for one in entry.applications:
        if one.applicant not in shop.people:
            continue
        yield Deed(shop.ago(one.days), lambda one=one: _apply(entry, one, shop))
        if one.work in shop.models:
            yield Deed(shop.ago(one.handed_in), lambda one=one: _hand_in(entry, one, shop))
    for said in entry.remarks:
        yield Deed(shop.ago(said.days), lambda said=said: _say(entry, said, shop))
    if entry.awarded is not None:
        yield Deed(shop.ago(entry.awarded), lambda: _award(entry, shop))
    if entry.ends >= 0:
        # Judged, or back to who paid, a moment after the deadline.
        yield Deed(shop.ago(entry.ends) + timedelta(minutes=5), lambda: _end(entry, shop))


def _bounty(entry: DemoBounty, shop: Shop) -> Bounty | None:
    posted = Bounty.objects.of_poster(shop.people[entry.poster]).filter(title=entry.title)
    return posted.with_page_data().first()


def _post(entry: DemoBounty, shop: Shop) -> None:
    category = Category.objects.filter(name=entry.category).first()
    if category is None or _bounty(entry, shop):
        return
    brief = Brief(
        title=entry.title,
        description=entry.description,
        requirements=entry.requirements,
        category=category,
        budget=entry.budget,
        deadline=shop.ago(entry.ends),
        wanted_formats=list(entry.wanted_formats),
        wants=list(entry.wants),
        max_triangles=entry.max_triangles,
    )
    bounty = draft(poster=shop.people[entry.poster], brief=brief)
    method = DemoOrder(entry.poster, entry.days, (), entry.source).method
    pay(pay_budget(bounty=bounty, billing=shop.billing(entry.poster), method=method), entry.source)


def _apply(entry: DemoBounty, one: DemoApplication, shop: Shop) -> None:
    bounty, applicant = _bounty(entry, shop), shop.people[one.applicant]
    if bounty is None or not bounty.takes_work or bounty.applications.filter(applicant=applicant).exists():
        return
    shown = [model for model in shop.models.values() if model.creator == applicant and model.is_open_to_all]
    apply(bounty=bounty, applicant=applicant, message=one.message, portfolio=shown[:PORTFOLIO])


def _hand_in(entry: DemoBounty, one: DemoApplication, shop: Shop) -> None:
    bounty, model = _bounty(entry, shop), shop.models[one.work]
    if bounty is None or not bounty.takes_work or reason_against_model(model):
        return
    application = bounty.applications.active().filter(applicant__username=one.applicant).first()
    if application and not application.submissions.exists():
        Model3D.objects.filter(pk=model.pk).update(created_at=timezone.now() - MADE_BEFORE)
        submit(application=application, model=model, note=one.note)


def _say(entry: DemoBounty, said: DemoRemark, shop: Shop) -> None:
    bounty, author = _bounty(entry, shop), shop.people[said.author]
    if bounty is None or bounty.comments.filter(author=author).exists():
        return
    comment = comments.post(bounty=bounty, author=author, body=said.text)
    for name, words in said.answers:
        comments.post(bounty=bounty, author=shop.people[name], body=words, parent=comment)
        comments.like(comment=comment, by=shop.people[name])


def _award(entry: DemoBounty, shop: Shop) -> None:
    bounty = _bounty(entry, shop)
    work = bounty and bounty.holds_money and bounty.submissions.awardable().order_by("pk").first()
    if work:
        line = award(submission=work, by=bounty.creator)
        invoice_for(line.order)


def _end(entry: DemoBounty, shop: Shop) -> None:
    bounty = _bounty(entry, shop)
    if bounty is None or not bounty.is_open:
        return
    close(bounty, timezone.now())
    returned = EscrowReturn.objects.filter(bounty=bounty).select_related("payment").first()
    if returned is not None:
        send_back(returned.pk)
        hear(returned.payment)
