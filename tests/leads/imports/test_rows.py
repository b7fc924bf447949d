"""One row of a file: dates in the workspace's zone, amounts, ranges, outcomes in words, all problems at once."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.forms.imports import LABELS
from leads.rules import rows, tabular
from leads.rules.tabular import Row

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def read(day_first: bool | None = None, campaign: str = "", **cells: str) -> rows.ReadRow:
    """A row whose columns are named "my <field>"."""
    mapping = {f"my {field}": field for field in cells}
    how = rows.Reading(
        columns=rows.columns_of(list(mapping), mapping),
        tz=ZoneInfo("Europe/Berlin"),
        default_country="DE",
        currency="EUR",
        campaign=campaign,
        day_first=day_first,
    )
    return rows.read(Row(7, tuple(cells.values()), None), how, at=AT)


def refused(**cells: str) -> tuple[str, str]:
    with pytest.raises(rows.RefusedRow) as problem:
        read(**cells)
    return problem.value.field, problem.value.message


class TestCells:
    def test_instants_are_in_the_workspaces_zone(self) -> None:
        assert read(email="a@x.example", arrived_at="2018-02-01").candidate.arrived_at == datetime(
            2018, 1, 31, 23, tzinfo=UTC
        )

    def test_an_offset_of_its_own_counts(self) -> None:
        found = read(email="a@x.example", arrived_at="2018-02-01T00:00:00Z").candidate
        assert found.arrived_at == datetime(2018, 2, 1, tzinfo=UTC)

    @pytest.mark.parametrize("day_first, month", [(True, 4), (False, 3)])
    def test_a_date_that_reads_two_ways_is_read_as_told(self, day_first: bool, month: int) -> None:
        found = read(day_first=day_first, email="a@x.example", arrived_at="3/4/2024 14:30").candidate
        assert found.arrived_at is not None
        assert found.arrived_at.month == month

    def test_a_date_that_reads_two_ways_is_refused_otherwise(self) -> None:
        field, message = refused(email="a@x.example", arrived_at="3/4/2024")
        assert (field, "two ways" in message) == ("my arrived_at", True)

    def test_amounts_as_people_write_them(self) -> None:
        assert read(external_id="1", amount="€ 1.234,56").candidate.amount == Decimal("1234.56")

    @pytest.mark.parametrize(
        "cell, count",
        [
            ("1,200", 1200),
            ("51-200", 51),
            ("1.001–5.000", 1001),
            ("11 to 50", 11),
            ("1000+", 1000),
            ("> 500", 500),
            ("51-200 employees", 51),
            ("30 Mitarbeiter", 30),
            ("12.0", 12),
        ],
    )
    def test_of_a_range_the_lower_end(self, cell: str, count: int) -> None:
        assert read(external_id="1", employees=cell).candidate.employees == count

    @pytest.mark.parametrize("cell", ["many", "-5", "10 million", "5k"])
    def test_what_is_no_number_is_refused(self, cell: str) -> None:
        assert refused(external_id="1", employees=cell)[0] == "my employees"

    def test_technologies_are_split(self) -> None:
        found = read(external_id="1", technologies="SAP; HubSpot, Python").candidate
        assert found.technologies == ("SAP", "HubSpot", "Python")

    @pytest.mark.parametrize("cell", ["", "NULL", "N/A", "-", "  "])
    def test_blank_is_not_told(self, cell: str) -> None:
        assert read(external_id="1", title=cell).payload == {"external_id": "1"}

    def test_the_guard_of_our_own_reports_is_taken_off(self) -> None:
        assert read(external_id="1", phone="'+49 30 901820").candidate.phone_norm == "+4930901820"

    def test_a_row_that_names_no_campaign_has_that_of_the_import(self) -> None:
        assert read(external_id="1", campaign="Fair").candidate.campaign == "Fair"


class TestOutcomes:
    @pytest.mark.parametrize(
        "cell, outcome",
        [("Closed Won", "won"), ("gewonnen", "won"), ("Perdido", "lost"), ("unknown", "unknown"), ("In Progress", "")],
    )
    def test_in_words(self, cell: str, outcome: str) -> None:
        assert read(external_id="1", outcome=cell, lost_reason="price").candidate.outcome in (outcome, "lost")
        assert read(external_id="1", outcome=cell, lost_reason="price").payload.get("outcome", "") == outcome

    def test_won_at_tells_won(self) -> None:
        found = read(external_id="1", won_at="2018-02-26 19:58:54", amount="10").candidate
        assert (found.outcome, found.ended_at) == ("won", datetime(2018, 2, 26, 18, 58, 54, tzinfo=UTC))

    def test_lost_needs_its_reason(self) -> None:
        assert refused(external_id="1", outcome="lost")[0] == "lost_reason"

    def test_won_before_it_arrived_is_refused(self) -> None:
        field, message = refused(external_id="1", arrived_at="2018-03-08", won_at="2018-03-06 19:38:55")
        assert (field, message) == ("my won_at", "This lies before the lead arrived.")

    def test_won_on_the_day_it_arrived_is_not_before(self) -> None:
        found = read(external_id="1", arrived_at="2018-03-08 14:00", won_at="2018-03-08").candidate
        assert found.ended_at == found.arrived_at

    def test_an_amount_in_another_currency_is_refused(self) -> None:
        assert refused(external_id="1", amount="10", currency="USD")[0] == "my currency"
        assert read(external_id="1", amount="10", currency="eur").candidate.amount == 10


class TestProblems:
    def test_all_at_once_under_the_names_of_the_columns(self) -> None:
        field, message = refused(email="nonsense", arrived_at="yesterday", employees="many")
        assert set(field.split(", ")) == {"my email", "my arrived_at", "my employees"}
        assert all(f"{name}: " in message for name in field.split(", "))

    def test_a_row_that_does_not_fit_its_header(self) -> None:
        how = rows.Reading((), ZoneInfo("UTC"), "", "EUR")
        with pytest.raises(rows.RefusedRow) as problem:
            rows.read(Row(7, ("a",), "Has 1 cells"), how, at=AT)
        assert (problem.value.field, problem.value.message) == ("", "Has 1 cells")

    @given(st.dictionaries(st.sampled_from(rows.FIELDS), st.text(max_size=40), min_size=1, max_size=8))
    def test_any_row_is_read_or_refused(self, cells: dict[str, str]) -> None:
        refusal: rows.RefusedRow | None = None
        try:
            assert len(read(**cells).digest) == 64
        except rows.RefusedRow as problem:
            refusal = problem
        if refusal:
            assert 0 < len(refusal.message) <= rows.MAX_MESSAGE
            assert len(refusal.field) <= rows.MAX_FIELD


class TestHints:
    def table(self, *cells: str) -> list[Row]:
        return [Row(n, (cell,), None) for n, cell in enumerate(cells)]

    @pytest.mark.parametrize(
        "cells, day_first",
        [
            (("3/4/2024", "25/4/2024"), True),
            (("3/4/2024", "4/25/2024"), False),
            (("3/4/2024",), None),
            (("25/4/2024", "4/25/2024"), None),
            (("2024-04-25",), None),
        ],
    )
    def test_how_dates_are_meant_is_seen_in_other_rows(self, cells: tuple[str, ...], day_first: bool | None) -> None:
        assert rows.guess_day_first(self.table(*cells)) is day_first

    def test_samples_are_three_different_values(self) -> None:
        assert rows.samples(self.table("a", "a", "", " b ", "c" * 90, "d"), 1) == [["a", "b", "c" * 60]]

    def test_every_field_has_a_way_to_be_chosen(self) -> None:
        assert set(LABELS) == set(rows.FIELDS)
        assert set(rows.FIELDS) == set(tabular.FIELDS) - {"consent"}
