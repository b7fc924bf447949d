"""The import in the browser: who may, what each page does, what a bad file is told."""

import codecs
import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leads.models import ImportJob, Lead
from quotarider import tenancy
from quotarider.accounts.models import Member
from tests.leads.imports import files

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
IMPORTS = "/w/acme/imports/"
ALLOWED = {"marketer", "marketing_manager", "manager", "revops", "admin"}


def send(client: Client, data: bytes, name: str = "leads.csv"):  # type: ignore[no-untyped-def]
    return client.post(IMPORTS, {"file": SimpleUploadedFile(name, data, "text/csv")})


def jobs(member: Member) -> int:
    with tenancy.scope(member.workspace_id):
        return ImportJob.objects.count()


def chosen(*fields: str, **more: str) -> dict[str, str]:
    columns = {f"column_{place}": field for place, field in enumerate(fields)}
    return {"treat_as": "new", "source": "File import", "campaign": "", "day_first": "", **columns, **more}


@pytest.fixture
def client(client_for: ClientFor, marketer: Member) -> Client:
    return client_for(marketer)


@pytest.fixture
def job(marketer: Member) -> ImportJob:
    return files.upload(marketer, files.lines("A,a@x.example,Ann,Acorn", "B,wrong,Bob,Birch"))


@pytest.fixture
def checked(marketer: Member, job: ImportJob) -> ImportJob:
    files.work(files.check(marketer, job))
    return files.again(job)


class TestWhoMay:
    @pytest.mark.parametrize("person", ["rep", *sorted(ALLOWED)])
    @pytest.mark.parametrize("page", ["", "{id}/", "{id}/columns/", "{id}/problems.csv"])
    def test_see_a_page(
        self, request: pytest.FixtureRequest, client_for: ClientFor, job: ImportJob, person: str, page: str
    ) -> None:
        response = client_for(request.getfixturevalue(person)).get(IMPORTS + page.format(id=job.public_id))
        assert response.status_code == (200 if person in ALLOWED else 403)

    @pytest.mark.parametrize("deed", ["columns", "run", "discard"])
    def test_do_something(
        self, client_for: ClientFor, rep: Member, outsider: Member, job: ImportJob, deed: str
    ) -> None:
        url = f"{IMPORTS}{job.public_id}/{deed}/"
        assert client_for(rep).post(url).status_code == 403
        assert client_for(outsider).post(url).status_code == 404
        assert files.again(job).state == "uploaded"

    def test_a_foreign_import_is_not_found(self, client_for: ClientFor, outsider: Member, job: ImportJob) -> None:
        for page in ("", "columns/", "problems.csv"):
            assert client_for(outsider).get(f"/w/rival/imports/{job.public_id}/{page}").status_code == 404

    @pytest.mark.parametrize("deed", ["run", "discard"])
    def test_deeds_are_posted(self, client: Client, job: ImportJob, deed: str) -> None:
        assert client.get(f"{IMPORTS}{job.public_id}/{deed}/").status_code == 405

    def test_the_navigation_leads_here(self, client_for: ClientFor, marketer: Member, rep: Member) -> None:
        assert f'href="{IMPORTS}"' in client_for(marketer).get("/w/acme/notifications/").content.decode()
        assert f'href="{IMPORTS}"' not in client_for(rep).get("/w/acme/notifications/").content.decode()


