import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import definition
from leads.rules.definition import (
    FACTS,
    ICP,
    OPS_BY_TYPE,
    SIGNAL_KINDS,
    Bands,
    Definition,
    Disqualifier,
    EngagementRule,
    FactType,
    FitRule,
    InvalidDefinition,
    Persona,
    Predicate,
    Trigger,
    predicates,
)

NAME = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)
NAMES = st.lists(NAME, unique=True, max_size=4).map(tuple)
WHOLE = st.integers(0, 10**6)


def smallest():
    return {"bands": {"hot": 80, "warm": 60}, "threshold": 60}


def with_predicate(fact, op, *values):
    rule = {"kind": "fit", "name": "A", "points": 5, "predicate": {"fact": fact, "op": op, "values": list(values)}}
    return {**smallest(), "rules": [rule]}


def with_engagement(**changes):
    rule = {"kind": "engagement", "name": "A", "signal": "form", "points": 5, "cap": 10, "half_life_days": 30}
    return {**smallest(), "rules": [rule | changes]}


def problems(data):
    with pytest.raises(InvalidDefinition) as caught:
        Definition.from_json(data)
    return caught.value.problems


def paths(data):
    return [path for path, _ in problems(data)]


def pairs_in_order(values=WHOLE):
    return st.tuples(values, values).map(sorted)


@st.composite
def some_predicates(draw):
    fact = draw(st.sampled_from(sorted(FACTS)))
    op = draw(st.sampled_from(OPS_BY_TYPE[FACTS[fact]]))
    if op in ("is_known", "is_unknown"):
        return Predicate(fact, op)
    if FACTS[fact] is FactType.FLAG:
        return Predicate(fact, op, (draw(st.booleans()),))
    if op == "between":
        return Predicate(fact, op, tuple(draw(pairs_in_order())))
    if op in ("at_least", "at_most"):
        return Predicate(fact, op, (draw(WHOLE),))
    one = (
        WHOLE if FACTS[fact] is FactType.NUMBER else st.sampled_from(["DE", "AT", "US"]) if fact == "country" else NAME
    )
    return Predicate(fact, op, tuple(draw(st.lists(one, min_size=1, max_size=3, unique=True))))


POINTS = st.integers(-100, 100).filter(bool)
FIT_RULES = st.builds(FitRule, NAME, some_predicates(), POINTS)
ENGAGEMENT_RULES = st.builds(
    EngagementRule,
    name=NAME,
    signal=st.sampled_from(SIGNAL_KINDS),
    points=POINTS,
    cap=st.integers(1, 100),
    half_life_days=st.integers(1, 400) | st.floats(0.25, 400),
    asset=st.none() | NAME,
    campaign=st.none() | NAME,
)


def some_rules(kinds=FIT_RULES | ENGAGEMENT_RULES):
    return st.lists(kinds, max_size=6, unique_by=lambda rule: rule.name).map(tuple)


@st.composite
def some_definitions(draw, rules=None):
    size, revenue, bands = draw(pairs_in_order()), draw(pairs_in_order()), draw(pairs_in_order(st.integers(0, 100)))
    personas = st.lists(st.builds(Persona, NAME, NAMES, NAMES, NAMES, st.text("ab")), unique_by=lambda each: each.name)
    icp = ICP(
        *(size[0], draw(st.sampled_from([None, size[1]])), draw(NAMES), ("DE", "US")[: draw(st.integers(0, 2))]),
        *(draw(NAMES), draw(NAMES), *revenue, tuple(draw(personas))[:3]),
        tuple(draw(st.lists(st.builds(Trigger, NAME, st.text("ab")), max_size=3, unique_by=lambda each: each.name))),
        tuple(draw(st.lists(st.builds(Disqualifier, NAME, some_predicates()), max_size=3))),
    )
    required = st.lists(st.sampled_from(sorted(FACTS)), unique=True).map(tuple)
    rules = draw(some_rules() if rules is None else rules)
    return Definition(icp, rules, Bands(bands[1], bands[0]), draw(st.integers(0, 100)), draw(required))


class TestJson:
    @given(some_definitions())
    def test_a_definition_comes_back_as_it_went(self, made):
        assert Definition.from_json(json.loads(json.dumps(made.to_json()))) == made

    def test_the_smallest_has_bands_and_a_threshold(self):
        assert Definition.from_json(smallest()) == Definition(ICP(), (), Bands(80, 60), 60, ())

    def test_rules_say_their_kind(self):
        made = Definition(
            ICP(),
            (FitRule("A", Predicate("phone", "is_known"), 5), EngagementRule("B", "form", 5, 10, 30)),
            Bands(80, 60),
            60,
        )
        assert made.to_json()["rules"] == [
            {"kind": "fit", "name": "A", "predicate": {"fact": "phone", "op": "is_known", "values": []}, "points": 5},
            {
                "kind": "engagement",
                "name": "B",
                "signal": "form",
                "points": 5,
                "cap": 10,
                "half_life_days": 30,
                "asset": None,
                "campaign": None,
            },
        ]

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_nonsense_is_refused_and_nothing_else_happens(self, data):
        with pytest.raises(InvalidDefinition):
            Definition.from_json(data)

    @given(st.data())
    def test_any_part_can_be_nonsense(self, data):
        whole = copy.deepcopy(definition.default_definition().to_json())
        part = data.draw(st.sampled_from([whole, whole["icp"], whole["bands"], whole["rules"][0], whole["rules"][-1]]))
        part[data.draw(st.sampled_from(sorted(part)))] = data.draw(
            st.sampled_from(
                [None, True, -1, 10**30, 1.5, float("nan"), "", "\0", "x" * 9000, [], [None], [{}], {}, {"a": 1}]
            )
        )
        try:
            made = Definition.from_json(whole)
        except InvalidDefinition as refused:
            told = refused.problems
        else:
            told = [("came back", "the same.")] if Definition.from_json(made.to_json()) == made else []
        assert told
        assert all(path and message.endswith(".") for path, message in told)


