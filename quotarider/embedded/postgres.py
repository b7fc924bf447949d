"""An embedded PostgreSQL: on a unix socket in a closed folder, never on TCP."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from quotarider.embedded import binaries, paths, processes

ROLES = Path(__file__).with_name("roles.sql")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "autovacuum_naptime": "5s",  # a first import outruns the statistics otherwise, and joins get slow
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_vacuum_scale_factor": "0.05",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "",
}
FORGETFUL = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5min",
    "log_min_messages": "fatal",  # tests break constraints on purpose
}


class Postgres:
    """One cluster in one state folder; `durable` is off for tests, whose data nobody misses."""

    def __init__(self, state: paths.State, *, durable: bool) -> None:
        self.state, self.durable = state, durable
        self.programs = binaries.find()

    def start(self, supervisor: processes.Supervisor) -> None:
        """Make the cluster where there is none, start it, and wait until it answers; exits where it does not."""
        if not self.state.data.exists():
            self._make()
        self._refuse_other_version()
        paths.make_private(self.state.sockets, owner=binaries.user())
        # The caller holds the children's lock, so whoever wrote this is gone; its number may be another process's now.
        (self.state.data / "postmaster.pid").unlink(missing_ok=True)
        child = supervisor.start(self._program())
        if not supervisor.wait(self._answers, seconds=300, child=child):
            sys.exit("Stopped while PostgreSQL was starting." if supervisor.interrupts else "PostgreSQL did not start.")

    def connect(self, database: str = "postgres", role: str = "postgres") -> psycopg2.extensions.connection:
        """Return a connection in autocommit."""
        connection = psycopg2.connect(host=str(self.state.sockets), user=role, dbname=database)
        connection.autocommit = True
        return connection

    def execute(self, statement: str | sql.Composable, *, database: str = "postgres", role: str = "postgres") -> None:
        """Run one statement, or a file's worth of them, on a connection of its own."""
        connection = self.connect(database, role)
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def has(self, database: str) -> bool:
        """Say whether a database exists."""
        connection = self.connect()
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [database])
            found = cursor.rowcount > 0
        connection.close()
        return found

    def ensure(self, database: str) -> None:
        """Make a database where it is missing, and bring its roles and rights up to date."""
        if not self.has(database):
            self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        self.execute(ROLES.read_text(), database=database)

    def replace(self, database: str, template: str) -> None:
        """Make a database anew as a copy of another."""
        names = {"new": sql.Identifier(database), "old": sql.Identifier(template)}
        self.drop(database)
        self.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {old}").format(**names))
        self.execute(ROLES.read_text(), database=database)  # rights on a database are not copied

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _program(self) -> processes.Program:
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        settings["unix_socket_directories"] = str(self.state.sockets)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return processes.Program(
            "postgres",
            [str(self.programs / "postgres"), "-D", str(self.state.data), *options],
            env={"LC_ALL": "C"},
            user=binaries.user(),
            stop_signal=signal.SIGINT,  # "fast": rolls back, unlike SIGTERM, which waits for clients to leave
            fate=processes.Fate.VITAL,
            rank=2,
            mute=("LOG:", "FATAL:  the database system is"),
        )

    def _make(self) -> None:
        """Fill a folder beside, then rename it, so that a cluster is whole or absent."""
        draft = self.state.root / "pg.new"
        shutil.rmtree(draft, ignore_errors=True)
        paths.make_private(draft, owner=binaries.user())
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.version(self.programs) < 17:
            locale = ["--locale=C.UTF-8"]
        access = ["--username=postgres", "--auth=trust", "--encoding=UTF8"]  # the folder's mode is the lock on the door
        try:
            binaries.run(
                self.programs / "initdb", "-D", draft, *access, *locale, *([] if self.durable else ["--no-sync"])
            )
        except subprocess.CalledProcessError as problem:
            sys.exit(
                f"initdb failed (is {self.state.root} reachable for user id {binaries.user()}?):\n{problem.stderr}"
            )
        draft.rename(self.state.data)

    def _refuse_other_version(self) -> None:
        ours, theirs = binaries.version(self.programs), int((self.state.data / "PG_VERSION").read_text())
        if ours != theirs:
            sys.exit(
                f"{self.state.data} was written by PostgreSQL {theirs}, this is {ours}: use QR_PG_BIN, or start over."
            )
