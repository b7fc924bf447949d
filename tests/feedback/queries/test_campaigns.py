"""What became of each campaign's leads."""

from datetime import timedelta
from decimal import Decimal

import pytest

from feedback.actions import outcomes, verdicts
from feedback.models import Reason
from feedback.queries import campaigns
from handoff import queries as handoffs
from handoff.actions import giving
from handoff.models import Handoff
from leads.models import Campaign, Lead
from quotarider import tenancy
from quotarider.accounts.models import Member
from tests.factories import leads

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(in_acme: tenancy.Scope) -> campaigns.Period:
    return campaigns.Period(in_acme.now - timedelta(days=30), in_acme.now + timedelta(days=1))


@pytest.fixture
def seated(rep: Member, in_acme: tenancy.Scope) -> Member:
    giving.add_seat(handoffs.default_team(), rep)
    return rep


def _handed_off(campaign: str, at: object) -> Handoff:
    lead = leads.lead(at=at, **leads.QUALIFIED, campaign=campaign)
    return Handoff.objects.get(lead=lead)


def _accept(handoff: Handoff, rep: Member, scope: tenancy.Scope) -> None:
    step = verdicts.Acceptance({}, "Send the offer", scope.now + timedelta(days=1))
    verdicts.accept(handoff, step, by=rep, at=scope.now)


def _reject(handoff: Handoff, rep: Member, scope: tenancy.Scope, quote: str = "") -> None:
    reason = Reason.objects.get(use="reject", label="Not now, later")
    handoff = Handoff.objects.select_related("lead").get(pk=handoff.pk)  # as the page shows it by now
    verdicts.reject(handoff, verdicts.Rejection(reason, quote=quote), by=rep, at=scope.now)


class TestResults:
    def test_counts_each_stage_of_a_cohort(
        self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period
    ) -> None:
        _accept(_handed_off("Webinar", in_acme.now), seated, in_acme)
        _accept(_handed_off("Webinar", in_acme.now), seated, in_acme)
        _reject(_handed_off("Webinar", in_acme.now), seated, in_acme)
        _handed_off("Webinar", in_acme.now)
        leads.lead(at=in_acme.now, **leads.NURTURED, campaign="Webinar")
        won = Handoff.objects.filter(accepted_at__isnull=False).first()
        outcomes.win(won, amount=Decimal(4000), by=seated, at=in_acme.now)

        result = campaigns.results(everything)[0]

        assert result.campaign.name == "Webinar"
        assert (result.leads, result.handed_off, result.accepted, result.rejected, result.won) == (5, 4, 2, 1, 1)
        assert result.revenue == Decimal(4000)
        assert result.reasons == {"timing": 1}
        assert result.accepted_share == pytest.approx(2 / 3)

    def test_costs_are_shared_by_accepted_leads(
        self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period
    ) -> None:
        _accept(_handed_off("Ads", in_acme.now), seated, in_acme)
        _accept(_handed_off("Ads", in_acme.now), seated, in_acme)
        Campaign.objects.filter(name="Ads").update(cost=Decimal(900))

        assert campaigns.results(everything)[0].cost_per_accepted == Decimal(450)

    def test_only_the_last_verdict_on_a_lead_counts(
        self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period
    ) -> None:
        handoff = _handed_off("Ads", in_acme.now)
        _accept(handoff, seated, in_acme)
        _reject(handoff, seated, in_acme)

        result = campaigns.results(everything)[0]

        assert (result.accepted, result.rejected) == (0, 1)

    def test_leads_outside_the_period_are_left_out(self, in_acme: tenancy.Scope) -> None:
        leads.lead(at=in_acme.now, **leads.NURTURED, campaign="Ads")
        past = campaigns.Period(in_acme.now - timedelta(days=9), in_acme.now - timedelta(days=1))

        assert [result.leads for result in campaigns.results(past)] == [0]

    def test_leads_without_a_campaign_are_one_row(self, in_acme: tenancy.Scope, everything: campaigns.Period) -> None:
        leads.lead(at=in_acme.now, **leads.NURTURED)

        result = campaigns.results(everything, campaigns.NONE_ID)[0]

        assert (result.campaign, result.leads) == (None, 1)

    def test_the_total_adds_up(self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period) -> None:
        _reject(_handed_off("One", in_acme.now), seated, in_acme)
        _reject(_handed_off("Two", in_acme.now), seated, in_acme)

        whole = campaigns.total(campaigns.results(everything))

        assert (whole.leads, whole.rejected, whole.reasons) == (2, 2, {"timing": 2})


class TestRowsBehind:
    @pytest.mark.parametrize("what", ["leads", "handed_off", "accepted", "rejected", "won"])
    def test_are_as_many_as_the_figure(
        self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period, what: str
    ) -> None:
        _accept(_handed_off("Webinar", in_acme.now), seated, in_acme)
        _reject(_handed_off("Webinar", in_acme.now), seated, in_acme)
        leads.lead(at=in_acme.now, **leads.NURTURED, campaign="Webinar")
        result = campaigns.results(everything)[0]

        rows = campaigns.rows_behind(everything, what, result.campaign.pk)

        assert rows.count() == getattr(result, what)

    def test_can_be_narrowed_to_a_reason(
        self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period
    ) -> None:
        handoff = _handed_off("Webinar", in_acme.now)
        _reject(handoff, seated, in_acme)

        assert [r.pk for r in campaigns.rows_behind(everything, "rejected", None, "timing")] == [handoff.lead_id]
        assert list(campaigns.rows_behind(everything, "rejected", None, "price")) == []


class TestQuotes:
    def test_are_the_buyers_words(self, seated: Member, in_acme: tenancy.Scope, everything: campaigns.Period) -> None:
        _reject(_handed_off("Webinar", in_acme.now), seated, in_acme, quote="Call me in spring")
        _reject(_handed_off("Webinar", in_acme.now), seated, in_acme)

        assert [verdict.quote for verdict in campaigns.quotes(everything)] == ["Call me in spring"]
        assert Lead.objects.filter(state="returned").count() == 2
