from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import tabular
from leads.rules.normalise import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")


def instant(text, tz=UTC):
    return tabular.parse_instant(text, tz)


def message(function, *arguments):
    with pytest.raises(InvalidValue) as caught:
        function(*arguments)
    return caught.value.message


class TestInstant:
    @pytest.mark.parametrize(
        "text",
        [
            "2018-02-26 19:58:54",
            "2018-02-26T19:58:54",
            "2018-02-26T19:58:54Z",
            "2018-02-26 19:58:54.000 UTC",
            "2018-02-26T20:58:54+01:00",
            "2018-02-26T20:58:54+0100",
            "2018-02-26 20:58:54+01",
            "2018-02-26T14:58:54-05:00",
            "2018/02/26 19:58:54",
            "26.02.2018 19:58:54",
            "26.2.2018, 19:58:54",
            "26/02/2018 19:58:54",
            "02/26/2018 7:58:54 PM",
            "2-26-2018 07:58:54 p.m.",
            "1519675134",
            "1519675134000",
            "20180226T195854".replace("T195854", "T19:58:54"),
            " 2018-02-26 19:58:54 ",
        ],
    )
    def test_is_read_in_every_usual_form(self, text):
        found = instant(text)
        assert found == datetime(2018, 2, 26, 19, 58, 54, tzinfo=UTC)
        assert found.tzinfo is UTC

    @pytest.mark.parametrize("text", ["2018-02-26", "26.02.2018", "26/2/2018", "2/26/2018", "20180226"])
    def test_a_date_is_its_first_moment_in_the_zone(self, text):
        assert instant(text, BERLIN) == datetime(2018, 2, 25, 23, tzinfo=UTC)

    def test_a_time_without_offset_is_of_the_zone(self):
        assert instant("2018-07-01 12:00", BERLIN) == datetime(2018, 7, 1, 10, tzinfo=UTC)
        assert instant("2018-07-01 12:00Z", BERLIN) == datetime(2018, 7, 1, 12, tzinfo=UTC)

    def test_fractions_are_kept_to_the_microsecond(self):
        assert instant("2018-02-26 00:00:00.1234567") == datetime(2018, 2, 26, 0, 0, 0, 123456, tzinfo=UTC)
        assert instant("1519675134250").microsecond == 250_000

    @pytest.mark.parametrize("text, hour", [("12:05 AM", 0), ("12:05 PM", 12), ("1:05 am", 1), ("11:05 pm", 23)])
    def test_halves_of_the_day(self, text, hour):
        assert instant(f"2018-02-26 {text}").hour == hour

    @pytest.mark.parametrize("text, shown", [("03/04/2018", "3/4"), ("4-3-2018 10:00", "4/3")])
    def test_what_can_be_read_two_ways_is_refused(self, text, shown):
        assert message(instant, text) == f"{shown} can be read two ways. Write the date like 2026-05-31."

    def test_day_and_month_alike_are_not_ambiguous(self):
        assert instant("05/05/2018") == datetime(2018, 5, 5, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "yesterday",
            "2018-13-01",
            "2018-02-30",
            "31.04.2018",
            "13/13/2018",
            "26.02.18",
            "2018-02-26 24:00",
            "2018-02-26 13:00 PM",
            "2018-02-26 19:61",
            "2018-W09-1",
            "2018-02-26T19:58+99:99",
            "１２/１３/2018",
            "2018-02-26" * 9,
        ],
    )
    def test_what_is_no_date_is_refused(self, text):
        assert message(instant, text) == "Not a date. Write it like 2026-05-31 or 2026-05-31 14:30."

    @pytest.mark.parametrize("text, year", [("1969-12-31", 1969), ("2200-01-01", 2200), ("0201-01-01", 201)])
    def test_a_year_that_cannot_be_right_is_refused(self, text, year):
        assert message(instant, text) == f"The year {year} can't be right. Correct it."

    def test_the_edges_of_the_calendar_break_nothing(self):
        message(instant, "0001-01-01", BERLIN)
        message(instant, "9999-12-31T23:59:59-12:00")

    def test_the_problem_is_of_the_field_asked_for(self):
        with pytest.raises(InvalidValue) as caught:
            tabular.parse_instant("soon", UTC, "won_at")
        assert caught.value.field == "won_at"

    @given(
        st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)),
        st.sampled_from([UTC, BERLIN, ZoneInfo("America/Sao_Paulo")]),
    )
    def test_iso_comes_back_as_it_went(self, local, tz):
        aware = local.replace(tzinfo=tz)
        assert (
            instant(aware.isoformat() if aware.utcoffset().seconds % 60 == 0 else aware.astimezone(UTC).isoformat())
            == aware
        )
        assert instant(local.isoformat(" "), tz) == aware
        assert instant(local.isoformat(), tz).utcoffset() == timedelta(0)

    @given(
        st.text(max_size=30) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?( ?[AP]M)?)?")
    )
    def test_whatever_comes_is_read_or_refused(self, text):
        try:
            found = instant(text, BERLIN)
        except InvalidValue:
            return
        assert 1970 <= found.year <= 2199


