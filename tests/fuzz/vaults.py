"""Parsers that stand before the vault: key file and spare, recovery code, passphrase, settings, command line."""

from __future__ import annotations

import contextlib
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

from advocate_desk import settings
from advocate_desk.app import arguments
from advocate_desk.clock import FixedClock
from advocate_desk.demonstration.caseload import is_of_today
from advocate_desk.vault import keyfile, throttle
from advocate_desk.vault.folder import FILE_NAME, SPARE_NAME
from advocate_desk.vault.passphrase import MOST_CHARACTERS, estimate, normalised
from advocate_desk.vault.recovery import GROUPS, RecoveryCode, group_advice
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.vault_json import decode, encode
from tests.fuzz.mutation import bytewise
from tests.fuzz.shapes import json_shaped
from tests.fuzz.target import Feed, Target, text_of

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def _start_key_file(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        vault = decode(data)
        assert decode(encode(vault)) == vault
        for now in (NOW, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
            moved = throttle.on_new_clock(vault.throttle, now)
            assert 0 <= throttle.wait_left_s(moved, now) <= 24 * 3600
            throttle.counted(moved, now)

    return feed


def _start_key_folder(scratch: Path) -> Feed:
    """The key file and its spare as a cut-off write, another hand or a bad disk left them: two halves of the input."""

    def feed(data: bytes) -> None:
        first, _, second = data.partition(b"\n---\n")
        (scratch / FILE_NAME).write_bytes(first)
        (scratch / SPARE_NAME).write_bytes(second)
        vault = keyfile.load(scratch)
        assert keyfile.load(scratch) == vault

    return feed


def _vector() -> bytes:
    """The key file of the format page."""
    found = re.search(r"```json\n(.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    return json.dumps(json.loads(found[1])["vault.json"]).encode()


def key_files() -> list[bytes]:
    """Real key files, with and without a keyring, as the format page shows them."""
    text = _vector()
    newer = json.loads(text) | {"version": 99}
    return [text, json.dumps(newer).encode(), b"{}", b"[" * 5000, b"null"]


def key_folders() -> list[bytes]:
    """A whole pair, and pairs of which one is broken."""
    whole = _vector()
    return [whole + b"\n---\n" + whole, whole[:100] + b"\n---\n" + whole, whole + b"\n---\n", b"\n---\n" + whole]


def _start_code(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        text = text_of(data)
        for place, group in enumerate(text.split(" ")[:GROUPS]):
            group_advice(place, group)
        code = RecoveryCode.parse(text)
        assert RecoveryCode.parse(" ".join(code.groups)).groups == code.groups

    return feed


def recovery_codes() -> list[bytes]:
    """Codes as printed and as typed."""
    codes = [" ".join(RecoveryCode(SecretKey(bytearray([n] * 20))).groups) for n in (0, 7, 0xA5, 0xFF)]
    return [*(code.encode() for code in codes), codes[2].lower().replace("0", "o").replace(" ", "-").encode(), b""]


def _start_passphrase(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        text = text_of(data)
        strength = estimate(text, ("Testina Sampleby", "Northgate"))
        assert 0 <= strength.score <= 4
        assert strength.advice.endswith(".")
        assert len(normalised(text)) <= MOST_CHARACTERS * 20

    return feed


def _start_computer(scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        path = scratch / "computer.json"
        path.write_bytes(data)
        found = settings.load_computer(path)
        assert 100 <= found.text_percent <= 200
        assert found.theme in ("light", "dark", "high_contrast")
        assert settings.from_json(settings.ComputerSettings, settings.to_json(found)) == found
        (scratch / "made-at").write_bytes(data)
        is_of_today(scratch, FixedClock(NOW))

    return feed


def _start_arguments(_scratch: Path) -> Feed:
    """The parser ends the process with a usage line: that is its answer, and no traceback."""

    def feed(data: bytes) -> None:
        said = ["advocate-desk", *text_of(data).split("\n")[:6]]
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            try:
                arguments(said)
            except SystemExit:
                return

    return feed


_PAGE = Path(__file__).parents[2] / "packaging" / "VAULT_FORMAT.md"
_NAMES = "version format slots kdf alg salt opslimit noted wait_s failures seal device"
_FIELDS = tuple(
    f'"{name}"'.encode()
    for name in [
        "version",
        "format",
        "slots",
        "kdf",
        "alg",
        "salt",
        "opslimit",
        "noted",
        "wait_s",
        "failures",
        "seal",
        "device",
    ]
)
_VAULT = ("advocate_desk/vault/",)

TARGETS = (
    Target("vault_json", 8, _start_key_file, key_files, _VAULT, json_shaped(_FIELDS)),
    Target("key_folder", 1, _start_key_folder, key_folders, _VAULT, bytewise((*_FIELDS, b"\n---\n"))),
    Target(
        "recovery_code",
        8,
        _start_code,
        recovery_codes,
        _VAULT,
        bytewise((b"-", b" ", b"O", b"l", b"U", b"00000"), 600),
    ),
    Target(
        "passphrase",
        0.1,
        _start_passphrase,
        lambda: [
            b"harbour violin thursday cabbage",
            b"a" * 80,
            b"19900403",
            b"qwerty",
            "pÄsswört🦉".encode(),
            b"x" * 2000,
        ],
        _VAULT,
        bytewise((b"password", b"1990", b"abc", b"qwer", b"11"), 2000),
    ),
    Target(
        "computer",
        1.5,
        _start_computer,
        lambda: [
            b'{"theme": "dark", "text_percent": 150, "hide_on_deactivate": true}',
            b"2026-11-21T09:00:00+00:00",
            b"2026-11-21",
            b"[" * 2000,
        ],
        ("settings.py", "demonstration/"),
        json_shaped((b'"theme"', b'"text_percent"', b"high_contrast", b"+00:00", b"T")),
    ),
    Target(
        "arguments",
        1.5,
        _start_arguments,
        lambda: [b"--demo", b"--profile\nx", b"--profile=x\n--demo", b"-h", b"--pro\n"],
        ("advocate_desk/app",),
        bytewise((b"--demo", b"--profile", b"=", b"-", b"\n", b"--"), 400),
    ),
)
