"""What the store kept and gives back, perhaps written by an other version: settings, filters, a list in hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from advocate_desk import paths
from advocate_desk.desk.drafts import draft_key, file_of
from advocate_desk.desk.forms.logo import logo_of
from advocate_desk.desk.screens.caseload import saved
from advocate_desk.desk.screens.import_wizard.state import ListInHand, check_all, lay_out
from advocate_desk.documents.letter_form import facts_from_form
from advocate_desk.documents.sheets.columns import load_vocabulary
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import (
    IDLE_LOCK_CHOICES_S,
    ComputerSettings,
    Letterhead,
    LockSettings,
    WorkerDetails,
    from_json,
)
from tests.fuzz.papers import pictures
from tests.fuzz.shapes import json_shaped
from tests.fuzz.target import Feed, Target
from tests.referral_sheets import FOLDER

TODAY = date(2026, 11, 21)


def value_of(data: bytes) -> Any:
    """The JSON value that an input is; None for text that is none, which the store never holds."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _start_settings(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        value = value_of(data)
        from_json(ComputerSettings, value)
        from_json(Letterhead, value)
        from_json(WorkerDetails, value)
        lock = from_json(LockSettings, value)
        assert min(IDLE_LOCK_CHOICES_S) <= lock.idle_lock_s <= max(IDLE_LOCK_CHOICES_S)
        found = saved.saved_from_json(value)
        assert saved.saved_from_json(json.loads(json.dumps(saved.saved_to_json(found)))) == found
        if isinstance(value, Mapping):
            facts_from_form(value, {})
            file_of(dict(value))
            draft_key("x", dict(value))
            logo_of(value)

    return feed


def _start_in_hand(_scratch: Path) -> Feed:
    """A list in hand and a remembered mapping. ValueError is its refusal: the keeper then drops it."""
    words = load_vocabulary(Packs(paths.resources()))

    def feed(data: bytes) -> None:
        value = value_of(data)
        if not isinstance(value, Mapping):
            return
        try:
            hand = ListInHand.brought_back({"data": value.get("data")}, value)
        except ValueError:
            return
        book = read_sheet(hand.data, encoding=hand.encoding or None, delimiter=hand.delimiter or None)
        laid = lay_out(book, hand, words, TODAY, value.get("remembered"))
        hand.fit_to(laid.table.names)
        hand.mapping = hand.mapping or tuple(guess.field for guess in laid.guesses)
        check_all(laid.table, hand, words, TODAY)
        hand.snapshot()
        assert ListInHand.brought_back(hand.sheet_kept(), hand.decided()) == hand

    return feed


def in_hand_seeds() -> list[bytes]:
    """Lists in hand at several steps."""
    data = base64.b64encode((FOLDER / "two_bands.csv").read_bytes()).decode()
    decided = {
        "data": data,
        "encoding": "utf-8",
        "delimiter": ",",
        "sheet": 0,
        "header_row": 1,
        "step": 3,
        "mapping": [
            "sender_reference",
            "client_family",
            "client_given",
            "client_born_on",
            "",
            "+notes",
            "",
            "incident_on",
        ],
        "orders": {"incident_on": "day_first"},
        "for_all": {"source": "police"},
        "edits": {"3": {"client_family": "Wren"}},
        "left_out": [4],
        "choices": {"3": "merge"},
        "remembered": {"columns": {"Ref": "sender_reference"}, "orders": {"incident_on": "day_first"}, "for_all": {}},
    }
    return [json.dumps(decided).encode(), json.dumps({"data": data}).encode()]


def setting_seeds() -> list[bytes]:
    """Settings of every kind."""
    logo = {"width_px": 24, "height_px": 16, "png": base64.b64encode(pictures()[4]).decode()}
    filters = {
        "filters": [
            {
                "name": "Mine",
                "keep": {"grades": ["high"], "no_contact_for_days": 3},
                "sort": "next_on",
                "descending": True,
            }
        ],
        "default": "Mine",
    }
    lock = {
        "idle_lock_s": 600,
        "lock_with_screen": True,
        "service_name": "Northgate",
        "file_id": "0" * 32,
        "hearing": "2026-12-07T10:00",
        "measures": ["screen"],
        "contact_count": 14,
        "practical_requests": "a\nb",
        "supported_since": "2026-01-01",
    }
    return [json.dumps(each).encode() for each in (logo, filters, lock)]


TARGETS = (
    Target(
        "settings",
        1.5,
        _start_settings,
        setting_seeds,
        ("settings", "caseload/saved", "forms/logo", "letter_form", "desk/drafts"),
        json_shaped(),
    ),
    Target(
        "in_hand",
        0.7,
        _start_in_hand,
        in_hand_seeds,
        ("import_wizard/state", "documents/sheets"),
        json_shaped((b'"mapping"', b'"edits"')),
    ),
)
