import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.rules import business_time, ladder
from sla.rules.calendar import Calendar
from sla.rules.ladder import InvalidLadder, Ladder, Rung

BERLIN = Calendar("Europe/Berlin", dict.fromkeys(range(5), (("09:00", "17:00"),)))
LATE = Rung("late", share=1)
MINUTE = timedelta(minutes=1)

shares = st.floats(0, 1, exclude_min=True)
offsets = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
others = st.sampled_from([kind for kind in ladder.KINDS if kind != "late"])
rungs = st.builds(Rung, others, share=shares) | st.builds(Rung, others, after=offsets)
ladders = st.sets(rungs, max_size=6).map(lambda some: Ladder((*some, LATE)))


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


class TestRung:
    @pytest.mark.parametrize(
        "field, values",
        [
            ("kind", {"kind": "shout", "share": 0.5}),
            ("kind", {"kind": None, "share": 0.5}),
            ("share", {"kind": "warn"}),
            ("share", {"kind": "warn", "share": 0.5, "after": MINUTE}),
            ("share", {"kind": "warn", "share": 0}),
            ("share", {"kind": "warn", "share": -0.5}),
            ("share", {"kind": "warn", "share": 1.01}),
            ("share", {"kind": "warn", "share": float("nan")}),
            ("after", {"kind": "warn", "after": timedelta(0)}),
            ("after", {"kind": "warn", "after": -MINUTE}),
            ("after", {"kind": "warn", "after": timedelta(seconds=1, microseconds=1)}),
            ("share", {"kind": "late", "share": 0.9}),
            ("share", {"kind": "late", "after": MINUTE}),
        ],
    )
    def test_refuses_what_cannot_be_meant(self, field, values):
        with pytest.raises(InvalidLadder) as caught:
            Rung(**values)
        assert caught.value.field == field
        assert caught.value.remedy


class TestLadder:
    def test_sorts_its_rungs_by_time_and_the_milder_first(self):
        given_ = [
            Rung("tell_revops", after=60 * MINUTE),
            Rung("tell_manager", share=1),
            Rung("reassign", after=15 * MINUTE),
            LATE,
            Rung("warn", share=0.8),
            Rung("remind", share=0.5),
        ]
        kinds = [rung.kind for rung in Ladder(tuple(given_)).rungs]
        assert kinds == ["remind", "warn", "late", "tell_manager", "reassign", "tell_revops"]

    def test_may_remind_twice(self):
        assert len(Ladder((Rung("remind", share=0.2), Rung("remind", share=0.5), LATE)).rungs) == 3

    def test_refuses_the_same_rung_twice(self):
        with pytest.raises(InvalidLadder, match="warn is there twice"):
            Ladder((Rung("warn", share=0.5), LATE, Rung("warn", share=0.5)))

    @pytest.mark.parametrize("some", [(), (Rung("warn", share=0.5),)])
    def test_refuses_to_never_become_late(self, some):
        with pytest.raises(InvalidLadder, match="never become late"):
            Ladder(some)

    def test_is_hashable_and_equal_by_value(self):
        assert len({Ladder.default(), Ladder(tuple(reversed(Ladder.default().rungs)))}) == 1


class TestJson:
    def test_of_the_default(self):
        assert Ladder.default().to_json() == [
            {"kind": "remind", "share": 0.5},
            {"kind": "warn", "share": 0.8},
            {"kind": "late", "share": 1},
            {"kind": "reassign", "after_seconds": 900},
            {"kind": "tell_revops", "after_seconds": 3600},
        ]

    @pytest.mark.parametrize(
        "field, value",
        [
            ("rungs", {}),
            ("rungs", None),
            ("rungs", []),
            ("rungs.1.rung", [LATE.to_json(), "warn"]),
            ("rungs.1.kind", [LATE.to_json(), {"share": 0.5}]),
            ("rungs.1.kind", [LATE.to_json(), {"kind": ["warn"], "share": 0.5}]),
            ("rungs.0.share", [{"kind": "warn", "share": "0.5"}]),
            ("rungs.0.share", [{"kind": "warn", "share": True}]),
            ("rungs.0.share", [{"kind": "warn", "share": 50}]),
            ("rungs.0.after_seconds", [{"kind": "warn", "after_seconds": 1.5}]),
            ("rungs.0.after_seconds", [{"kind": "warn", "after_seconds": 0}]),
            ("rungs.0.after_seconds", [{"kind": "warn", "after_seconds": 10**30}]),
            ("rungs.0.after", [{"kind": "warn", "after": 900}]),
        ],
    )
    def test_refusals_name_the_place_and_the_remedy(self, field, value):
        with pytest.raises(InvalidLadder) as caught:
            Ladder.from_json(value)
        assert caught.value.field == field
        assert caught.value.remedy

    @given(ladders)
    @settings(deadline=None, database=None)
    def test_comes_back_as_it_went(self, some):
        assert Ladder.from_json(json.loads(json.dumps(some.to_json()))) == some


class TestInstants:
    def test_of_the_default_over_a_weekend(self):
        found = ladder.instants(BERLIN, local("2025-06-13 16:50"), 15 * MINUTE, Ladder.default())
        assert found == (
            local("2025-06-13 16:57:30"),
            local("2025-06-16 09:02"),
            local("2025-06-16 09:05"),
            local("2025-06-16 09:20"),
            local("2025-06-16 10:05"),
        )
        assert {instant.tzinfo for instant in found} == {UTC}

    def test_stand_still_while_the_member_is_away(self):
        away = ((local("2025-06-16 10:10"), local("2025-06-16 13:10")),)
        found = ladder.instants(BERLIN, local("2025-06-16 10:00"), 15 * MINUTE, Ladder.default(), away)
        assert [f"{instant.astimezone(BERLIN.zone):%H:%M:%S}" for instant in found] == [
            "10:07:30",
            "13:12:00",
            "13:15:00",
            "13:30:00",
            "14:15:00",
        ]

    @given(ladders, st.timedeltas(timedelta(0), timedelta(days=3)), st.integers(0, 20_000))
    @settings(deadline=None, database=None)
    def test_never_decrease_and_are_late_exactly_at_the_deadline(self, some, business, minutes):
        start = local("2025-03-28 16:50") + minutes * MINUTE
        found = ladder.instants(BERLIN, start, business, some)
        assert len(found) == len(some.rungs)
        assert list(found) == sorted(found)
        assert found[some.rungs.index(LATE)] == business_time.deadline(BERLIN, start, business)
