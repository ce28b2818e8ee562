"""What one person did, and what was decided about them, in all apps: a chapter each, for who may see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Report, Suspension, User
from blog.models import Testimonial
from commerce.models import Bounty, Order, Payout, Refund, Review, Subscription
from community.models import Community, CommunityPost
from core.models import AuditEntry
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D, ModelComment
from support.models import SupportTicket
from support.models.safety import Appeal, CopyrightClaim, ModerationDecision

SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One thing that happened; `url` is its page in the console, where it has one."""

    when: datetime
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Chapter:
    """One kind of thing, the newest first. `search` is what a list of the console is asked for to show all of it."""

    title: str
    permission: str
    rows: Callable[[User], QuerySet]
    when: str
    describe: Callable[[Model], tuple[str, str]]
    search: Callable[[User], dict[str, str]] | None = None


def _about(person: User) -> QuerySet:
    content_type = ContentType.objects.get_for_model(User)
    return AuditEntry.objects.filter(content_type=content_type, object_id=str(person.pk)).select_related(
        "actor"
    )


def _by_name(person: User) -> dict[str, str]:
    return {"q": person.username}


def _money(row, amount) -> str:
    return f"{money_text(amount)}, {row.get_status_display()}"


def _entry(entry: AuditEntry) -> tuple[str, str]:
    by = entry.actor.username if entry.actor else "the site"
    return entry.action_words, f"by {by}{_told(entry.data)}"


def _told(data: dict) -> str:
    return f": {data['reason']}" if data.get("reason") else ""


CHAPTERS = [
    Chapter(
        "Suspensions",
        "accounts.view_user",
        lambda person: Suspension.objects.filter(user=person).select_related("by"),
        "started_at",
        lambda row: (row.reason, "running" if row.is_running else "lifted"),
    ),
    Chapter("Decided about them", "core.view_auditentry", _about, "created_at", _entry),
    Chapter(
        "What they did here",
        "core.view_auditentry",
        lambda person: AuditEntry.objects.filter(actor=person),
        "created_at",
        lambda row: (row.action_words, row.object_repr),
        _by_name,
    ),
    Chapter(
        "Reported of them",
        "accounts.view_report",
        lambda person: Report.objects.filter(owner=person),
        "created_at",
        lambda row: (row.title, f"{row.get_reason_display()}, {row.get_state_display().lower()}"),
        _by_name,
    ),
    Chapter(
        "What they reported",
        "accounts.view_report",
        lambda person: Report.objects.filter(reporter=person),
        "created_at",
        lambda row: (row.title, f"{row.get_reason_display()}, {row.get_state_display().lower()}"),
    ),
    Chapter(
        "Decisions about what is theirs",
        "support.view_moderationdecision",
        lambda person: ModerationDecision.objects.filter(owner=person),
        "created_at",
        lambda row: (row.title, f"{row.get_measure_display()}{', reversed' if row.reversed_at else ''}"),
        _by_name,
    ),
    Chapter(
        "Claims to their work",
        "support.view_copyrightclaim",
        lambda person: CopyrightClaim.objects.filter(owner=person),
        "created_at",
        lambda row: (row.title, row.get_status_display()),
    ),
    Chapter(
        "Appeals",
        "support.view_appeal",
        lambda person: Appeal.objects.filter(by=person),
        "created_at",
        lambda row: (str(row), row.get_status_display()),
    ),
    Chapter(
        "Models",
        "marketplace.view_model3d",
        lambda person: Model3D.objects.filter(creator=person),
        "created_at",
        lambda row: (row.title, "Taken down" if row.is_removed else row.get_status_display()),
        lambda person: {"q": person.username, "state": "all"},
    ),
    Chapter(
        "Comments on models",
        "marketplace.view_modelcomment",
        lambda person: ModelComment.objects.filter(author=person),
        "created_at",
        lambda row: (row.body[:80], "Taken down" if row.is_removed else ""),
        _by_name,
    ),
    Chapter(
        "Orders",
        "commerce.view_order",
        lambda person: Order.objects.filter(buyer=person),
        "created_at",
        lambda row: (str(row), _money(row, row.total)),
        _by_name,
    ),
    Chapter(
        "Refunds",
        "commerce.view_refund",
        lambda person: Refund.objects.filter(payment__payer=person),
        "created_at",
        lambda row: (row.get_reason_display(), _money(row, row.asked_amount)),
        _by_name,
    ),
    Chapter(
        "Tickets",
        "support.view_supportticket",
        lambda person: SupportTicket.objects.of_person(person),
        "created_at",
        lambda row: (row.subject, row.get_status_display()),
        lambda person: {"q": person.username, "queue": "all"},
    ),
    Chapter(
        "Payouts",
        "commerce.view_payout",
        lambda person: Payout.objects.filter(seller=person),
        "created_at",
        lambda row: (str(row), _money(row, row.amount)),
        _by_name,
    ),
    Chapter(
        "Plans",
        "commerce.view_subscription",
        lambda person: Subscription.objects.filter(user=person).select_related("plan"),
        "created_at",
        lambda row: (row.plan.name, row.get_state_display()),
    ),
    Chapter(
        "Bounties",
        "commerce.view_bounty",
        lambda person: Bounty.objects.filter(creator=person),
        "created_at",
        lambda row: (row.title, _money(row, row.budget)),
        _by_name,
    ),
    Chapter(
        "Reviews",
        "commerce.view_review",
        lambda person: Review.objects.filter(author=person).select_related("model"),
        "created_at",
        lambda row: (row.model.title, f"{row.rating} of 5"),
    ),
    Chapter(
        "Communities",
        "community.view_community",
        lambda person: Community.objects.filter(owner=person),
        "created_at",
        lambda row: (row.name, row.get_state_display()),
        _by_name,
    ),
    Chapter(
        "Posts in communities",
        "community.view_communitypost",
        lambda person: CommunityPost.objects.filter(author=person).select_related("community"),
        "created_at",
        lambda row: (row.title, f"in {row.community.name}"),
        _by_name,
    ),
    Chapter(
        "Testimonial",
        "blog.view_testimonial",
        lambda person: Testimonial.objects.filter(author=person),
        "submitted_at",
        lambda row: (row.text[:80], row.get_status_display()),
    ),
]


@dataclass(frozen=True)
class Told:
    """A chapter about one person; one query, however much there is."""

    chapter: Chapter
    person: User

    @cached_property
    def _rows(self) -> list[Model]:
        rows = self.chapter.rows(self.person)
        return list(rows.order_by(f"-{self.chapter.when}", "-pk")[: SHOWN + 1])

    @property
    def lines(self) -> Sequence[Line]:
        return [self._line(row) for row in self._rows[:SHOWN]]

    @property
    def has_more(self) -> bool:
        return len(self._rows) > SHOWN

    @property
    def all_url(self) -> str:
        """All of it in the list of the console; empty where that list cannot be asked for it."""
        if self.chapter.search is None or not self._rows:
            return ""
        meta = self._rows[0]._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        return f"{address}?{urlencode(self.chapter.search(self.person))}"

    def _line(self, row: Model) -> Line:
        title, detail = self.chapter.describe(row)
        meta = row._meta
        # A suspension has no page of its own: all of it stands here and at the person.
        url = (
            ""
            if isinstance(row, Suspension)
            else reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        )
        return Line(getattr(row, self.chapter.when), title, detail, url)


def told_of(person: User, *, viewer: User) -> list[Told]:
    """The chapters that have something in them and that `viewer` may read."""
    told = [Told(chapter, person) for chapter in CHAPTERS if viewer.has_perm(chapter.permission)]
    return [one for one in told if one.lines]