class TestUpload:
    def test_goes_on_to_the_columns(self, client: Client, marketer: Member) -> None:
        response = send(client, files.people(3))
        assert response.status_code == 302
        page = client.get(response.url)
        assert page.templates[0].name == "leads/imports/plan.html"
        content = page.content.decode()
        assert "person0@company0.example · person1@company1.example" in content
        assert '<option value="email" selected>' in content
        assert jobs(marketer) == 1

    BAD = {
        "empty": (b"", "The file is empty"),
        "blank": (b" \n \n", "The file is empty"),
        "header only": (b"email,name\n", "no row below the header"),
        "no header": (b"a@x.example,Ann\nb@x.example,Bob\n", "no header line"),
        "two columns of one name": (b"email,E-Mail ,email\na,b,c\n", "same name: email"),
        "nameless column": (b"email,,name\na,b,c\n", "Column 2 has no name"),
        "open quotation": (b'email,name\na@x.example,"Ann\nb@x.example,Bob\n', "never closed"),
        "workbook": (b"PK\x03\x04\x14\x00\x06\x00", "Excel workbook"),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        "binary": (bytes(range(1, 32)) * 40, "text file"),
        "NUL": (b"email,name\na@x.example,A\x00nn\n" + b"b@x.example,Bob\n" * 20, "NUL"),
        "damaged": ("email,name\na@x.example,Jürgen Größe\n".encode() + b"b,\xff\n", "valid UTF-8"),
        "too many rows": (b"email\n" + b"a@x.example\n" * 200_001, "More than 200,000 rows"),
        "too many columns": (",".join(f"c{n}" for n in range(201)).encode() + b"\n1\n", "201 columns"),
    }

    @pytest.mark.parametrize("kind", BAD)
    def test_a_bad_file_is_told_what_to_do(self, client: Client, marketer: Member, kind: str) -> None:
        data, told = self.BAD[kind]
        response = send(client, data)
        assert response.status_code == 422
        assert told in response.content.decode()
        assert jobs(marketer) == 0

    def test_a_file_that_is_too_large(self, client: Client, marketer: Member, settings: object) -> None:
        settings.IMPORT_MAX_BYTES = 2**20  # type: ignore[attr-defined]
        response = send(client, b"email\n" + b"a@x.example\n" * 100_000)
        assert response.status_code == 422
        assert "larger than 1 MB" in response.content.decode()
        assert jobs(marketer) == 0

    def test_no_file_at_all(self, client: Client) -> None:
        assert client.post(IMPORTS).status_code == 422

    GOOD = {
        "UTF-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        "UTF-16 without its mark": lambda text: text.encode("utf-16-be"),
        "UTF-8 with its mark": lambda text: text.encode("utf-8-sig"),
        "Windows": lambda text: text.encode("cp1252"),
        "semicolons": lambda text: text.replace(",", ";").encode(),
        "tabs": lambda text: text.replace(",", "\t").encode(),
        "bars": lambda text: text.replace(",", "|").encode(),
        "old Mac lines": lambda text: text.replace("\n", "\r").encode(),
        "Excel's declaration": lambda text: b"sep=;\n" + text.replace(",", ";").encode(),
    }

    @pytest.mark.parametrize("kind", GOOD)
    def test_any_encoding_and_delimiter_is_read(self, marketer: Member, client: Client, kind: str) -> None:
        text = "Lead ID,E-mail,Name\n1,jürgen@größe.example,Jürgen Größe\n2,b@x.example,Bob\n"
        response = send(client, self.GOOD[kind](text.replace("jürgen@größe", "j@g")))
        assert response.status_code == 302
        with tenancy.scope(marketer.workspace_id):
            job = ImportJob.objects.get()
        files.work(files.check(marketer, job))
        files.work(files.run(marketer, job))
        with tenancy.scope(marketer.workspace_id):
            assert list(Lead.objects.order_by("id").values_list("person__full_name", flat=True)) == [
                "Jürgen Größe",
                "Bob",
            ]

    def test_through_htmx_the_piece_comes_back(self, client_for: ClientFor, marketer: Member) -> None:
        response = send(client_for(marketer, htmx=True), b"")
        assert response.status_code == 422
        assert response.content.decode().strip().startswith('<div id="imports"')


class TestColumns:
    def test_start_the_dry_run(self, client: Client, job: ImportJob) -> None:
        fields = chosen("external_id", "email", "full_name", "company_name", treat_as="history", source="Old CRM")
        response = client.post(f"{IMPORTS}{job.public_id}/columns/", fields)
        assert (response.status_code, response.url) == (302, f"{IMPORTS}{job.public_id}/")
        now = files.again(job)
        assert (now.state, now.treat_as, now.source.name) == ("checking", "history", "Old CRM")
        assert now.mapping == {
            "Lead ID": "external_id",
            "E-mail": "email",
            "Name": "full_name",
            "Company": "company_name",
        }

    def test_an_existing_source_is_found_by_its_name(self, client: Client, job: ImportJob, marketer: Member) -> None:
        files.whole(marketer, files.people(1), source="Old CRM")
        client.post(f"{IMPORTS}{job.public_id}/columns/", chosen("external_id", source=" old  crm"))
        with tenancy.scope(marketer.workspace_id):
            assert len(set(ImportJob.objects.values_list("source_id", flat=True))) == 1

    @pytest.mark.parametrize(
        "fields, told",
        [
            (chosen("", "", "full_name"), "Say which column is the e-mail address"),
            (chosen("email", "email"), "is this already"),
            (chosen("email", source=""), "This field is required"),
            (chosen("email", treat_as="nonsense"), "Select a valid choice"),
            (chosen("nonsense"), "Select a valid choice"),
        ],
    )
    def test_what_cannot_be_is_told(self, client: Client, job: ImportJob, fields: dict[str, str], told: str) -> None:
        response = client.post(f"{IMPORTS}{job.public_id}/columns/", fields)
        assert response.status_code == 422
        assert told in response.content.decode()
        assert files.again(job).state == "uploaded"

    def test_a_second_time_while_the_dry_run_goes_on_is_a_conflict(self, client: Client, job: ImportJob) -> None:
        url = f"{IMPORTS}{job.public_id}/columns/"
        assert client.post(url, chosen("external_id")).status_code == 302
        assert client.post(url, chosen("external_id")).status_code == 409
        assert client.get(url).status_code == 302

    def test_can_be_changed_after_the_dry_run(self, client: Client, checked: ImportJob) -> None:
        page = client.get(f"{IMPORTS}{checked.public_id}/columns/").content.decode()
        assert '<option value="external_id" selected>' in page
        assert client.post(f"{IMPORTS}{checked.public_id}/columns/", chosen("external_id")).status_code == 302


