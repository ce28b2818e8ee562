"""The one queue over all reports: those of one thing folded, the most urgent first.

How urgent is the sum of four parts. *Severity*: the gravest reason given. *Trust*: how often those who report it were
right before; somebody new counts as right half the time, and many reports weigh only so much. *Reach*: how many see
it. *Age*: without a limit, so that nothing waits for ever.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Report
from marketplace.models import Model3D

Reason = Report.Reason
# From 1 on, the gravest 5.
SEVERITY = {
    Reason.ILLEGAL: 5,
    Reason.SEXUAL: 4,
    Reason.HATE: 4,
    Reason.STOLEN: 3,
    Reason.SPAM: 2,
    Reason.BROKEN: 2,
    Reason.OTHER: 1,
}
SEVERITY_WORDS = {5: "Critical", 4: "High", 3: "Medium", 2: "Low", 1: "Low"}
PAGE_SIZE = 25
_CASES = """
WITH accuracy AS (
    SELECT reporter_id, (count(*) FILTER (WHERE state = 'upheld') + 1.0) / (count(*) + 2.0) AS share
    FROM accounts_report WHERE state <> 'open'
        AND reporter_id IN (SELECT reporter_id FROM accounts_report WHERE state = 'open')
    GROUP BY reporter_id
), folded AS (
    SELECT report.content_type_id, report.object_id, count(*) AS reports, max(report.id) AS latest,
        min(report.created_at) AS first_at, array_agg(DISTINCT report.reason) AS reasons,
        max(coalesce(gravity.grade, 1)) AS severity,
        sum(coalesce(accuracy.share, 0.5)) AS trust
    FROM accounts_report report LEFT JOIN accuracy ON accuracy.reporter_id = report.reporter_id
        LEFT JOIN unnest(%(reasons)s::text[], %(grades)s::int[]) AS gravity (reason, grade)
            ON gravity.reason = report.reason
    WHERE report.state = 'open' AND (%(kind)s::int IS NULL OR report.content_type_id = %(kind)s)
    GROUP BY report.content_type_id, report.object_id
), seen AS (
    SELECT folded.*, greatest(coalesce(model.views, 0), coalesce(owner.followers_count, 0)) AS reach
    FROM folded JOIN accounts_report last ON last.id = folded.latest
    LEFT JOIN accounts_user owner ON owner.id = last.owner_id
    LEFT JOIN marketplace_model3d model ON model.id =
        CASE WHEN folded.content_type_id = %(model)s THEN folded.object_id::bigint END
)
SELECT content_type_id, object_id, reports, latest, first_at, reasons, severity, trust, reach,
    severity * 10 + least(trust * 6, 30) + least(ln(1 + reach) * 2, 20)
        + extract(epoch FROM %(now)s - first_at) / 21600 AS urgency
FROM seen ORDER BY urgency DESC, latest LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class Case:
    """All open reports of one thing."""

    content_type_id: int
    object_id: str
    reports: int
    latest: Report
    first_at: datetime
    reasons: tuple[str, ...]
    severity: int
    trust: float
    reach: int
    urgency: float

    @property
    def grade(self) -> str:
        return SEVERITY_WORDS[self.severity]

    @property
    def trust_percent(self) -> int:
        """How often its reporters were right before, on average."""
        return round(100 * self.trust / self.reports)

    @property
    def due_at(self) -> datetime:
        return self.first_at + timedelta(days=settings.REPORT_DECIDE_DAYS)

    @property
    def is_overdue(self) -> bool:
        return self.due_at < timezone.now()

    @property
    def reason_labels(self) -> list[str]:
        return [Reason(reason).label for reason in sorted(self.reasons, key=lambda one: -SEVERITY[one])]


class Queue:
    """One page of cases; `kind` narrows it to things of one content type."""

    def __init__(self, *, page: int = 1, kind: ContentType | None = None) -> None:
        self.kind = kind
        self.pages = max(1, -(-self.count // PAGE_SIZE))
        self.number = min(max(1, page), self.pages)

    @cached_property
    def count(self) -> int:
        """How many things, not how many reports."""
        narrowed = Q(content_type=self.kind) if self.kind else Q()
        return Report.objects.open().filter(narrowed).values("content_type", "object_id").distinct().count()

    @cached_property
    def cases(self) -> list[Case]:
        with connection.cursor() as cursor:
            cursor.execute(
                _CASES,
                {
                    "reasons": [reason.value for reason in SEVERITY],
                    "grades": list(SEVERITY.values()),
                    "kind": self.kind.pk if self.kind else None,
                    "model": ContentType.objects.get_for_model(Model3D).pk,
                    "now": timezone.now(),
                    "limit": PAGE_SIZE,
                    "offset": (self.number - 1) * PAGE_SIZE,
                },
            )
            found = cursor.fetchall()
        latest = Report.objects.select_related("owner", "content_type").in_bulk([row[3] for row in found])
        return [
            Case(row[0], row[1], row[2], latest[row[3]], row[4], tuple(row[5]), row[6], float(row[7]), row[8],
                 float(row[9]))
            for row in found
        ]  # fmt: skip

    @property
    def kinds(self) -> list[ContentType]:
        """Of what something is reported now."""
        found = Report.objects.open().values_list("content_type", flat=True).distinct()
        return sorted(ContentType.objects.filter(pk__in=found), key=lambda one: one.name)


def waiting_reports() -> int:
    """How many things wait for a decision."""
    return Report.objects.open().values("content_type", "object_id").distinct().count()
