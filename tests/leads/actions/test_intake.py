"""Leads on their way in: stored once, matched, scored, handed on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from handoff import queries as handoffs
from handoff.actions import giving
from handoff.models import Handoff
from leads.actions import intake
from leads.models import (
    AlternativeFact,
    Campaign,
    Company,
    IntakeRecord,
    Lead,
    LeadDefinition,
    Person,
    Score,
    SearchToken,
    Touchpoint,
)
from quotarider import tenancy
from sla.models import Clock
from tests.factories import leads as make

pytestmark = pytest.mark.django_db


def running(lead: Lead) -> list[str]:
    return sorted(Clock.objects.filter(lead=lead, met_at=None, cancelled_at=None).values_list("kind", flat=True))


@pytest.fixture
def now(in_acme: tenancy.Scope):
    return in_acme.now


@pytest.fixture
def seated_rep(rep, now):
    giving.add_seat(handoffs.default_team(), rep)
    return rep


class TestWhereLeadsGo:
    def test_below_the_threshold_marketing_has_it_with_a_review_clock(self, admin, now):
        lead = make.lead(at=now, **make.NURTURED)
        assert (lead.state, lead.owner, lead.is_flagged) == ("nurturing", admin, False)
        assert running(lead) == ["nurture_review"]

    def test_the_marketing_manager_answers_where_there_is_one(self, now, marketing_manager):
        assert make.lead(at=now).owner == marketing_manager

    def test_the_campaigns_owner_comes_first(self, now, marketing_manager, marketer):
        Campaign.objects.create(name="Spring", key="spring", owner=marketer, created_at=now)
        assert make.lead(at=now, campaign="Spring").owner == marketer

    def test_at_the_threshold_with_facts_missing_it_is_held(self, now):
        lead = make.lead(at=now, **make.HELD)
        assert (lead.state, lead.missing_facts) == ("held", ["company_name"])
        assert running(lead) == ["missing_facts"]

    def test_qualified_it_is_handed_to_the_rep_and_the_clock_runs(self, now, seated_rep):
        lead = make.lead(at=now, **make.QUALIFIED)
        assert (lead.state, lead.owner, lead.in_team_queue) == ("handed_off", seated_rep, False)
        assert (lead.score, lead.band, lead.persona, lead.qualified_at) == (80, "hot", "Owner or CEO", now)
        handoff = Handoff.objects.get(lead=lead)
        assert (handoff.epoch, handoff.owner, handoff.act_on) == (1, seated_rep, "first_touch")
        assert running(lead) == ["first_touch"]

    def test_without_reps_it_waits_in_the_teams_queue_under_its_manager(self, admin, now):
        lead = make.lead(at=now, **make.QUALIFIED)
        assert (lead.state, lead.owner, lead.in_team_queue) == ("handed_off", admin, True)
        assert running(lead) == ["first_touch"]

    def test_a_disqualifier_ends_it_with_its_reason(self, now):
        lead = make.lead(at=now, **make.DISQUALIFIED)
        assert (lead.state, lead.reason, lead.ended_at) == ("disqualified", "fit", now)
        assert Score.objects.get(lead=lead).lines["disqualified_by"] == "Student or job seeker"
        assert running(lead) == []

    def test_a_broken_definition_refuses_nobody(self, admin, now):
        LeadDefinition.objects.create(version=2, body={"rules": 5}, in_force_from=now, created_at=now)
        lead = make.lead(at=now, **make.QUALIFIED)
        assert (lead.state, lead.is_flagged, lead.score) == ("nurturing", True, None)
        assert running(lead) == ["nurture_review"]

    def test_a_batch_shares_out_evenly(self, now, seated_rep):
        make.receive(*(make.payload(**make.QUALIFIED | {"phone": ""}) for _ in range(3)), at=now)
        assert Handoff.objects.filter(owner=seated_rep).count() == 3
        assert Clock.objects.filter(kind="first_touch").count() == 3


class TestWhatIsStored:
    def test_the_payload_as_sent(self, now):
        sent = make.payload(anything={"nested": ["kept"]})
        make.receive(sent, at=now)
        record = IntakeRecord.objects.get()
        assert (record.payload, record.is_new_lead, record.received_at) == (sent, True, now)

    def test_the_score_with_its_explanation(self, now):
        lead = make.lead(at=now, **make.QUALIFIED)
        score = Score.objects.get(lead=lead)
        assert (score.score, score.fit, score.engagement, score.cause) == (80, 40, 40, "arrival")
        assert score.lines["lines"][0] == ["Asked for a demo", 40, "intent", f"1 × demo request, latest {now.date()}"]

    def test_touchpoints_with_their_campaigns(self, now):
        lead = make.lead(
            at=now, campaign="Spring", touchpoints=[{"kind": "webinar", "campaign": "Expo"}, {"kind": "form"}]
        )
        found = Touchpoint.objects.filter(lead=lead).order_by("kind").values_list("kind", "campaign__name")
        assert list(found) == [("form", "Spring"), ("webinar", "Expo")]

    def test_the_asset_of_a_lead_without_touchpoints_is_a_form(self, now):
        lead = make.lead(at=now, asset="Price list")
        assert Touchpoint.objects.get(lead=lead).kind == "form"

    def test_an_unknown_campaign_is_made(self, now):
        make.lead(at=now, campaign="Spring Fair", channel="event")
        assert Campaign.objects.get().channel == "event"

    def test_a_campaign_is_found_by_utm_values(self, now):
        known = Campaign.objects.create(name="Spring", key="spring", utm_campaign="spring-26", created_at=now)
        assert make.lead(at=now, utm_campaign="Spring_26").campaign == known

    def test_words_to_find_it_by(self, now):
        lead = make.lead(at=now, full_name="Zoë Groß", email="zoe@acme.com", external_id="crm-7")
        tokens = set(SearchToken.objects.filter(lead=lead).values_list("token", flat=True))
        assert {"zoe", "gross", "zoe@acme.com", "acme.com", "crm", "7"} <= tokens

    def test_the_company_of_the_address(self, now):
        first, second = make.lead(at=now, email="a@same.com"), make.lead(at=now, email="b@same.com")
        assert first.company == second.company
        assert first.company.domain == "same.com"

    def test_a_free_mail_address_makes_no_company(self, now):
        assert make.lead(at=now, email="someone@gmail.com", company_name="").company is None

    def test_names_in_any_script(self, now):
        lead = make.lead(at=now, full_name="محمد علي 🚀")
        assert lead.person.full_name == "محمد علي 🚀"


class TestRepeats:
    def test_the_same_key_twice_is_one_lead(self, now):
        sent = make.payload()
        one = intake.receive([make.arrival(sent, at=now, key="k1")], source=make.source(), at=now)[0]
        two = intake.receive([make.arrival(sent, at=now, key="k1")], source=make.source(), at=now)[0]
        assert (one.status, two.status, one.public_id) == ("created", "repeated", two.public_id)
        assert (Lead.objects.count(), IntakeRecord.objects.count()) == (1, 1)

    def test_a_key_used_for_something_else_is_refused(self, now):
        intake.receive_one(make.arrival(make.payload(), at=now, key="k1"), source=make.source(), at=now)
        with pytest.raises(intake.KeyReused):
            intake.receive_one(make.arrival(make.payload(), at=now, key="k1"), source=make.source(), at=now)
        assert Lead.objects.count() == 1

    def test_a_reused_key_costs_no_other_lead_of_its_batch(self, now):
        first = intake.receive_one(make.arrival(make.payload(), at=now, key="k1"), source=make.source(), at=now)
        batch = [make.arrival(make.payload(), at=now, key=key) for key in ("k0", "k1", "k2", "k2")]
        received = intake.receive(batch, source=make.source(), at=now)
        assert [one.status for one in received] == ["created", "conflict", "created", "conflict"]
        assert received[1].public_id == first.public_id
        assert Lead.objects.count() == 3

    def test_another_sources_key_is_another_key(self, now):
        for slug in ("website", "partner"):
            intake.receive([make.arrival(make.payload(), at=now, key="k1")], source=make.source(slug), at=now)
        assert Lead.objects.count() == 2

    def test_the_same_payload_with_an_id_is_a_repeat(self, now):
        sent = make.payload(external_id="crm-1")
        assert [make.receive(sent, at=now)[0].status for _ in range(2)] == ["created", "repeated"]

    def test_twins_in_one_batch_are_one_lead(self, now):
        sent = make.payload(external_id="crm-1")
        one, two = make.receive(sent, sent, at=now)
        assert (one.status, two.status, one.lead_id) == ("created", "repeated", two.lead_id)
        assert IntakeRecord.objects.count() == 1

    def test_the_same_id_with_other_content_joins(self, now):
        sent = make.payload(external_id="crm-1")
        make.receive(sent, at=now)
        joined = make.receive(sent | {"title": "CEO", "note": "Met at the fair"}, at=now)[0]
        lead = Lead.objects.get()
        assert (joined.status, lead.person.title, lead.note) == ("joined", "CEO", "Met at the fair")
        assert IntakeRecord.objects.filter(lead=lead).count() == 2


class TestTheSamePerson:
    def test_joins_the_open_lead_and_may_qualify_it(self, now):
        lead = make.lead(at=now, email="ann@acme.com", employees=120, title="CEO")
        assert lead.state == "nurturing"
        make.receive(make.payload(email="ANN@acme.com", touchpoints=[{"kind": "demo_request"}]), at=now)
        lead.refresh_from_db()
        assert (Lead.objects.count(), lead.state) == (1, "handed_off")
        assert running(lead) == ["first_touch"]

    def test_twice_in_one_batch_is_one_lead(self, now):
        one, two = make.receive(make.payload(email="ann@acme.com"), make.payload(email="Ann@Acme.com"), at=now)
        assert (one.status, two.status, one.lead_id) == ("created", "joined", two.lead_id)
        assert (Person.objects.count(), IntakeRecord.objects.count()) == (1, 2)

    def test_is_found_by_phone_where_an_address_is_missing(self, now):
        make.lead(at=now, email="ann@acme.com", phone="+49 30 9012345")
        joined = make.receive(make.payload(email="", company_name="", phone="0049 30 9012345"), at=now)[0]
        assert joined.status == "joined"

    def test_two_addresses_with_one_phone_are_two_people(self, now):
        make.lead(at=now, email="ann@acme.com", phone="+49 30 9012345")
        make.lead(at=now, email="ben@acme.com", phone="+49 30 9012345")
        assert Person.objects.count() == 2

    def test_after_the_end_a_new_interest_is_a_new_lead_of_the_same_person(self, now):
        first = make.lead(at=now, email="ann@acme.com", **make.DISQUALIFIED)
        Person.objects.update(title="")
        second = make.lead(at=now, email="ann@acme.com")
        assert first.pk != second.pk
        assert first.person_id == second.person_id

    def test_a_value_that_differs_is_kept_beside_ours(self, now):
        make.lead(at=now, email="ann@acme.com", title="CEO", employees=100)
        lead = make.lead(at=now, email="ann@acme.com", title="Founder", employees=250)
        assert (lead.person.title, lead.company.employees) == ("CEO", 100)
        beside = AlternativeFact.objects.order_by("field").values_list("field", "value", "told_by")
        assert list(beside.filter(field__in=["title", "employees"])) == [
            ("employees", "250", "Website"),
            ("title", "Founder", "Website"),
        ]

    def test_the_same_difference_is_kept_once(self, now):
        for _ in range(3):
            make.lead(at=now, email="ann@acme.com", full_name="Ann", company_name="Acme", title="CEO")
            make.lead(at=now, email="ann@acme.com", full_name="Ann", company_name="Acme", title="Founder")
        assert AlternativeFact.objects.filter(field="title").count() == 1

    def test_a_blank_is_filled_in(self, now):
        make.lead(at=now, email="ann@acme.com", company_name="")
        lead = make.lead(at=now, email="ann@acme.com", company_name="Acme", industry="Software")
        assert (lead.company.name, lead.company.industry) == ("Acme", "Software")

    def test_a_company_learned_later_is_the_leads_too(self, now):
        lead = make.lead(at=now, **make.HELD)
        make.receive(make.payload(email=lead.person.email, company_name="Acme"), at=now)
        lead.refresh_from_db()
        assert (lead.state, lead.company.name) == ("handed_off", "Acme")

    def test_two_people_of_a_company_complete_it_together(self, now):
        make.receive(make.payload(email="ann@acme.com"), make.payload(email="ben@acme.com"), at=now)
        make.receive(
            make.payload(email="ann@acme.com", industry="Software", company_name=""),
            make.payload(email="ben@acme.com", employees=70, company_name=""),
            at=now,
        )
        company = Company.objects.get(domain="acme.com")
        assert (company.industry, company.employees) == ("Software", 70)

    def test_a_new_address_under_the_senders_id_is_kept_beside(self, now):
        make.lead(at=now, external_id="crm-1", email="ann@acme.com")
        joined = make.receive(make.payload(external_id="crm-1", email="ann@new.com"), at=now)[0]
        assert (joined.status, Person.objects.get().email) == ("joined", "ann@acme.com")
        assert AlternativeFact.objects.get(field="email").value == "ann@new.com"

    def test_technologies_add_up(self, now):
        make.lead(at=now, email="ann@acme.com", technologies=["Django"])
        make.lead(at=now, email="ben@acme.com", technologies=["Django", "Kafka"])
        assert Company.objects.get(domain="acme.com").technologies == ["Django", "Kafka"]

    def test_a_name_that_changes_case_only_is_the_same_name(self, now):
        make.lead(at=now, email="ann@acme.com", full_name="Ann Lee", company_name="Acme")
        make.lead(at=now, email="ann@acme.com", full_name="ANN LEE", company_name="ACME")
        assert not AlternativeFact.objects.exists()


class TestHistoryAndOutcomes:
    def test_history_is_closed_and_has_no_clock(self, now):
        lead = make.lead(at=now, treat_as="history", **make.QUALIFIED)
        assert (lead.state, lead.ended_at) == ("closed_unknown", now)
        assert running(lead) == []

    def test_history_may_tell_its_outcome(self, now):
        won_at = now - timedelta(days=3)
        lead = make.lead(
            at=now,
            treat_as="history",
            arrived_at=(now - timedelta(days=9)).isoformat(),
            won_at=won_at.isoformat(),
            amount="1200.50",
        )
        assert (lead.state, lead.ended_at, lead.amount) == ("won", won_at, Decimal("1200.50"))

    def test_history_does_not_join_an_open_lead(self, now):
        make.lead(at=now, email="ann@acme.com")
        make.lead(at=now, email="ann@acme.com", treat_as="history")
        assert sorted(Lead.objects.values_list("state", flat=True)) == ["closed_unknown", "nurturing"]

    def test_an_outcome_told_later_closes_unknown_history(self, now):
        sent = make.payload(external_id="crm-1")
        make.receive(sent, at=now, treat_as="history")
        make.receive(sent | {"lost_reason": "Too expensive"}, at=now)
        assert Lead.objects.get().state == "lost"

    def test_an_outcome_told_later_ends_an_open_lead_and_its_clocks(self, now, seated_rep):
        lead = make.lead(at=now, external_id="crm-1", **make.QUALIFIED)
        make.receive(make.payload(email=lead.person.email, external_id="crm-1", outcome="won", amount=900), at=now)
        lead.refresh_from_db()
        assert (lead.state, lead.amount, running(lead)) == ("won", Decimal(900), [])
        assert Handoff.objects.get(lead=lead).ended_as == "ended"

    def test_a_known_outcome_stays(self, now):
        sent = make.payload(external_id="crm-1", outcome="won")
        make.receive(sent, at=now)
        make.receive(sent | {"outcome": "lost", "lost_reason": "Price"}, at=now)
        assert Lead.objects.get().state == "won"


class TestStatements:
    def test_a_qualified_lead_costs_few(self, now, seated_rep, django_assert_max_num_queries):
        make.lead(at=now, **make.QUALIFIED)
        arrivals = [make.arrival(make.payload(**make.QUALIFIED | {"phone": "", "campaign": "Spring"}), at=now)]
        source = make.source()
        with django_assert_max_num_queries(36):
            intake.receive(arrivals, source=source, at=now)

    def test_a_hundred_cost_no_more(self, now, seated_rep, django_assert_max_num_queries):
        arrivals = [make.arrival(make.payload(**make.QUALIFIED | {"phone": ""}), at=now) for _ in range(100)]
        source = make.source()
        with django_assert_max_num_queries(36):
            intake.receive(arrivals, source=source, at=now)
