import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import tabular
from leads.rules.tabular import Dialect, Row, UnreadableFile

CSV = "Name;Größe\nZoë;5\nJosé;6\n"
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def table(text, dialect=None, **limits):
    found = tabular.read(text.encode(), dialect, **limits)
    return found.header, list(found.rows)


def refused(data, **limits):
    with pytest.raises(UnreadableFile) as caught:
        tabular.read(data.encode() if isinstance(data, str) else data, **limits)
    return caught.value.message


class TestSniff:
    @pytest.mark.parametrize(
        "data, encoding",
        [
            (CSV.encode(), "utf-8"),
            (codecs.BOM_UTF8 + CSV.encode(), "utf-8-sig"),
            (codecs.BOM_UTF16_LE + CSV.encode("utf-16-le"), "utf-16-le"),
            (codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"), "utf-16-be"),
            (CSV.encode("utf-16-le"), "utf-16-le"),
            (CSV.encode("utf-16-be"), "utf-16-be"),
            (CSV.encode("cp1252"), "cp1252"),
            (CSV.encode("cp1252") + b"\x81;7\n", "latin-1"),
        ],
    )
    def test_finds_the_encoding(self, data, encoding):
        assert tabular.sniff(data) == Dialect(encoding, ";")
        found = tabular.read(data)
        assert found.header == ("Name", "Größe")
        assert list(found.rows)[:2] == [Row(2, ("Zoë", "5"), None), Row(3, ("José", "6"), None)]

    def test_finds_utf_16_in_chinese_text(self):
        assert tabular.sniff("姓名,公司\n张伟,某某有限公司\n王芳,某某集团\n".encode("utf-16-le")) == Dialect(
            "utf-16-le", ","
        )

    def test_finds_the_euro_of_windows(self):
        assert next(iter(tabular.read("a;b\n5 €;6\n".encode("cp1252")).rows)).cells == ("5 €", "6")

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, delimiter):
        text = "name;size;note\nA;5;x\nB;6;y\n".replace(";", delimiter)
        assert tabular.sniff(text.encode()) == Dialect("utf-8", delimiter)

    @pytest.mark.parametrize(
        "text, delimiter",
        [
            ("name;amount\nA;1,5\nB;2,5\n", ";"),
            ('name,note\nA,"x;y;z"\nB,"x;y"\n', ","),
            ("name, first;mail;phone\nA;b;c\nD, e;f;g\nH;i;j\n", ";"),
            ("email\na@b.co\n", ","),
            ("sep=|\na|b;c;d\n1|2;3;4\n", "|"),
        ],
    )
    def test_takes_the_delimiter_that_fits_the_rows(self, text, delimiter):
        assert tabular.sniff(text.encode()).delimiter == delimiter

    @given(
        st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6),
        st.sampled_from([",", ";", "\t", "|"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]),
    )
    def test_what_was_written_comes_back(self, rows, delimiter, encoding):
        written = io.StringIO()
        csv.writer(written, delimiter=delimiter).writerows([["alpha", "beta", "gamma"], *rows])
        bom = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
        found = tabular.read(bom + written.getvalue().encode(encoding), Dialect(encoding, delimiter))
        kept = [tuple(row) for row in rows if any(cell and not cell.isspace() for cell in row)]
        assert found.total == len(kept)
        assert [(row.cells, row.problem) for row in found.rows] == [(row, None) for row in kept]


