from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import scoring
from leads.rules.definition import (
    FACTS,
    ICP,
    SIGNAL_KINDS,
    Bands,
    Definition,
    Disqualifier,
    EngagementRule,
    FactType,
    FitRule,
    Persona,
    Predicate,
    default_definition,
)
from leads.rules.scoring import Line, Scored, Signal

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def defined(*rules, icp=ICP(), required=()):
    return Definition(icp, rules, Bands(hot=80, warm=60), 60, required)


def fit(points, name="Phone known"):
    return FitRule(name, Predicate("phone", "is_known"), points)


def webinars(points=10, cap=100, half_life_days=10, **narrowing):
    return EngagementRule("Webinars", "webinar", points, cap, half_life_days, **narrowing)


def signal(days_ago=0.0, kind="webinar", asset=None, campaign=None):
    return Signal(kind, asset, campaign, AT - days_ago * DAY)


def points(rule, *signals):
    return scoring.score(defined(rule), {}, signals, AT).engagement


KNOWN = {"phone": "+4930901820"}

FIT_RULES = st.builds(
    lambda number, least, given: FitRule(f"Fit {number}", Predicate("employees", "at_least", (least,)), given),
    st.integers(),
    st.integers(0, 10),
    st.integers(-100, 100).filter(bool),
)


def some_engagement_rules(given=st.integers(-100, 100).filter(bool)):
    return st.builds(
        lambda number, kind, given, cap, half_life: EngagementRule(f"Intent {number}", kind, given, cap, half_life),
        st.integers(),
        st.sampled_from(SIGNAL_KINDS[:3]),
        given,
        st.integers(1, 100),
        st.floats(0.5, 90),
    )


def some_definitions(rules=FIT_RULES | some_engagement_rules()):
    return st.lists(rules, max_size=8).map(lambda found: defined(*found))


FACTS_FOUND = st.fixed_dictionaries({"employees": st.none() | st.integers(0, 12)})
SIGNALS = st.lists(
    st.builds(
        lambda kind, seconds: Signal(kind, None, None, AT + timedelta(seconds=seconds)),
        st.sampled_from(SIGNAL_KINDS[:3]),
        st.floats(-90 * 86400, 86400),
    ),
    max_size=8,
)


class TestLaws:
    @given(some_definitions(), FACTS_FOUND, SIGNALS, st.randoms(use_true_random=False))
    def test_the_order_of_signals_does_not_matter(self, definition, facts, signals, random):
        shuffled = random.sample(signals, len(signals))
        assert scoring.score(definition, facts, signals, AT) == scoring.score(definition, facts, shuffled, AT)

    @given(some_definitions(), FACTS_FOUND, SIGNALS)
    def test_lines_add_up_to_the_unclamped_score_and_that_clamped_is_the_score(self, definition, facts, signals):
        scored = scoring.score(definition, facts, signals, AT)
        assert sum(line.points for line in scored.lines if line.kind == "fit") == scored.fit
        assert sum(line.points for line in scored.lines if line.kind == "intent") == scored.engagement
        assert scored.score == max(0, min(100, sum(line.points for line in scored.lines)))
        assert all(type(line.points) is int and line.points for line in scored.lines)

    @given(some_definitions(FIT_RULES | some_engagement_rules(st.integers(1, 100))), FACTS_FOUND, SIGNALS, SIGNALS)
    def test_more_positive_signals_never_lower_it(self, definition, facts, signals, more):
        before = scoring.score(definition, facts, signals, AT)
        after = scoring.score(definition, facts, signals + more, AT)
        assert after.engagement >= before.engagement
        assert after.score >= before.score

    @given(some_definitions(some_engagement_rules(st.integers(1, 100))), SIGNALS, st.floats(1, 100), st.floats(0, 100))
    def test_it_never_rises_by_waiting(self, definition, signals, days, more):
        sooner = scoring.score(definition, {}, signals, AT + days * DAY)
        later = scoring.score(definition, {}, signals, AT + days * DAY + more * DAY)
        assert later.score <= sooner.score
        assert later.engagement <= sooner.engagement

    @given(some_definitions(some_engagement_rules()), SIGNALS)
    def test_no_rule_gives_more_than_its_cap_either_way(self, definition, signals):
        caps = {rule.name: rule.cap for rule in definition.rules}
        if len(caps) == len(definition.rules):
            lines = scoring.score(definition, {}, signals, AT).lines
            assert all(abs(line.points) <= caps[line.rule] for line in lines)

    @given(st.dictionaries(st.sampled_from(sorted(FACTS)), st.none() | st.text(max_size=20) | st.integers()), SIGNALS)
    def test_the_template_scores_whatever_comes(self, facts, signals):
        typed = {
            name: value
            for name, value in facts.items()
            if value is None or (FACTS[name] is FactType.TEXT) == isinstance(value, str)
        }
        assert 0 <= scoring.score(default_definition(), typed, signals, AT).score <= 100


