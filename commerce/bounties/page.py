"""The page of a bounty as somebody sees it: its brief, how far it is, who answers it, and what they can do."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.awarding import reason_against_award
from commerce.actions.bounties.ending import reason_against_cancelling
from commerce.actions.bounties.posting import open_payment
from commerce.actions.bounties.working import check_may_take_part
from commerce.bounties.rules import is_frozen
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountyApplication, BountySubmission, EscrowReturn, Payment
from commerce.models.bounties.bounty import may_see_all
from core.markdown import render_markdown

APPLICATIONS = 10
# More than a bounty has in practice; its poster pages through the rest.
SUBMISSIONS = 12


class BountyPage:
    """Nothing is asked of the database before a template needs it."""

    def __init__(self, bounty: Bounty, *, viewer, page: str = "", work_page: str = "") -> None:
        self.bounty = bounty
        self.viewer = viewer
        self._page, self._work_page = page, work_page

    @property
    def is_poster(self) -> bool:
        return self.viewer.pk == self.bounty.creator_id

    @property
    def sees_work(self) -> bool:
        """Whether the viewer may read applications and look at submissions: the poster, and the staff of bounties."""
        return self.is_poster or may_see_all(self.viewer)

    @cached_property
    def description_html(self):
        return render_markdown(self.bounty.description)

    @cached_property
    def requirements_html(self):
        return render_markdown(self.bounty.requirements)

    @cached_property
    def pictures(self) -> list:
        return list(self.bounty.pictures.order_by("pk"))

    @property
    def steps(self) -> list[dict]:
        """As the component `stepper` wants them."""
        bounty = self.bounty
        reached = {
            Bounty.Status.UNPAID: 0,
            Bounty.Status.OPEN: 1,
            Bounty.Status.JUDGING: 2,
            Bounty.Status.AWARDED: 4,
        }.get(bounty.status)
        last = {"label": "Awarded", "note": bounty.winner.display_name if bounty.winner else ""}
        if reached is None:
            was_open = bounty.opened_at is not None
            last = {"label": bounty.get_status_display(), "state": "failed", "note": ""}
            reached = 3 if was_open else 0
        labels = [
            {"label": "Budget paid", "note": "Held by us" if bounty.holds_money else ""},
            {"label": "Open for work", "note": ""},
            {"label": "Poster chooses", "note": ""},
            last,
        ]
        for place, step in enumerate(labels):
            step.setdefault(
                "state", "done" if place < reached else "running" if place == reached else "waiting"
            )
        return labels

    @property
    def is_past(self) -> bool:
        return self.bounty.deadline <= timezone.now()

    @cached_property
    def payment_under_way(self) -> Payment | None:
        return open_payment(self.bounty) if self.is_poster and self.bounty.is_unpaid else None

    @property
    def money_back(self) -> EscrowReturn | None:
        """What became of the budget, for those whom it concerns."""
        return getattr(self.bounty, "escrow_return", None) if self.sees_work else None

    @cached_property
    def is_frozen(self) -> bool:
        """Whether its money can go nowhere for now; why, is said to its poster and to the staff of bounties."""
        return self.bounty.holds_money and is_frozen(self.bounty)

    @property
    def may_cancel(self) -> bool:
        return self.is_poster and not reason_against_cancelling(self.bounty, by=self.viewer)

    @property
    def may_award(self) -> bool:
        return self.is_poster and not reason_against_award(self.bounty, by=self.viewer)

    @cached_property
    def own_application(self) -> BountyApplication | None:
        if not self.viewer.is_authenticated or self.is_poster:
            return None
        return self.bounty.applications.filter(applicant=self.viewer).first()

    @cached_property
    def own_submissions(self) -> list[BountySubmission]:
        if self.own_application is None:
            return []
        rows = self.own_application.submissions.standing().select_related("model__current_file")
        return list(rows.oldest_first())

    @cached_property
    def refusal(self) -> str:
        """Why the signed-in viewer cannot take part; empty where they can."""
        try:
            check_may_take_part(self.bounty, self.viewer)
        except BountyRefused as error:
            return error.message
        return ""

    @property
    def may_submit(self) -> bool:
        own = self.own_application
        return own is not None and own.is_active and not self.refusal

    @cached_property
    def applications(self) -> Page:
        """For those who `sees_work`: who stands first, in the order in which they applied."""
        rows = self.bounty.applications.select_related("applicant").exclude(
            status=BountyApplication.Status.WITHDRAWN
        )
        rows = rows.prefetch_related("portfolio__current_file").order_by("status", "created_at", "pk")
        return Paginator(rows, APPLICATIONS).get_page(self._page)

    @cached_property
    def submissions(self) -> Page:
        """For those who `sees_work`."""
        rows = self.bounty.submissions.standing().select_related(
            "application__applicant", "model__current_file", "model__creator"
        )
        return Paginator(rows.oldest_first(), SUBMISSIONS).get_page(self._work_page)

    @cached_property
    def awarded(self) -> BountySubmission | None:
        """What won: shown to everybody."""
        if not self.bounty.is_awarded:
            return None
        rows = self.bounty.submissions.filter(status=BountySubmission.Status.AWARDED)
        return rows.select_related(
            "model__current_file", "model__creator", "model__category", "transaction__seller"
        ).first()


def applications_of(user: User):
    """What a person has applied to, for their own list."""
    standing = Count("submissions", filter=~Q(submissions__status=BountySubmission.Status.WITHDRAWN))
    frozen = Bounty.objects.holding_money().frozen().filter(pk=OuterRef("bounty"))
    rows = user.bounty_applications.select_related("bounty__creator")
    rows = rows.annotate(handed_in=standing, stands_still=Exists(frozen))
    return rows.order_by("-created_at", "-pk")
