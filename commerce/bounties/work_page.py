"""Work that was handed in, as its poster sees it: a protected preview and measures, never the original."""

from functools import cached_property

from django.urls import reverse

from commerce.actions.bounties.awarding import reason_against_award
from commerce.bounties.rules import Check, checks_of, has_protected_preview
from commerce.models import Bounty, BountySubmission
from core.markdown import render_markdown
from marketplace.models import Finding, Model3D
from marketplace.showcase import Showcase


class WorkPage:
    """One submission as `viewer`, who may look at it, sees it."""

    def __init__(self, submission: BountySubmission, viewer) -> None:
        self.submission = submission
        self.viewer = viewer
        self.bounty: Bounty = submission.bounty
        self.model: Model3D = submission.model
        self._showcase = Showcase(self.model, viewer=viewer)

    @property
    def is_poster(self) -> bool:
        return self.viewer.pk == self.bounty.creator_id

    @property
    def is_maker(self) -> bool:
        return self.viewer.pk == self.submission.application.applicant_id

    @property
    def is_there(self) -> bool:
        """Whether there still is something to look at."""
        return self.submission.is_awarded or self.submission.can_be_awarded

    @property
    def preview_url(self) -> str:
        """Empty where only pictures are shown: its maker chose so, or there is no preview that protects the model."""
        shows = self.model.preview_mode == Model3D.PreviewMode.INTERACTIVE
        if not (self.is_there and shows and has_protected_preview(self.model)):
            return ""
        return reverse("commerce:bounty_submission_preview", args=[self.bounty.pk, self.submission.public_id])

    @property
    def may_award(self) -> bool:
        if not self.is_poster or not self.submission.can_be_awarded:
            return False
        return not reason_against_award(self.bounty, by=self.viewer)

    @cached_property
    def note_html(self):
        return render_markdown(self.submission.note)

    @cached_property
    def checks(self) -> list[Check]:
        return checks_of(self.bounty, self.model) if self.is_there else []

    @property
    def unmet(self) -> int:
        return sum(check.is_met is False for check in self.checks)

    @property
    def specs(self) -> list[dict]:
        """As the component `spec_list` wants them."""
        return self._showcase.specs

    @property
    def findings(self) -> list[Finding]:
        return self._showcase.findings[:50]
