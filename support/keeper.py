"""What support keeps about people: votes on help, decisions, claims, campaigns' mails. See `accounts.personal_data`."""

from django.db.models import Case, F, Value, When

from accounts.models import User
from accounts.personal_data import Exported, Fate, Held, Keeper, rows
from support.actions import votes
from support.models import HelpArticle, HelpVote
from support.safety import keeping as safety

HOLDS = safety.HOLDS | {
    "support.HelpVote.user": Held("help_votes", Fate.DELETED),
    "support.MailDelivery.person": Held("campaign_mails", Fate.DELETED),
    "support.MailCampaign.created_by": Held(
        "",
        Fate.KEPT,
        not_copied="It is work done here, and the audit log has it.",
        not_deleted="What was sent to many stays known; the account is nobody's any more.",
    ),
}


def export(user: User) -> Exported:
    # What is a draft again is not named.
    is_seen = When(article__in=HelpArticle.objects.visible_to(user), then=F("article__title"))
    title = Case(is_seen, default=Value(""))
    own = HelpVote.objects.filter(user=user).order_by("pk")
    votes_of = ("help_votes", rows(own, "article", "is_helpful", "created_at", title=title))
    mails = user.mail_deliveries.order_by("pk")
    mails_of = ("campaign_mails", rows(mails, "status", "sent_at", subject=F("campaign__subject")))
    return Exported(tables=[votes_of, mails_of, *safety.tables(user)])


def erase(user: User) -> None:
    for said in HelpVote.objects.filter(user=user).select_related("article"):
        votes.take_back(article=said.article, voter=votes.Voter(user=user))
    safety.erase(user)
    user.mail_deliveries.all().delete()


def veto(user: User) -> list[str]:
    return safety.veto(user)


def keeper() -> Keeper:
    return Keeper(name="support", holds=HOLDS, export=export, erase=erase, veto=veto)
