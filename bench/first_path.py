"""Intake and queue at 100,000 leads, in ratio to a raw multi-row insert on the same database."""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("QR_VENV", ROOT / ".venv")) / "bin" / "python"
BATCH = 1000


@contextmanager
def product(state: str) -> Iterator[dict[str, str]]:
    """The whole product, running; yields the connections it published."""
    env = {**os.environ, "QR_STATE": state}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--no-demo", "--port", "8300"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        for line in process.stdout:
            if "http://127.0.0.1:" in line and "pg" not in line.split()[0]:
                break
        found = next(Path(state).rglob("env.json"))
        yield json.loads(found.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def payload(n: int) -> dict[str, object]:
    """A believable lead: two of five reach the threshold."""
    pick = random.Random(n)
    is_hot = pick.random() < 0.4
    return {
        "external_id": f"bench-{n}",
        "email": f"person{n}@company{n % 20011}.example",
        "full_name": f"{pick.choice(['Amara', 'Jonas', 'Priya', 'Mei', 'Luca'])} {pick.choice(['Osei', 'Weber', 'Nair'])} {n}",
        "title": pick.choice(["Head of Operations", "CTO", "Marketing Manager", "Founder"]),
        "phone": f"+49 30 {1000000 + n % 8999999}",
        "company_name": f"Company {n % 20011}",
        "employees": pick.choice([12, 80, 240, 900, 4000]),
        "industry": pick.choice(["Software", "Food & beverage", "Logistics"]),
        "country": "DE",
        "campaign": f"Campaign {n % 12}",
        "touchpoints": [{"kind": "demo_request" if is_hot else "page_visit"}, {"kind": "pricing_visit"}],
    }


def spread(seconds: list[float]) -> str:
    """p50 and p95 in milliseconds."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"p50 {statistics.median(ordered) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms"


def raw_floor(url: str, count: int) -> float:
    """Leads per second of a raw multi-row insert: lead, person, touchpoint, one index each, commits of a thousand."""
    import psycopg2
    from psycopg2.extras import execute_values

    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        for table in ("person", "lead", "touchpoint"):
            cursor.execute(f"DROP TABLE IF EXISTS bench_{table}")
        cursor.execute(
            "CREATE TABLE bench_person (id bigserial PRIMARY KEY, ws bigint, name text, email text, phone text)"
        )
        cursor.execute(
            "CREATE TABLE bench_lead (id bigserial PRIMARY KEY, ws bigint, person bigint, state text, at timestamptz)"
        )
        cursor.execute(
            "CREATE TABLE bench_touchpoint (id bigserial PRIMARY KEY, ws bigint, lead bigint, kind text, at timestamptz)"
        )
    connection.commit()
    started = time.perf_counter()
    for first in range(0, count, BATCH):
        with connection.cursor() as cursor:
            people = [(1, f"Person {n}", f"p{n}@example.test", f"+4930{n}") for n in range(first, first + BATCH)]
            execute_values(
                cursor, "INSERT INTO bench_person (ws, name, email, phone) VALUES %s", people, page_size=BATCH
            )
            leads = [(1, n, "nurturing") for n in range(first, first + BATCH)]
            execute_values(
                cursor, "INSERT INTO bench_lead (ws, person, state, at) VALUES %s", leads, "(%s, %s, %s, now())", BATCH
            )
            touchpoints = [(1, n, "page_visit") for n in range(first, first + BATCH)]
            execute_values(
                cursor,
                "INSERT INTO bench_touchpoint (ws, lead, kind, at) VALUES %s",
                touchpoints,
                "(%s, %s, %s, now())",
                BATCH,
            )
        connection.commit()
    rate = count / (time.perf_counter() - started)
    with connection.cursor() as cursor:
        for table in ("person", "lead", "touchpoint"):
            cursor.execute(f"DROP TABLE bench_{table}")
    connection.commit()
    connection.close()
    return rate


def load(slug: str, first: int, count: int) -> float:
    """Leads per second through the intake action, in batches, one process."""
    import hashlib

    from leads.actions import intake
    from leads.queries import intake as queries
    from leads.rules import candidate
    from quotarider import tenancy
    from quotarider.accounts.models import Workspace

    workspace = Workspace.objects.get(slug=slug)
    started = time.perf_counter()
    for begin in range(first, first + count, BATCH):
        with tenancy.scope(workspace.pk) as scope:
            source = queries.source_of("bench", name="Bench", kind="api")
            arrivals = []
            for n in range(begin, min(begin + BATCH, first + count)):
                sent = payload(n)
                read = candidate.read(sent, default_country="DE", at=scope.now)
                digest = hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
                arrivals.append(intake.Arrival(read, sent, digest))
            intake.receive(arrivals, source=source, at=scope.now)
    return count / (time.perf_counter() - started)


def client(job: tuple[str, str, str, int, float, int]) -> tuple[int, list[float]]:
    """One keep-alive client: posts until the time is over; returns leads accepted and the seconds of each request."""
    url, token, path, first, seconds, size = job
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    took, accepted, n = [], 0, first
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        leads = [payload(n + i) for i in range(size)]
        body = json.dumps(leads[0] if size == 1 else {"leads": leads})
        n += size
        started = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - started)
        accepted += size if answer.status in (200, 201) else 0
    connection.close()
    return accepted, took


def api(url: str, token: str, *, clients: int, seconds: float, size: int, first: int) -> str:
    """Throughput and latency of the API with several clients, each a process of its own."""
    path = "/api/v1/leads/" if size == 1 else "/api/v1/leads/bulk/"
    jobs = [(url, token, path, first + i * 1_000_000, seconds, size) for i in range(clients)]
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        done = pool.map(client, jobs)
    accepted = sum(n for n, _ in done)
    return f"{accepted / seconds:.0f} leads/s, {spread([t for _, took in done for t in took])}"


def page(url: str, path: str, cookie: str, times: int) -> str:
    """Latency of a page, one client."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    took = []
    for _ in range(times):
        started = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        took.append(time.perf_counter() - started)
        assert answer.status in (200, 204), (path, answer.status, body[:300])
    return spread(took[5:])


def prepare() -> tuple[str, str, str, Callable[[], str]]:
    """A workspace with ten reps and a key; returns slug, token, a rep's session cookie, and a lead's path."""
    from django.test import Client

    from handoff import queries as handoffs
    from handoff.actions import giving
    from leads.models import Lead
    from quotarider import tenancy
    from quotarider.accounts import actions as accounts
    from quotarider.accounts.models import Member, User
    from quotarider.tenancy.actions import found

    stamp = f"{time.time_ns():x}"
    boss = found(User.objects.create_user(f"boss-{stamp}@bench.example", "x" * 12, name="Boss"), name=f"Bench {stamp}")
    _key, token = accounts.create_key(
        boss.workspace, name="bench", scopes=["leads:write", "touchpoints:write"], source="bench", by=boss
    )
    reps = []
    with tenancy.scope(boss.workspace_id):
        for n in range(10):
            user = User.objects.create_user(f"rep-{n}-{stamp}@bench.example", "x" * 12, name=f"Rep {n}")
            reps.append(Member.objects.create(workspace=boss.workspace, user=user, role="rep"))
            giving.add_seat(handoffs.default_team(), reps[-1])
    browser = Client()
    browser.force_login(reps[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = f"sessionid={browser.cookies['sessionid'].value}"

    def lead_path() -> str:
        with tenancy.scope(boss.workspace_id):
            lead = Lead.objects.filter(state="handed_off").order_by("id").first()
            assert lead
            return f"/w/{boss.workspace.slug}/leads/{lead.public_id}/"

    return boss.workspace.slug, token, cookie, lead_path


def measure(published: dict[str, str], leads: int, seconds: float) -> None:
    """Prints all figures."""
    os.environ.update(published)
    os.environ["DJANGO_SETTINGS_MODULE"] = "quotarider.settings.dev"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    url = published["QR_URL"]
    floor = raw_floor(published["OWNER_DATABASE_URL"], 50_000)
    print(f"floor: raw multi-row insert, lead + person + touchpoint: {floor:,.0f} leads/s", flush=True)
    slug, token, cookie, lead_path = prepare()
    warm = min(5000, leads)
    load(slug, 0, warm)
    time.sleep(8)  # the statistics of a new database are made by then, as in life
    rate = load(slug, warm, leads - warm) if leads > warm else 0
    print(
        f"intake action in batches of {BATCH}, one process, to {leads:,} leads: {rate:,.0f} leads/s, {rate / floor:.3f} of the floor",
        flush=True,
    )
    print(
        f"API, one lead a request, 1 client: {api(url, token, clients=1, seconds=seconds, size=1, first=10**8)}",
        flush=True,
    )
    print(
        f"API, one lead a request, 8 clients: {api(url, token, clients=8, seconds=seconds, size=1, first=2 * 10**8)}",
        flush=True,
    )
    print(
        f"API, 100 a request, 2 clients: {api(url, token, clients=2, seconds=seconds, size=100, first=3 * 10**8)}",
        flush=True,
    )
    print(f"queue page of a rep: {page(url, f'/w/{slug}/queue/', cookie, 105)}", flush=True)
    print(f"lead page: {page(url, lead_path(), cookie, 105)}", flush=True)
    print(f"lead list: {page(url, f'/w/{slug}/leads/', cookie, 55)}", flush=True)
    print(f"SLA board: {page(url, f'/w/{slug}/board/', cookie, 25)}", flush=True)
    print(f"campaigns: {page(url, f'/w/{slug}/campaigns/', cookie, 25)}", flush=True)


def main() -> None:
    """Starts the product, measures, stops it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    if Path(sys.prefix) != VENV.parent.parent and VENV.exists():
        os.execv(VENV, [str(VENV), *sys.argv])
    with tempfile.TemporaryDirectory(prefix="qr-bench-", dir="/var/tmp") as state:
        Path(state).chmod(0o755)
        with product(state) as published:
            measure(published, options.leads, options.seconds)


if __name__ == "__main__":
    main()