class TestRead:
    def test_gives_header_rows_with_lines_and_their_number(self):
        found = tabular.read(b"name,mail\r\nA,a@b.co\r\nB,b@b.co\r\n")
        assert (found.header, found.total) == (("name", "mail"), 2)
        assert list(found.rows) == [Row(2, ("A", "a@b.co"), None), Row(3, ("B", "b@b.co"), None)]

    def test_a_header_alone_has_no_rows(self):
        assert table("name,mail") == (("name", "mail"), [])

    def test_lines_count_through_quoted_breaks_and_blank_lines(self):
        _, rows = table('a,b\n\n1,"x\ny"\n,\n2,z')
        assert rows == [Row(3, ("1", "x\ny"), None), Row(6, ("2", "z"), None)]

    def test_a_row_that_does_not_fit_is_given_with_its_problem(self):
        _, rows = table("a,b\n1\n1,2,3\n1,2\n1,2,,\n")
        remedy = "Check its delimiters and quotation marks."
        assert rows == [
            Row(2, ("1",), f"Has 1 cells where the header has 2. {remedy}"),
            Row(3, ("1", "2", "3"), f"Has 3 cells where the header has 2. {remedy}"),
            Row(4, ("1", "2"), None),
            Row(5, ("1", "2"), None),
        ]

    def test_a_huge_cell_is_the_problem_of_its_row(self):
        _, rows = table("a,b\n123,4\n1234,5\n", max_field=3)
        assert [row.problem for row in rows] == [None, "Its cell a is longer than 3 characters. Shorten it."]

    def test_the_header_is_trimmed(self):
        assert table("\n  First   name ,mail,,\nA,b,,\n") == (("First name", "mail"), [Row(3, ("A", "b"), None)])

    def test_the_declaration_of_excel_is_not_the_header(self):
        assert table("sep=;\r\na;b\r\n1;2\r\n") == (("a", "b"), [Row(3, ("1", "2"), None)])

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_any_line_end_will_do(self, ending):
        assert table(ending.join(["a;b", "1;2", "3;4"]))[1] == [Row(2, ("1", "2"), None), Row(3, ("3", "4"), None)]

    def test_as_many_rows_as_allowed_and_not_one_more(self):
        assert tabular.read(b"a,b\n1,2\n1,2\n", max_rows=2).total == 2
        assert refused("a,b\n1,2\n1,2\n1,2\n", max_rows=2) == (
            "More than 2 rows (from line 4). Split it into smaller files."
        )

    def test_too_many_columns_are_refused(self):
        assert refused("a,b,c\n", max_columns=2) == "It has 3 columns; at most 2 can be read. Remove some."

    @pytest.mark.parametrize("data", [b"", b" \r\n\t"])
    def test_an_empty_file_is_refused(self, data):
        assert refused(data) == "The file is empty. Export it again, with its header line."

    @pytest.mark.parametrize(
        "data, kind",
        [
            (b"PK\x03\x04x", "an Excel workbook or a zip archive"),
            (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
            (b"%PDF-1.7", "a PDF"),
        ],
    )
    def test_a_workbook_is_refused_with_the_way_out(self, data, kind):
        assert refused(data) == (
            f"This is {kind}, not a text file. Save it as CSV (in Excel: Save as, CSV UTF-8) and upload that."
        )

    def test_binary_data_is_refused(self):
        assert refused(bytes(range(1, 32)) * 9).startswith("This isn't a text file.")
        assert refused(b"\x00\x01\x02\x00\x00\x07" * 9).startswith("It contains NUL characters")

    def test_a_nul_is_refused_with_its_line(self):
        nul = refused(b"a,b\n" + b"1,2\n" * 20_000 + b"1,\x002\n")
        assert nul == "Line 20002 contains a NUL character. Remove it, or export the file again."

    def test_utf_8_with_a_broken_byte_is_not_read_as_garbage(self):
        assert refused("a,ü\nö,ä\n".encode() + b"x,\xff\n") == (
            "Line 3 isn't valid UTF-8, though the rest is. Correct it, or export the file again."
        )

    def test_another_encoding_than_given_is_refused(self):
        with pytest.raises(UnreadableFile, match=r"^It isn't written in utf-8\. Save it as UTF-8"):
            tabular.read(b"a,b\n\xff,2\n", Dialect("utf-8", ","))

    @pytest.mark.parametrize("text", ["1,2\n3,4\n", "a@b.co,5\n", "Zoë,z@b.co\n", "2026-05-01,12:30\n"])
    def test_data_without_a_header_is_refused(self, text):
        assert refused(text) == "It has no header line. Put the names of the columns into the first line."

    def test_a_column_without_a_name_is_refused(self):
        assert refused("a,,c\n1,2,3\n") == "Column 2 has no name. Name it in the first line, or remove it."

    def test_columns_of_the_same_name_are_refused(self):
        assert refused("Mail,name,mail \n") == "Several columns have the same name: mail. Rename or remove them."

    def test_an_open_quotation_is_refused_before_it_swallows_rows(self):
        assert refused('a,b\n1,"x\n2,y\n3,z\n') == (
            'Line 2 has a quotation mark (") that is never closed, or a huge cell. Close it, or shorten the cell.'
        )
        assert refused('a,b\n1,"' + "x" * 200_000 + "\n").startswith("Line 2 has a quotation mark")
        assert refused('a,"b').startswith("Line 1 has a quotation mark")

    @given(st.binary(max_size=80) | st.text('ab",;\n\r\t', max_size=60).map(str.encode))
    def test_whatever_comes_is_read_or_refused(self, data):
        try:
            found = tabular.read(data)
        except UnreadableFile as problem:
            outcome = problem.message.endswith(".")
        else:
            outcome = len(list(found.rows)) == found.total
        assert outcome
