"""What sales learned from marketing's campaigns."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from feedback.queries import campaigns
from feedback.rules.categories import CATEGORIES
from leads.queries import campaigns as lead_campaigns
from quotarider.web.partials import render
from quotarider.web.permissions import requires
from quotarider.web.requests import WorkspaceRequest

PERIODS = {"30": _("30 days"), "90": _("90 days"), "365": _("12 months"), "all": _("All time")}
LABELS = {"30": _("Last 30 days"), "90": _("Last 90 days"), "365": _("Last 12 months"), "all": _("All time")}
SHADES = 6  # the last one stands for all reasons but the five most given


@require_safe
@requires("view_campaigns")
def index(request: WorkspaceRequest) -> HttpResponse:
    """All campaigns of a period."""
    period = _period(request)
    results = [result for result in campaigns.results(period) if result.campaign or result.leads]
    whole = campaigns.total(results)
    series = _series(whole)
    context = {
        **_frame(request),
        "rows": [_row(request, result, series) for result in results],
        "total": whole,
        "legend": _legend(series),
        "reasons": _bars(campaigns.reason_labels(period)),
        "quotes": campaigns.quotes(period),
    }
    return render(request, "feedback/campaigns.html", context, partial="page")


@require_safe
@requires("view_campaigns")
def detail(request: WorkspaceRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign: its figures, reasons and quotes, each opening its leads."""
    campaign = _found(campaign_id)
    period = _period(request)
    result = campaigns.results(period, campaign.pk)[0]
    context = {
        **_frame(request),
        "campaign": campaign,
        "row": _row(request, result, _series(result)),
        "reasons": _bars(campaigns.reason_labels(period, campaign.pk)),
        "quotes": campaigns.quotes(period, campaign.pk, limit=12),
    }
    return render(request, "feedback/campaign.html", context, partial="page")


@require_safe
@requires("view_campaigns")
def rows(request: WorkspaceRequest, what: str) -> HttpResponse:
    """The leads behind a figure: `what` of all campaigns, of one (`campaign`), or of none (`campaign=none`)."""
    wanted = request.GET.get("campaign", "")
    category = request.GET.get("reason", "")
    if what not in campaigns.WHAT or (category and category not in CATEGORIES):
        raise Http404
    campaign = None if wanted in ("", "none") else _found(_uuid(wanted))
    campaign_id = campaign.pk if campaign else (campaigns.NONE_ID if wanted == "none" else None)
    leads = campaigns.rows_behind(_period(request), what, campaign_id, category)
    page = Paginator(leads, 50).get_page(request.GET.get("page"))
    context = {
        **_frame(request),
        "campaign": campaign,
        "what": campaigns.WHAT[what],
        "reason": CATEGORIES.get(category, ""),
        "page": page,
    }
    return render(request, "feedback/campaign_leads.html", context, partial="page")


def _period(request: WorkspaceRequest) -> campaigns.Period:
    days = {"30": 30, "90": 90, "365": 365, "all": 365 * 40}.get(request.GET.get("period", "90"), 90)
    return campaigns.Period(request.now - timedelta(days=days), request.now + timedelta(days=1))


def _frame(request: WorkspaceRequest) -> dict[str, Any]:
    chosen = request.GET.get("period", "90")
    chosen = chosen if chosen in PERIODS else "90"
    return {"periods": PERIODS.items(), "period": chosen, "period_label": LABELS[chosen]}


def _row(request: WorkspaceRequest, result: campaigns.Result, series: dict[str, int]) -> dict[str, Any]:
    place = str(result.campaign.public_id) if result.campaign else "none"
    query = f"?campaign={place}&period={request.GET.get('period', '90')}"
    urls = {
        what: reverse("feedback:campaign-rows", kwargs={"workspace": request.workspace.slug, "what": what}) + query
        for what in campaigns.WHAT
    }
    parts = [
        {"label": CATEGORIES[c], "count": n, "series": series[c], "url": f"{urls['rejected']}&reason={c}"}
        for c, n in result.reasons.items()
    ]
    return {"result": result, "urls": urls, "parts": parts}


def _series(whole: campaigns.Result) -> dict[str, int]:
    """A shade for each category: the five most given have their own."""
    return {category: min(place, SHADES) for place, category in enumerate(whole.reasons, start=1)}


def _legend(series: dict[str, int]) -> list[dict[str, Any]]:
    own = [{"label": CATEGORIES[c], "series": shade} for c, shade in series.items() if shade < SHADES]
    return own + ([{"label": _("others"), "series": SHADES}] if SHADES in series.values() else [])


def _bars(labels: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    most = labels[0][2] if labels else 1
    return [{"label": label, "share": 100 * n / most, "count": n} for label, _category, n in labels[:8]]


def _found(campaign_id: UUID) -> Any:
    found = lead_campaigns.campaigns().filter(public_id=campaign_id).first()
    if found is None:
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
