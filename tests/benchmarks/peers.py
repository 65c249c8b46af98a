"""Other programs that exchange records, each with its own server and client, on the same records as ours.

They are asked for by name of a folder and live there alone. One that cannot be had is told as not measured. Neither
encrypts what it sends, nor signs it.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advocate_desk.sync.records import outgoing, shapes
from tests.benchmarks.exchange import PULL, PUSH, WORK_PULLED, WORK_PUSHED, cpu_s
from tests.benchmarks.figures import Figure, figure
from tests.benchmarks.statements import bare_driver
from tests.builders import a_work
from tests.builders_large import a_caseload
from tests.hub.processes import free_port

PROGRAMS = Path(__file__).resolve().parent / "programs"
PACKAGES = {"pouchdb": "9", "express": "4", "express-pouchdb": "4"}
READY_S = 60.0
COMPARED = (
    (PUSH, "push_ms", False),
    (PULL, "pull_ms", False),
    (WORK_PUSHED, "push_work_ms", True),
    (WORK_PULLED, "pull_work_ms", True),
)
"""Our figure, what a peer's client calls its own, and whether ours is of one record."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: how it is put into a folder, how its server and its client start there, and our target against it."""

    name: str
    target: float
    install: Callable[[Path], bool]
    serve: Callable[[Path, int, Path], tuple[Sequence[str], Mapping[str, str]]]
    sync: Callable[[Path, int, Path, Path], Sequence[str]]


def beside(folder: Path, ours: Mapping[str, Figure], files: int, notes_each: int) -> Iterator[Figure]:
    """Our first push and pull beside each peer's on the same records: time, and the processor's work of both sides.

    `ours` are our figures by name, of as many records.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        records = Path(made) / "records"
        write_records(records, files, notes_each)
        for peer in PEERS:
            took = _measured(peer, folder.resolve(), records, Path(made) / peer.name)
            for name, what, a_record in COMPARED:
                own = ours[name]
                if took is None or own.value is None:
                    told = f"{name}, against {peer.name}: not measured, it cannot be had"
                    yield Figure(told, own.size, None, own.unit, target=peer.target)
                else:
                    theirs = took[what] * (1000 / own.size if a_record else 1)
                    yield figure(f"{name}, against {peer.name}", own.size, own.value, own.unit, theirs, peer.target)


def write_records(path: Path, files: int, notes_each: int) -> None:
    """The records of the caseload that ours exchange, one a line."""
    with tempfile.TemporaryDirectory() as folder, path.open("w", encoding="utf-8") as lines:
        work = a_work(Path(folder))
        a_caseload(work, files, notes_each)
        with bare_driver(work.engine) as driver:
            for shape in shapes().values():
                names = ("extra", *shape.columns)
                columns = ", ".join(f'"{name}"' for name in names)
                for row in driver.execute(f'SELECT {columns} FROM "{shape.name}"'):
                    said = {"record_kind": shape.name, **outgoing(shape, dict(zip(names, row, strict=True)))}
                    lines.write(json.dumps(said, ensure_ascii=False) + "\n")
        work.engine.dispose()


def _measured(peer: Peer, folder: Path, records: Path, scratch: Path) -> dict[str, float] | None:
    """What the peer's client says of each way, by name, with the work of its server meanwhile beside its own."""
    if not peer.install(folder):
        return None
    port = free_port()
    for name in ("server", "client"):
        (scratch / name).mkdir(parents=True)
    command, variables = peer.serve(folder, port, scratch / "server")
    server = subprocess.Popen(command, cwd=folder, env={**os.environ, **variables}, stdout=subprocess.DEVNULL)
    found: dict[str, float] = {}
    try:
        _wait(server, port)
        asked = peer.sync(folder, port, records, scratch / "client")
        with subprocess.Popen(asked, cwd=folder, stdout=subprocess.PIPE, text=True) as client:
            assert client.stdout is not None
            used_s = 0.0
            for line in client.stdout:  # one as it begins to push, then one each way
                said, before_s, used_s = json.loads(line), used_s, cpu_s(server.pid)
                for name, value in said.items():
                    found[name] = value + ((used_s - before_s) * 1000 if name.endswith("work_ms") else 0)
    finally:
        server.kill()
        server.wait()
    return None if client.returncode else found


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_S
    while server.poll() is None and time.monotonic() < until:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/")
            line.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def _install_pouch(folder: Path) -> bool:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    if all((folder / "node_modules" / each).exists() for each in PACKAGES):
        return True
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    return _runs(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *wanted])


def _install_anki(folder: Path) -> bool:
    python = folder / "anki" / "bin" / "python"
    if not python.exists() and not _runs([sys.executable, "-m", "venv", str(folder / "anki")]):
        return False
    return _runs([str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "anki"])


POUCH = Peer(
    "PouchDB",
    1 / 5,
    _install_pouch,
    lambda _folder, port, data: (("node", str(PROGRAMS / "pouch.js"), "serve", str(port), str(data)), {}),
    lambda _folder, port, records, data: (
        "node",
        str(PROGRAMS / "pouch.js"),
        "sync",
        str(port),
        str(records),
        str(data),
    ),
)
ANKI = Peer(
    "Anki",
    1.0,
    _install_anki,
    lambda folder, port, data: (
        (str(folder / "anki" / "bin" / "python"), "-m", "anki.syncserver"),
        {"SYNC_USER1": "bench:bench", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "SYNC_BASE": str(data)},
    ),
    lambda folder, port, records, data: (
        str(folder / "anki" / "bin" / "python"),
        str(PROGRAMS / "anki_cards.py"),
        str(port),
        str(records),
        str(data),
    ),
)
PEERS = (POUCH, ANKI)