class TestWhatIsWrong:
    def test_all_of_it_is_told_at_once(self):
        assert problems({"icp": {"size_min": 5, "size_max": 2}, "rules": [{}], "threshold": "60", "typo": 1}) == [
            ("icp.size_min", "The lower bound is above the upper one. Swap them."),
            ("rules.0.kind", "Must be one of: fit, engagement."),
            ("bands.hot", "Missing. Give a whole number from 0 to 100."),
            ("bands.warm", "Missing. Give a whole number from 0 to 100."),
            ("threshold", "Must be a whole number from 0 to 100."),
            ("typo", "Unknown field. Remove it, or fix its spelling."),
        ]

    def test_the_message_of_the_error_names_each_field(self):
        with pytest.raises(InvalidDefinition, match=r"^threshold: Missing\. Give a whole number from 0 to 100\.$"):
            Definition.from_json({"bands": {"hot": 80, "warm": 60}})

    def test_warm_is_not_above_hot(self):
        assert problems(smallest() | {"bands": {"hot": 60, "warm": 61}}) == [
            ("bands.warm", "Above hot. Lower it, or raise hot.")
        ]

    def test_countries_are_codes(self):
        assert problems(smallest() | {"icp": {"countries": ["DE", "Germany"]}}) == [
            ("icp.countries.1", "Not a country code. Write two letters, like DE or US.")
        ]

    def test_names_are_told_apart(self):
        data = with_predicate("phone", "is_known")
        data["rules"] *= 2
        assert problems(data) == [("rules.1.name", "Another one has this name. Rename one of them.")]

    def test_lists_name_each_thing_once(self):
        assert problems(smallest() | {"required_facts": ["email", "email", "shoe_size"]}) == [
            ("required_facts.1", "Listed twice. Remove one."),
            ("required_facts.2", f"Must be one of: {', '.join(FACTS)}."),
        ]

    def test_text_is_what_a_database_can_hold(self):
        assert paths(smallest() | {"icp": {"industries": ["a\0", "\ud800"]}}) == [
            "icp.industries.0",
            "icp.industries.1",
        ]

    @pytest.mark.parametrize("points", [101, -101, 1.5, True, "5", None])
    def test_points_are_whole_and_at_most_100_either_way(self, points):
        assert paths(with_engagement(points=points)) == ["rules.0.points"]

    def test_points_are_not_zero(self):
        assert problems(with_engagement(points=0)) == [
            ("rules.0.points", "Zero has no effect. Give points, or remove the rule.")
        ]

    @pytest.mark.parametrize("half_life", [0, -1, 4000, float("nan"), float("inf"), "30", None, True])
    def test_a_half_life_is_above_zero_and_within_ten_years(self, half_life):
        assert problems(with_engagement(half_life_days=half_life)) == [
            ("rules.0.half_life_days", "Must be a number above 0, at most 3,650.")
        ]

    def test_a_cap_is_at_least_one(self):
        assert paths(with_engagement(cap=0)) == ["rules.0.cap"]

    def test_a_signal_is_of_a_known_kind(self):
        assert paths(with_engagement(signal="fax")) == ["rules.0.signal"]

    @pytest.mark.parametrize(
        "fact, op, values, message",
        [
            ("employees", "between", [5, 2], "The lower bound is above the upper one. Swap them."),
            ("employees", "between", [5], "Give two values, the lower and the upper bound."),
            ("employees", "at_least", [5, 6], "Give one value."),
            ("employees", "in", ["5"], "Not all of them fit the fact. Give only whole numbers from 0."),
            ("employees", "in", [True], "Not all of them fit the fact. Give only whole numbers from 0."),
            ("title", "in", [], "Give one value or more."),
            ("title", "in", [5], "Not all of them fit the fact. Give only texts."),
            ("free_mail", "in", [True, False], "Give one value."),
            ("free_mail", "in", ["yes"], "Not all of them fit the fact. Give only true or false."),
            ("phone", "is_known", ["x"], "Give no values: only whether it is known counts."),
        ],
    )
    def test_values_suit_the_operator(self, fact, op, values, message):
        assert problems(with_predicate(fact, op, *values)) == [("rules.0.predicate.values", message)]

    def test_texts_in_a_condition_say_something_and_countries_are_codes(self):
        assert paths(with_predicate("title", "in", "a", " ")) == ["rules.0.predicate.values.1"]
        assert paths(with_predicate("country", "not_in", "DE", "Mars")) == ["rules.0.predicate.values.1"]

    @pytest.mark.parametrize("fact, op", [("title", "between"), ("employees", "contains_any"), ("technologies", "in")])
    def test_the_operator_suits_the_fact(self, fact, op):
        assert "rules.0.predicate.op" in paths(with_predicate(fact, op, 1))

    def test_a_disqualifier_has_a_reason(self):
        data = smallest() | {"icp": {"disqualifiers": [{"predicate": {"fact": "phone", "op": "is_unknown"}}]}}
        assert problems(data) == [("icp.disqualifiers.0.reason", "Missing. Give it a text.")]


