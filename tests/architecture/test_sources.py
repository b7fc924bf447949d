"""What no file of the product may hold. An exemption needs a reason, and one that nothing needs any more fails."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotarider.settings.env import ROOT

PACKAGES = ("quotarider", "leads", "handoff", "sla", "feedback")
LONGEST_MODULE = 300

LONGER_MODULES: dict[str, str] = {}
READS_THE_TIME: dict[str, str] = {}
DATED_BY_DEFAULT = {"quotarider/accounts/models.py": "when a row of a global table was made; no obligation hangs on it"}
MARKS_SAFE: dict[str, str] = {}
STREAMS = {"leads/views/listing.py": "the file is written out whole inside the scope, and only then sent"}
COMPARES_BY_LEAKY_OPERATORS = {"quotarider/demo/seed.py": "once, in a workspace that is being seeded"}
HOLDS_ON_COMMIT = {
    "quotarider/tenancy/tasks.py": "the one helper that enqueues ids after commit",
    "handoff/actions/pulse.py": "tells the cache that a queue changed; reads and writes no tenant data",
}
JOINS_SQL = {
    "quotarider/tenancy/bulk.py": "names of tables and columns, from the models; values stay parameters",
}
MAKES_MARKUP = {"static/js/forms.js": "clones a row template of the page; all it puts in is a number"}
BYPASSES_MANAGERS: dict[str, str] = {}


def files(pattern: str, *folders: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob(pattern))]
    return [file for file in found if "migrations" not in file.parts and "vendor" not in file.parts]


PYTHON = files("*.py", *PACKAGES)
TEMPLATES = files("*.html", "templates", *PACKAGES)
SCRIPTS = files("*.js", "static")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def matching(pattern: str, among: list[Path]) -> set[str]:
    return {name_of(file) for file in among if re.search(pattern, file.read_text())}


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))


def reads_the_time(file: Path) -> bool:
    for call in calls(file):
        if ast.unparse(call.func).endswith("localtime") and call.args:
            continue  # an instant that is given
        match ast.unparse(call.func).split("."):
            case [*_, "datetime" | "timezone" | "date" | "dt", "now" | "utcnow" | "today" | "localdate" | "localtime"]:
                return True
            case ["time", "time"]:
                return True
    imported = re.search(r"(?m)^from django.* import .*\b(Now|now|localdate)\b", file.read_text())
    return bool(imported) and name_of(file) not in DATED_BY_DEFAULT


class TestPython:
    def test_modules_stay_readable(self) -> None:
        long = {name_of(file) for file in PYTHON if len(file.read_text().splitlines()) > LONGEST_MODULE}
        assert long == set(LONGER_MODULES)

    def test_functions_have_at_most_eight_parameters(self) -> None:
        wide = [
            (name_of(file), node.name)
            for file in PYTHON
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.FunctionDef) and len([*node.args.args, *node.args.kwonlyargs]) > 8
        ]
        assert wide == []

    def test_time_is_an_argument(self) -> None:
        assert {name_of(file) for file in PYTHON if reads_the_time(file)} == set(READS_THE_TIME)

    def test_nothing_is_marked_as_safe(self) -> None:
        assert matching(r"\b(mark_safe|SafeString|autoescape\s*=\s*False|format_html_join)\b", PYTHON) == set(
            MARKS_SAFE
        )

    def test_nothing_streams_outside_the_scope_s_transaction(self) -> None:
        """A streamed body is read after the scope is closed: it must open its own."""
        assert matching(r"\b(StreamingHttpResponse|FileResponse)\b", PYTHON) == set(STREAMS)

    def test_lookups_use_an_index_under_row_level_security(self) -> None:
        """Only leakproof operators do: ILIKE and lower() turn 0.2 ms into 150."""
        leaky = r"__(iexact|icontains|istartswith|iendswith|iregex|regex|contains|startswith|endswith|search)\b"
        assert matching(leaky, [f for f in PYTHON if "rules" not in f.parts]) == set(COMPARES_BY_LEAKY_OPERATORS)

    def test_what_runs_after_commit_only_enqueues(self) -> None:
        assert matching(r"\bon_commit\(", PYTHON) == set(HOLDS_ON_COMMIT)

    def test_managers_are_not_gone_around(self) -> None:
        assert matching(r"\b(_base_manager|_default_manager)\b|\.using\(", PYTHON) == set(BYPASSES_MANAGERS)

    def test_there_are_no_signals_and_no_save_overrides(self) -> None:
        stages = [f for f in PYTHON if f.parts[len(ROOT.parts)] != "quotarider"]
        assert (
            matching(
                r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b|def save\(self.*commit|django\.dispatch",
                stages,
            )
            == set()
        )

    def test_sql_is_never_put_together_from_values(self) -> None:
        """A formatted statement is an injection waiting for its value."""
        joined = {
            name_of(file)
            for file in PYTHON
            if "embedded" not in file.parts
            for call in calls(file)
            if ast.unparse(call.func).endswith((".execute", ".raw", "RawSQL", ".extra"))
            and call.args
            and isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
        }
        assert joined == set(JOINS_SQL)

    def test_packages_are_not_called_after_nothing(self) -> None:
        vague = {"utils", "helpers", "common", "services", "managers", "misc"}
        assert [name_of(f) for f in PYTHON if vague & {f.stem, *f.parts[len(ROOT.parts) :]}] == []


FORBIDDEN_IN_TEMPLATES = {
    "inline styles": r"\sstyle\s*=|<style\b",
    "inline scripts": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>",
    "event handlers": r"<[^>]*\son[a-z]+\s*=",
    "htmx handlers": r"\bhx-on[:\s=-]|\bhx-vals\s*=\s*[\"']js:|\bhx-vars\b",
    "javascript addresses": r"javascript:",
    "unescaped values": r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off",
    "other hosts": r"(src|href|action|hx-(get|post))\s*=\s*[\"'](https?:)?//",
    "forms without a token": r"<form(?=[^>]*method=\"?post)(?![\s\S]*?(csrf_token|hx-))",
}
TEMPLATE_EXEMPTIONS: dict[tuple[str, str], str] = {}


class TestTemplates:
    @pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
    def test_have_none_of(self, what: str) -> None:
        exempt = {name for kind, name in TEMPLATE_EXEMPTIONS if kind == what}
        assert matching(FORBIDDEN_IN_TEMPLATES[what], TEMPLATES) == exempt


class TestScripts:
    def test_evaluate_no_text(self) -> None:
        assert (
            matching(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]|document\.write\(|\.outerHTML\s*=", SCRIPTS)
            == set()
        )

    def test_make_no_markup_of_data(self) -> None:
        assert matching(r"\.innerHTML\s*=(?!\s*[\"']{2})|insertAdjacentHTML", SCRIPTS) == set(MAKES_MARKUP)
