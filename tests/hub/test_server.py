"""The hub as its operator runs it: settings, TLS, a proxy, workers, figures, stopping, a database that goes away."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.hub import options
from advocate_desk.hub.database import DatabaseForbids, open_database
from advocate_desk.hub.options import BadOption
from advocate_desk.sync import wire
from advocate_desk.sync.messages import AskChallenge
from advocate_desk.sync.wire import Refusal
from tests.hub import postgres
from tests.hub.postgres import Postgres
from tests.hub.processes import HubProcess, free_port, wait_until

ASKED = wire.pack(AskChallenge(b"o" * 16, b"d" * 16))


def ask(hub: HubProcess, **headers: str) -> tuple[int, bytes]:
    """One request of somebody without a session."""
    with closing(hub.line()) as line:
        line.request("POST", "/v1/challenge", ASKED, {key.replace("_", "-"): text for key, text in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.read()


def a_certificate(certificate: Path, key: Path) -> None:
    """One for localhost, signed by itself."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2", "-nodes"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run(
        ["openssl", "req", "-x509", *curve, *subject, "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )


def code(body: bytes) -> str:
    return wire.unpack(Refusal, body).code


@pytest.fixture
def hubs(tmp_path: Path) -> Iterator[list[HubProcess]]:
    """Hubs that a test starts, ended with it."""
    made: list[HubProcess] = []
    yield made
    for each in made:
        each.end()


# --- settings ---


def test_an_argument_comes_before_a_variable_and_a_variable_before_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://hub:sesame@db/hub\n")
    environ = {
        "ADVOCATE_HUB_DATABASE_FILE": str(secret),
        "ADVOCATE_HUB_PORT": "1000",
        "ADVOCATE_HUB_PORT_FILE": "/nowhere",
        "ADVOCATE_HUB_WORKERS": "2",
    }
    chosen = options.read(["--workers", "4"], environ)
    assert (chosen.database, chosen.port, chosen.workers) == ("postgresql://hub:sesame@db/hub", 1000, 4)
    assert options.read([], chosen.variables) == chosen


@pytest.mark.parametrize(
    ("environ", "setting"),
    [
        ({"PORT": "sesame"}, "port"),
        ({"WORKERS": "2"}, "workers"),
        ({"WORKERS": "0"}, "workers"),
        ({"PORT": "70000"}, "port"),
        ({"PORT": "-1"}, "port"),
        ({"QUOTA_GIB": "-1"}, "quota"),
        ({"QUOTA_GIB": "nan"}, "quota"),
        ({"QUOTA_GIB": "inf"}, "quota"),
        ({"CERTIFICATE": "sesame"}, "certificate"),
        ({"CERTIFICATE": "sesame", "KEY": "sesame"}, "certificate"),
        ({"METRICS": "sesame"}, "metrics"),
        ({"METRICS": "127.0.0.1:70000"}, "metrics"),
        ({"DATABASE_FILE": "sesame"}, "DATABASE"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(environ: dict[str, str], setting: str) -> None:
    with pytest.raises(BadOption, match=setting) as refusal:
        options.read([], {f"ADVOCATE_HUB_{name}": value for name, value in environ.items()})
    assert "sesame" not in str(refusal.value)


def test_a_certificate_that_cannot_be_used_is_said_before_anything_starts(tmp_path: Path) -> None:
    certificate, key, locked = tmp_path / "certificate.pem", tmp_path / "key.pem", tmp_path / "locked.pem"
    a_certificate(certificate, key)
    locking = ["openssl", "pkey", "-in", str(key), "-aes256", "-passout", "pass:sesame", "-out", str(locked)]
    subprocess.run(locking, check=True, capture_output=True)
    options.read(["--certificate", str(certificate), "--key", str(key)], {})
    for wrong in (certificate, locked):
        with pytest.raises(BadOption, match="certificate and key"):
            options.read(["--certificate", str(certificate), "--key", str(wrong)], {})


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("postgresql://hub:sesame@db/hub", True),
        ("postgres://hub:sesame@[::1/hub", True),
        ("postgresql://hub:ses/ame@db/hub", True),
        ("postgresql://db/hub?user=hub&password=sesame", True),
        ("postgresql://hub@db:5432/hub?sslmode=verify-full", False),
        ("postgresql://db1:5432,db2:5432/hub", False),
        ("folder/hub:1@x.db", False),
    ],
)
def test_a_password_is_no_argument_for_every_user_to_read(url: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(BadOption, match="ADVOCATE_HUB_DATABASE_FILE") as refusal:
            options.read(["--database", url], {})
        assert "ses" not in str(refusal.value)
    else:
        assert options.read(["--database", url], {}).database == url
    assert options.read([], {"ADVOCATE_HUB_DATABASE": url}).database == url


@pytest.mark.parametrize("url", ["postgresql://ann:sesame@127.0.0.1:1/hub", "postgresql://ann:sesame@[::1/sesame"])
def test_a_database_that_does_not_answer_is_said_without_its_url(url: str) -> None:
    environ = {**os.environ, "ADVOCATE_HUB_DATABASE": url}
    command = [sys.executable, "-m", "advocate_desk.hub.server", "--port", str(free_port())]
    done = subprocess.run(command, check=False, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 4
    assert done.stderr == "Nothing was started: the database does not answer.\n"
    assert "sesame" not in done.stdout
    assert "Traceback" not in done.stdout


def test_a_database_of_somebody_elses_is_said(postgres_server: Postgres) -> None:
    name = postgres_server.new_database()
    postgres_server.ask(name, f"CREATE ROLE guest_{name} LOGIN")
    postgres_server.ask(name, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")  # so it is from PostgreSQL 15 on
    url = postgres_server.url(name).replace("hub@", f"guest_{name}@", 1)
    environ = {**os.environ, "ADVOCATE_HUB_DATABASE": url}
    command = [sys.executable, "-m", "advocate_desk.hub.server", "--port", str(free_port())]
    done = subprocess.run(command, check=False, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 4
    assert "Let it own the database" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_file_that_the_hub_may_not_write_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    with closing(connect(tmp_path / "hub.db")) as made:
        made.execute("CREATE TABLE it (is_there)")

    def only_to_read(path: str | Path, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(f"file:{path}?mode=ro", uri=True, **options)
        return made

    monkeypatch.setattr(sqlite3, "connect", only_to_read)  # root may write in every file
    with pytest.raises(DatabaseForbids):
        open_database(str(tmp_path / "hub.db"))


def test_the_hub_loads_nothing_that_could_read_a_file() -> None:
    code = (
        "import sys, advocate_desk.hub.app, advocate_desk.hub.postgres, advocate_desk.hub.server; print(*sys.modules)"
    )
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "advocate_desk.hub.pushes" in loaded
    assert not loaded & {"PySide6", "sqlalchemy", "sqlcipher3", "advocate_desk.store", "advocate_desk.sync.seal"}


# --- on its own ---


def test_a_hub_behind_nothing_speaks_tls_and_nothing_older_than_1_2(tmp_path: Path, hubs: list[HubProcess]) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    a_certificate(certificate, key)
    asked = {"certificate": str(certificate), "key": str(key), "founding_code": "sesame"}
    hub = HubProcess(tmp_path / "hub", str(tmp_path / "hub" / "hub.db"), options=asked)
    hubs.append(hub)
    hub.start()
    assert ask(hub)[0] == 200
    assert (tmp_path / "hub" / "hub.db").stat().st_mode & 0o077 == 0
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)), socket.create_connection(("127.0.0.1", hub.port)) as plain:
        old.wrap_socket(plain)
    with closing(http.client.HTTPConnection("127.0.0.1", hub.port)) as line:
        line.request("GET", "/health")
        with pytest.raises((http.client.HTTPException, OSError)):
            line.getresponse()
    assert hub.terminate() in {0, -signal.SIGTERM}
    assert "sesame" not in hub.log


@pytest.mark.parametrize("is_named", [True, False])
def test_only_a_named_proxy_says_for_whom_it_asks(tmp_path: Path, hubs: list[HubProcess], is_named: bool) -> None:
    asked = {"stranger_rate": "3", "trust_proxy": "127.0.0.1" if is_named else "192.0.2.1"}
    hub = HubProcess(tmp_path / "hub", str(tmp_path / "hub.db"), options=asked)
    hubs.append(hub)
    hub.start()
    for _ in range(3):
        assert ask(hub, X_Forwarded_For="203.0.113.5")[0] == 200
    status, body = ask(hub, X_Forwarded_For="203.0.113.5")
    assert (status, code(body)) == (429, "too_many")
    assert ask(hub, X_Forwarded_For="203.0.113.6")[0] == (200 if is_named else 429)
    assert "203.0.113" not in hub.log


def test_a_request_that_stops_half_way_is_no_fault(tmp_path: Path, hubs: list[HubProcess]) -> None:
    hub = HubProcess(tmp_path / "hub", str(tmp_path / "hub.db"))
    hubs.append(hub)
    hub.start()
    with socket.create_connection(("127.0.0.1", hub.port)) as line:
        line.sendall(b"POST /v1/challenge HTTP/1.1\r\nHost: hub\r\nContent-Length: 500\r\n\r\nhalf")
    wait_until(lambda: '"code": "cut_off"' in hub.log)
    assert ask(hub)[0] == 200
    assert {line["level"] for line in hub.lines} == {"info"}


# --- several workers on PostgreSQL ---


def test_several_workers_share_their_figures_and_a_dead_one_is_replaced(
    tmp_path: Path, postgres_url: str, hubs: list[HubProcess]
) -> None:
    figures = free_port()
    hub = HubProcess(tmp_path / "hub", postgres_url, workers=2, options={"metrics": f"127.0.0.1:{figures}"})
    hubs.append(hub)
    hub.start()
    for _ in range(30):
        assert ask(hub)[0] == 200
    status, page = hub.get("/metrics", figures)
    assert status == 200
    assert b'advocate_hub_requests_total{route="/v1/challenge",status="200"} 30.0' in page
    assert hub.get("/metrics")[0] == 404
    dead = hub.worker_pids[0]
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: len(hub.worker_pids) == 2 and dead not in hub.worker_pids and hub.is_ready())
    assert ask(hub)[0] == 200
    assert hub.terminate() == 0
    assert {line["event"] for line in hub.lines if "route" in line} == {"request"}


def test_a_hub_that_is_told_to_stop_answers_what_it_has_begun(
    tmp_path: Path, postgres_url: str, hubs: list[HubProcess]
) -> None:
    hub = HubProcess(tmp_path / "hub", postgres_url)
    hubs.append(hub)
    hub.start()
    with socket.create_connection(("127.0.0.1", hub.port)) as line:
        head = (
            f"POST /v1/challenge HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: {len(ASKED)}\r\n\r\n"
        )
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 100")  # it has begun to read
        stopping = threading.Thread(target=hub.terminate)
        stopping.start()
        wait_until(lambda: "Shutting down" in hub.log)
        line.sendall(ASKED)
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
    stopping.join(20)
    assert hub.lines[-1]["level"] == "info"


@pytest.mark.timeout(120)
def test_a_database_that_goes_away_and_comes_back_is_no_end(tmp_path: Path, hubs: list[HubProcess]) -> None:
    with postgres.running() as server:
        name = server.new_database()
        hub = HubProcess(tmp_path / "hub", server.url(name))
        hubs.append(hub)
        hub.start()
        opened = wire.pack(AskChallenge(b"o" * 16, b"d" * 16))
        server.kill()
        assert hub.get("/health")[0] == 503
        with closing(hub.line()) as line:
            line.timeout = 25
            line.request("POST", "/v1/pull", opened, {"Authorization": f"Desk {'0' * 64}"})
            answer = line.getresponse()
            assert (answer.status, code(answer.read())) == (503, "busy")
        server.start()
        wait_until(hub.is_ready)
    assert {json.dumps(line) for line in hub.lines if line["level"] == "error" and "fault" not in line} == set()
    assert "hub_" not in hub.log