class TestEngagement:
    def test_a_signal_of_now_gives_all_its_points(self):
        assert points(webinars(), signal()) == 10

    @pytest.mark.parametrize("days, given", [(10, 50), (20, 25), (30, 12), (40, 6), (50, 3), (100, 0)])
    def test_points_halve_with_each_half_life(self, days, given):
        assert points(webinars(100), signal(days)) == given  # 12.5 -> 12: half to even; 6.25, 3.125, 0.098

    def test_what_a_rule_gives_is_rounded_once_not_by_signal(self):
        assert points(webinars(1), signal(20), signal(20), signal(20)) == 1  # 0.75

    @pytest.mark.parametrize("given, whole", [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2)])
    def test_halves_round_to_even(self, given, whole):
        assert points(webinars(given), signal(10)) == whole

    def test_signals_add_up_to_the_cap(self):
        assert points(webinars(10, cap=25), signal(), signal()) == 20
        assert points(webinars(10, cap=25), signal(), signal(), signal()) == 25

    def test_a_negative_rule_is_capped_below(self):
        assert points(webinars(-10, cap=15), signal(), signal()) == -15

    def test_what_has_not_happened_yet_does_not_count(self):
        assert points(webinars(), signal(-0.001)) == 0

    def test_other_kinds_do_not_count(self):
        assert points(webinars(), signal(kind="form")) == 0

    @pytest.mark.parametrize("asset, given", [("Pricing Guide", 10), (" pricing guide", 10), ("other", 0), (None, 0)])
    def test_a_rule_can_be_about_one_asset(self, asset, given):
        assert points(webinars(asset="pricing guide"), signal(asset=asset)) == given

    @pytest.mark.parametrize("campaign, given", [("SPRING", 10), ("autumn", 0), (None, 0)])
    def test_a_rule_can_be_about_one_campaign(self, campaign, given):
        assert points(webinars(campaign="Spring"), signal(campaign=campaign)) == given

    def test_instants_of_other_zones_are_the_same_instants(self):
        there = Signal("webinar", None, None, AT.astimezone(timezone(timedelta(hours=9))))
        assert points(webinars(), there) == 10


class TestScored:
    def test_explains_itself(self):
        scored = scoring.score(defined(fit(15), webinars(40, cap=50)), KNOWN, [signal(3), signal(1)], AT)
        assert scored == Scored(
            score=65,
            fit=15,
            engagement=50,
            band="warm",
            lines=(
                Line("Phone known", 15, "fit", "Phone is known"),
                Line("Webinars", 50, "intent", "2 × webinar, latest 2026-04-30, capped"),
            ),
            disqualified_by=None,
            persona=None,
        )

    def test_knows_nothing_of_a_lead_that_nobody_knows(self):
        assert scoring.score(defined(fit(15), webinars()), {}, [], AT) == Scored(0, 0, 0, "cold", (), None, None)

    def test_is_at_most_100_and_at_least_0(self):
        assert scoring.score(defined(fit(60, "A"), fit(70, "B")), KNOWN, [], AT)[:3] == (100, 130, 0)
        assert scoring.score(defined(fit(-20)), KNOWN, [], AT)[:3] == (0, -20, 0)

    @pytest.mark.parametrize("given, band", [(59, "cold"), (60, "warm"), (79, "warm"), (80, "hot"), (100, "hot")])
    def test_has_a_band(self, given, band):
        assert scoring.score(defined(fit(given)), KNOWN, [], AT).band == band

    def test_a_definition_is_compiled_once(self):
        definition, equal = defined(fit(1)), defined(fit(1))
        assert scoring.compile_definition(definition) is scoring.compile_definition(definition)
        assert scoring.compile_definition(equal) is not scoring.compile_definition(definition)
        assert scoring.score(equal, KNOWN, [], AT) == scoring.score(definition, KNOWN, [], AT)


class TestDisqualified:
    ICP = ICP(
        disqualifiers=(
            Disqualifier("Student", Predicate("title", "contains_any", ("student",))),
            Disqualifier("Embargo", Predicate("country", "not_in", ("DE", "US"))),
        )
    )

    @pytest.mark.parametrize(
        "facts, reason",
        [
            ({"title": "PhD student", "country": "FR"}, "Student"),
            ({"title": "CEO", "country": "FR"}, "Embargo"),
            ({"title": "CEO", "country": "DE"}, None),
            ({}, None),
        ],
    )
    def test_by_the_first_reason_that_holds(self, facts, reason):
        assert scoring.score(defined(icp=self.ICP), facts, [], AT).disqualified_by == reason


class TestPersona:
    ICP = ICP(
        personas=(
            Persona("Boss", roles=("ceo", "owner")),
            Persona("Sales boss", roles=("ceo", "head of sales"), departments=("Sales",)),
            Persona("Any director", seniorities=("Director",)),
            Persona("Nobody"),
        )
    )

    @pytest.mark.parametrize(
        "facts, persona",
        [
            ({"title": "CEO"}, "Boss"),
            ({"title": "CEO", "department": "sales"}, "Sales boss"),
            ({"title": "CEO", "department": "IT"}, "Boss"),
            ({"title": "Head of Sales"}, "Sales boss"),
            ({"department": "Sales"}, "Sales boss"),
            ({"title": "Intern", "department": "Sales"}, None),
            ({"title": "Intern", "seniority": "director"}, "Any director"),
            ({}, None),
        ],
    )
    def test_is_the_one_that_most_known_facts_fit(self, facts, persona):
        assert scoring.score(defined(icp=self.ICP), facts, [], AT).persona == persona


class TestMissingFacts:
    def test_are_those_required_that_nobody_knows(self):
        definition = defined(required=("phone", "email", "employees", "technologies"))
        facts = {"email": " ", "employees": 0, "technologies": ()}
        assert scoring.missing_facts(definition, facts) == ("phone", "email", "technologies")
        assert scoring.missing_facts(definition, facts | KNOWN | {"email": "a@b.co", "technologies": ("aws",)}) == ()