class TestPredicates:
    @pytest.mark.parametrize(
        "fact, op, values, known, holds",
        [
            ("country", "in", ("DE", "AT"), "de", True),
            ("country", "in", ("DE", "AT"), "US", False),
            ("country", "not_in", ("DE",), "US", True),
            ("country", "not_in", ("DE",), "DE", False),
            ("industry", "in", ("Café",), " cafe ", True),
            ("title", "contains_any", ("cto",), "CTO, EMEA", True),
            ("title", "contains_any", ("cto",), "Director", False),
            ("title", "contains_any", ("head of sales",), "Global Head  of Sales", True),
            ("title", "contains_any", ("co-founder",), "Co Founder & CEO", True),
            ("title", "contains_any", ("geschäftsführer",), "GESCHÄFTSFÜHRER", True),
            ("title", "contains_any", ("部長",), "営業部長", True),
            ("title", "contains_any", ("!!",), "anything", False),
            ("employees", "between", (50, 500), 50, True),
            ("employees", "between", (50, 500), 500, True),
            ("employees", "between", (50, 500), 501, False),
            ("employees", "at_least", (0,), 0, True),
            ("employees", "at_most", (4,), 5, False),
            ("employees", "in", (1, 3), 3, True),
            ("employees", "not_in", (1, 3), 2, True),
            ("technologies", "contains_any", ("AWS",), ("azure", "aws"), True),
            ("technologies", "contains_any", ("AWS",), ("aws lambda",), False),
            ("technologies", "not_in", ("AWS",), ("azure",), True),
            ("technologies", "not_in", ("AWS",), ("azure", "aws"), False),
            ("free_mail", "in", (True,), True, True),
            ("free_mail", "in", (True,), False, False),
            ("free_mail", "in", (False,), False, True),
            ("free_mail", "is_known", (), False, True),
            ("employees", "is_known", (), 0, True),
            ("phone", "is_known", (), "  ", False),
            ("technologies", "is_known", (), (), False),
            ("phone", "is_unknown", (), None, True),
        ],
    )
    def test_hold_or_do_not(self, fact, op, values, known, holds):
        assert predicates.holds(Predicate(fact, op, values), {fact: known}) is holds

    @given(some_predicates())
    def test_an_unknown_fact_meets_only_is_unknown(self, predicate):
        for facts in ({}, {predicate.fact: None}):
            assert predicates.holds(predicate, facts) is (predicate.op == "is_unknown")

    @given(some_predicates(), st.none() | st.booleans() | WHOLE | NAME | NAMES)
    def test_a_fact_of_another_type_breaks_nothing(self, predicate, value):
        assert predicates.holds(predicate, {predicate.fact: value}) in (True, False)

    @pytest.mark.parametrize(
        "predicate, words",
        [
            (Predicate("country", "in", ("DE", "AT")), "Country is one of DE, AT"),
            (Predicate("country", "not_in", ("DE",)), "Country is none of DE"),
            (Predicate("employees", "between", (50, 1500)), "Company size is between 50 and 1,500"),
            (Predicate("revenue", "at_least", (1_000_000,)), "Revenue is at least 1,000,000"),
            (Predicate("employees", "at_most", (4,)), "Company size is at most 4"),
            (Predicate("title", "contains_any", ("CEO", "owner")), "Job title contains any of CEO, owner"),
            (Predicate("phone", "is_known"), "Phone is known"),
            (Predicate("phone", "is_unknown"), "Phone is unknown"),
            (Predicate("free_mail", "in", (True,)), "Free-mail address: yes"),
            (Predicate("free_mail", "in", (False,)), "Free-mail address: no"),
        ],
    )
    def test_can_be_said_in_words(self, predicate, words):
        assert definition.predicate_in_words(predicate) == words

    def test_braces_in_a_value_stay_as_they_are(self):
        assert definition.predicate_in_words(Predicate("title", "in", ("{0}",))) == "Job title is one of {0}"


class TestTheTemplate:
    def test_has_the_agreed_numbers(self):
        made = definition.default_definition()
        assert (made.threshold, made.bands, made.required_facts) == (60, Bands(80, 60), ("email", "company_name"))

    def test_is_made_once(self):
        assert definition.default_definition() is definition.default_definition()

    def test_every_fact_has_a_label(self):
        assert set(definition.LABELS) == set(FACTS)
