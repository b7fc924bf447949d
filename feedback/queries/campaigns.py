"""What became of each campaign's leads: cohorts by arrival, counted in the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from feedback.models import Verdict
from feedback.rules.categories import CATEGORIES
from leads.models import Campaign, Lead
from leads.queries import campaigns
from quotarider import tenancy

NONE_ID = 0  # stands for leads that no campaign brought


@dataclass(frozen=True)
class Period:
    """Leads that arrived in [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Result:
    """One campaign's cohort. `reasons` counts rejected leads by category; money is in the workspace's currency."""

    campaign: Campaign | None
    leads: int
    handed_off: int
    accepted: int
    rejected: int
    won: int
    revenue: Decimal
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def accepted_share(self) -> float | None:
        """Of the leads that sales has judged, the share that it took; None before the first verdict."""
        judged = self.accepted + self.rejected
        return self.accepted / judged if judged else None

    @property
    def cost_per_accepted(self) -> Decimal | None:
        """The campaign's whole cost per lead that sales accepted; None without cost or acceptance."""
        if self.campaign is None or not self.campaign.cost or not self.accepted:
            return None
        return self.campaign.cost / self.accepted


COHORTS = """
WITH cohort AS (
    SELECT l.id, coalesce(l.campaign_id, 0) AS campaign_id, l.state, l.amount, l.qualified_at
      FROM leads_lead l
     WHERE l.workspace_id = %(workspace)s AND l.arrived_at >= %(start)s AND l.arrived_at < %(end)s
       AND (%(campaign)s::bigint IS NULL OR coalesce(l.campaign_id, 0) = %(campaign)s)
), judged AS (
    -- the last word on each lead counts once, however often it changed hands
    SELECT DISTINCT ON (v.lead_id) v.lead_id, v.kind, r.category
      FROM cohort c
      JOIN feedback_verdict v ON v.workspace_id = %(workspace)s AND v.lead_id = c.id
      LEFT JOIN feedback_reason r ON r.workspace_id = v.workspace_id AND r.id = v.reason_id
     ORDER BY v.lead_id, v.id DESC
)
SELECT c.campaign_id, j.kind, j.category, count(*), count(c.qualified_at),
       count(*) FILTER (WHERE c.state = 'won'), coalesce(sum(c.amount) FILTER (WHERE c.state = 'won'), 0)
  FROM cohort c LEFT JOIN judged j ON j.lead_id = c.id
 GROUP BY 1, 2, 3
"""


def results(period: Period, campaign_id: int | None = None) -> list[Result]:
    """The results of all campaigns (or one, NONE_ID for none) in a period, most leads first."""
    with connection.cursor() as cursor:
        cursor.execute(
            COHORTS,
            {
                "workspace": tenancy.current().workspace_id,
                "start": period.start,
                "end": period.end,
                "campaign": campaign_id,
            },
        )
        rows = cursor.fetchall()
    known = {c.pk: c for c in campaigns.campaigns() if campaign_id in (None, c.pk)}
    found = _fold(rows)
    wanted = {*known, *found} if campaign_id is None else {campaign_id}
    listed = [_result(known.get(pk), found.get(pk, [])) for pk in wanted]
    return sorted(listed, key=lambda r: (-r.leads, r.campaign.name if r.campaign else ""))


def _fold(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = defaultdict(list)
    for campaign_id, *rest in rows:
        found[campaign_id].append(tuple(rest))
    return found


def _result(campaign: Campaign | None, rows: list[tuple]) -> Result:
    reasons = {category: n for kind, category, n, *_ in rows if kind == "rejected"}
    return Result(
        campaign=campaign,
        leads=sum(n for _, _, n, *_ in rows),
        handed_off=sum(row[3] for row in rows),
        accepted=sum(n for kind, _, n, *_ in rows if kind == "accepted"),
        rejected=sum(reasons.values()),
        won=sum(row[4] for row in rows),
        revenue=sum((row[5] for row in rows), Decimal(0)),
        reasons=dict(sorted(reasons.items(), key=lambda item: -item[1])),
    )


def total(listed: Iterable[Result]) -> Result:
    """All campaigns together."""
    rows = list(listed)
    reasons = {c: sum(r.reasons.get(c, 0) for r in rows) for c in CATEGORIES}
    return Result(
        campaign=None,
        leads=sum(r.leads for r in rows),
        handed_off=sum(r.handed_off for r in rows),
        accepted=sum(r.accepted for r in rows),
        rejected=sum(r.rejected for r in rows),
        won=sum(r.won for r in rows),
        revenue=sum((r.revenue for r in rows), Decimal(0)),
        reasons=dict(sorted(((c, n) for c, n in reasons.items() if n), key=lambda item: -item[1])),
    )


def quotes(period: Period, campaign_id: int | None = None, limit: int = 6) -> list[Verdict]:
    """The buyers' own words, newest first, with lead and reason."""
    rows = Verdict.objects.select_related("lead__person", "lead__campaign", "reason").exclude(quote="")
    rows = rows.filter(lead__arrived_at__gte=period.start, lead__arrived_at__lt=period.end)
    return list(_of(rows, campaign_id, "lead__campaign_id").order_by("-at", "-id")[:limit])


def reason_labels(period: Period, campaign_id: int | None = None) -> list[tuple[str, str, int]]:
    """The workspace's reject reasons as used: (label, category, count), most used first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    rows = Verdict.objects.filter(kind="rejected", lead__arrived_at__gte=period.start, lead__arrived_at__lt=period.end)
    for label, category in _of(rows, campaign_id, "lead__campaign_id").values_list("reason__label", "reason__category"):
        counts[label, category] += 1
    return sorted(((label, category, n) for (label, category), n in counts.items()), key=lambda row: -row[2])


WHAT = {
    "leads": "Leads",
    "handed_off": "Handed off",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "won": "Won",
}


def rows_behind(period: Period, what: str, campaign_id: int | None, category: str = "") -> QuerySet[Lead]:
    """The leads behind a figure of `results`, newest first. Raises: KeyError for an unknown figure."""
    rows = Lead.objects.select_related("person", "company", "campaign", "owner__user")
    rows = rows.filter(arrived_at__gte=period.start, arrived_at__lt=period.end)
    rows = _of(rows, campaign_id, "campaign_id").order_by("-arrived_at", "-id")
    if what in ("accepted", "rejected"):
        last = Verdict.objects.order_by("lead_id", "-id").distinct("lead_id").values("pk")
        said = Verdict.objects.filter(pk__in=last, kind=what)
        return rows.filter(pk__in=(said.filter(reason__category=category) if category else said).values("lead_id"))
    only = {"leads": Q(), "handed_off": Q(qualified_at__isnull=False), "won": Q(state="won")}
    return rows.filter(only[what])


def _of(rows: QuerySet, campaign_id: int | None, column: str) -> QuerySet:
    if campaign_id is None:
        return rows
    return rows.filter(**{column: campaign_id or None}) if campaign_id else rows.filter(**{f"{column}__isnull": True})