class TestDryRunAndRun:
    def test_progress_is_polled_while_it_works(self, client_for: ClientFor, marketer: Member, job: ImportJob) -> None:
        files.check(marketer, job)
        url = f"{IMPORTS}{job.public_id}/"
        whole, piece = client_for(marketer).get(url), client_for(marketer, htmx=True).get(url)
        for response in (whole, piece):
            assert f'hx-get="{url}" hx-trigger="every 1s"' in response.content.decode()
        assert "<html" in whole.content.decode()
        assert piece.content.decode().strip().startswith('<div id="import"')
        files.work(job)
        assert "hx-trigger" not in client_for(marketer, htmx=True).get(url).content.decode().partition("</div>")[0]

    def test_the_dry_run_shows_counts_and_problems(self, client: Client, checked: ImportJob) -> None:
        page = client.get(f"{IMPORTS}{checked.public_id}/").content.decode()
        assert "Nothing is stored yet" in page
        assert "Start the import" in page
        assert "B · wrong · Bob · Birch" in page

    def test_start_and_be_told_the_end(self, client: Client, checked: ImportJob, marketer: Member) -> None:
        url = f"{IMPORTS}{checked.public_id}/"
        assert client.post(f"{url}run/").status_code == 302
        assert files.again(checked).state == "running"
        assert client.post(f"{url}run/").status_code == 409
        files.work(checked)
        page = client.get(url).content.decode()
        assert "every one of the 2 rows is accounted for" in page
        assert files.counts(files.again(checked)) == ("done", 1, 0, 0, 1)

    def test_an_unchecked_file_cannot_be_started(self, client: Client, job: ImportJob) -> None:
        assert client.post(f"{IMPORTS}{job.public_id}/run/").status_code == 409

    def test_pages_cost_few_statements(
        self, client: Client, checked: ImportJob, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for page in ("", f"{checked.public_id}/", f"{checked.public_id}/columns/"):
            client.get(IMPORTS + page)
            with django_assert_max_num_queries(18):
                client.get(IMPORTS + page)

    def test_the_list_pages_on(self, client: Client, marketer: Member) -> None:
        for n in range(27):
            files.upload(marketer, b"email\na@x.example\n", f"file-{n}.csv")
        first = client.get(IMPORTS).content.decode()
        assert "file-26.csv" in first and "file-1.csv" not in first
        following = first.partition("?before=")[2][:36]
        assert "file-1.csv" in client.get(f"{IMPORTS}?before={following}").content.decode()
        assert client.get(f"{IMPORTS}?before=nonsense").status_code == 200


class TestDiscard:
    def test_forgets_the_file(self, client: Client, checked: ImportJob, marketer: Member) -> None:
        assert client.post(f"{IMPORTS}{checked.public_id}/discard/").status_code == 302
        assert jobs(marketer) == 0

    def test_what_was_taken_in_stays(self, client: Client, checked: ImportJob, marketer: Member) -> None:
        files.work(files.run(marketer, checked))
        assert client.post(f"{IMPORTS}{checked.public_id}/discard/").status_code == 409
        assert jobs(marketer) == 1


class TestReport:
    def read(self, client: Client, job: ImportJob) -> tuple[bytes, list[list[str]]]:
        response = client.get(f"{IMPORTS}{job.public_id}/problems.csv")
        data = response.content
        assert response["Content-Disposition"] == 'attachment; filename="leads-problems.csv"'
        return data, list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    def test_has_each_refused_row_as_it_was(self, client: Client, checked: ImportJob) -> None:
        data, rows = self.read(client, checked)
        assert data.startswith(codecs.BOM_UTF8)
        assert rows[0] == ["problem line", "problem column", "problem", "Lead ID", "E-mail", "Name", "Company"]
        assert [row[:2] + row[3:] for row in rows[1:]] == [["3", "E-mail", "B", "wrong", "Bob", "Birch"]]

    def test_runs_no_formula(self, client: Client, marketer: Member) -> None:
        job = files.whole(marketer, files.lines('A,wrong,"=HYPERLINK(""http://x"")",@sum'))
        assert self.read(client, job)[1][1][4:] == ["wrong", '\'=HYPERLINK("http://x")', "'@sum"]

    def test_can_be_corrected_and_imported(self, client: Client, marketer: Member) -> None:
        header = "Lead ID,E-mail,Name,Phone"
        job = files.whole(marketer, files.lines("A,wrong,Ann,+49 30 901820", header=header))
        data, _rows = self.read(client, job)
        again = files.upload(marketer, data.replace(b"wrong", b"ann@x.example"))
        files.work(files.check(marketer, again))
        files.work(files.run(marketer, again))
        assert files.counts(files.again(again)) == ("done", 1, 0, 0, 0)
        with tenancy.scope(marketer.workspace_id):
            assert Lead.objects.select_related("person").get().person.phone_norm == "+4930901820"