class TestAmount:
    @pytest.mark.parametrize(
        "text, amount",
        [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("€ 1 200", "1200"),
            ("1\u00a0200,50 €", "1200.50"),
            ("1\u202f200\u202f000", "1200000"),
            ("1'234.50", "1234.50"),
            ("CHF 1’234.50", "1234.50"),
            ("R$ 1.234,56", "1234.56"),
            ("US$1,200", "1200"),
            ("1200 EUR", "1200"),
            ("12 kr", "12"),
            ("0.0", "0.0"),
            ("10000.0", "10000.0"),
            ("1.234", "1234"),
            ("1,234", "1234"),
            ("1.234.567", "1234567"),
            ("12,34,567.89", "1234567.89"),
            ("0,234", "0.234"),
            ("1234.567", "1234.567"),
            ("12,5", "12.5"),
            ("-5", "-5"),
            ("−5", "-5"),
            ("$-5", "-5"),
            ("-$5", "-5"),
            ("(1,234.50)", "-1234.50"),
            ("+7", "7"),
            ("007", "7"),
            (" 42 ", "42"),
        ],
    )
    def test_is_read_in_every_usual_form(self, text, amount):
        assert tabular.parse_amount(text) == Decimal(amount)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "abc",
            "€",
            "1.23.4",
            "1,23,4",
            "1.234,56.7",
            "12 34",
            "5.",
            ".5.",
            "1e5",
            "10k",
            "10 Mio",
            "3 MIO",
            "2 TSD",
            "--5",
            "-$-5",
            "5-6",
            "1.2345.678",
            "0.234.567",
            "NaN",
            "Infinity",
            "٣٤",
            "²",
            "1" * 65,
            "5%",
        ],
    )
    def test_what_is_no_amount_is_refused(self, text):
        assert message(tabular.parse_amount, text) == "Not an amount. Write it like 1234.56."

    def test_more_than_15_digits_are_refused(self):
        assert tabular.parse_amount("9" * 15) == Decimal("9" * 15)
        assert message(tabular.parse_amount, "9" * 16) == "More than 15 digits. Correct it."

    @given(st.decimals(-(10**12), 10**12, allow_nan=False, places=2), st.sampled_from([",.", ".,", " ,", "'.", "_."]))
    def test_comes_back_as_it_was_written(self, amount, separators):
        text = f"{amount:,.2f}".translate(str.maketrans({",": separators[0].strip("_"), ".": separators[1]}))
        assert tabular.parse_amount(text) == amount

    @given(st.text(max_size=20) | st.text("0123456789.,' -+$€()", max_size=20))
    def test_whatever_comes_is_read_or_refused(self, text):
        try:
            assert tabular.parse_amount(text).is_finite()
        except InvalidValue as problem:
            refused = problem
            assert refused.field == "amount"


class TestGuardFormula:
    @pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"])
    def test_what_starts_like_a_formula_gets_a_quotation_mark(self, text):
        assert tabular.guard_formula(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["", "Jane", "a=b", " =1", "'=1", "5-5"])
    def test_other_text_stays_as_it_is(self, text):
        assert tabular.guard_formula(text) == text
