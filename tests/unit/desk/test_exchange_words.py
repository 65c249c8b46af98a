"""What the header and the panel say of the exchange: calm where there is no signal, plain where something is amiss."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import timedelta

import pytest

from advocate_desk.desk.team.exchange_state import Ended, ExchangeState
from advocate_desk.desk.team.state_words import (
    distrust_words,
    event_words,
    headline,
    note_words,
    percent_words,
    trouble_words,
    when_words,
)
from advocate_desk.sync import transport
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.messages import Body
from advocate_desk.sync.overview import Event
from advocate_desk.sync.transport import NO_ANSWER, Line
from tests.builders import NOON

WELL = ExchangeState(is_enrolled=True, has_hub=True, last_at=NOON - timedelta(minutes=12))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (WELL, "Exchanged 11:48"),
        (replace(WELL, last_at=NOON - timedelta(days=2)), "Exchanged Thu 19 Nov, 12:00"),
        (replace(WELL, last_at=None), "First exchange"),
        (replace(WELL, waiting=1), "1 change to send"),
        (replace(WELL, waiting=1200), "1,200 changes to send"),
        (replace(WELL, progress=(1240, 3310)), "Receiving 37%"),
        (replace(WELL, is_paused=True, waiting=2), "Exchange paused · 2 changes to send"),
        (replace(WELL, has_hub=False), "Exchange by a file"),
        (replace(WELL, trouble=Ended("unreachable", advice=NO_ANSWER)), "No connection"),
        (replace(WELL, trouble=Ended("refused", "too_many")), "Exchange stopped"),
        (replace(WELL, trouble=Ended("refused", "full")), "Exchange: please read"),
        (replace(WELL, trouble=Ended("distrust", "gap")), "Exchange: please read"),
        (replace(WELL, notes=("many_withdrawn",)), "Exchange: please read"),
        (replace(WELL, alarms=(Event(1, NOON, "distrust", {"what": "gap"}),)), "Exchange: please read"),
        (replace(WELL, notes=("withheld",), withheld_at=NOON - timedelta(hours=3)), "Exchanged 11:48"),
        (replace(WELL, notes=("withheld",), withheld_at=NOON - timedelta(days=2)), "Exchange: please read"),
    ],
)
def test_the_header_says_it_in_a_few_words(state: ExchangeState, words: str) -> None:
    assert headline(state, NOON).words == words


def test_a_moment_is_told_by_the_clock_in_london() -> None:
    summer = NOON.replace(month=7)
    assert when_words(summer, summer + timedelta(hours=1)) == "13:00"


def test_an_exchange_that_is_not_at_its_end_is_never_at_a_hundred() -> None:
    assert percent_words((5, 5)) == "99%"
    assert percent_words((0, 0)) == "0%"


@pytest.mark.parametrize("what", ["signature", "gap", "removal", "something new"])
def test_distrust_says_what_was_kept_and_whom_to_tell(what: str) -> None:
    told = distrust_words(what)
    assert "Nothing here was changed" in told and "kept here" in told and "Tell your administrator" in told


@pytest.mark.parametrize("kind", ["unreachable", "knocking", "left", "trouble"])
def test_every_other_ending_has_its_words(kind: str) -> None:
    assert len(trouble_words(Ended(kind)).text) > 40


@pytest.mark.parametrize(
    "kind",
    ["distrust", "withheld", "spoiled_document", "gave_back", "cleared", "push_refused", "by_file", "forked"],
)
def test_every_entry_of_the_log_has_its_words(kind: str) -> None:
    unknown = event_words(Event(1, NOON, "unheard of", {}))
    assert event_words(Event(1, NOON, kind, {})).text != unknown.text


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("gave_back", {"records": 1}, "gave it 1 record;"),
        ("gave_back", {"records": 1_200}, "gave it 1,200 records;"),
        ("cleared", {"records": 1}, "delivered: 1 record."),
        ("by_file", {"sent": 1, "received": 2}, "1 record sent, 2 records received"),
    ],
)
def test_one_record_is_told_as_one(kind: str, detail: dict[str, int], words: str) -> None:
    assert words in event_words(Event(1, NOON, kind, detail)).text


@pytest.mark.parametrize(("kept", "words"), [(1, "with the file that"), (3, "with the 3 files that")])
def test_one_file_that_stayed_is_told_as_one(kept: int, words: str) -> None:
    assert words in trouble_words(Ended("left", detail=kept)).text


@pytest.mark.parametrize("kind", ["withheld", "contradicted", "rival_key"])
def test_what_a_colleagues_desk_claims_is_told_with_her_name(kind: str) -> None:
    told = event_words(Event(1, NOON, kind, {"by": ["00" * 16]}, ("Eve Example",)))
    assert "the desk of Eve Example" in told.text.replace("The", "the")
    assert "a colleague" in event_words(Event(1, NOON, kind, {"by": ["00" * 16]})).text


def test_only_what_needs_an_answer_has_a_button() -> None:
    told = note_words(("many_withdrawn", "unreadable", "withheld"), 61)
    assert [bool(each.action) for each in told].count(True) == 1
    assert any("61 files" in each.text for each in told)


@pytest.mark.parametrize(("code", "words"), [(9, "date is right"), (10, "date is right"), (18, "IT service")])
def test_a_certificate_that_is_not_valid_today_asks_to_look_at_the_clock(
    monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def connect(_address: object) -> object:
        error = ssl.SSLCertVerificationError("refused")
        error.verify_code = code
        raise error

    monkeypatch.setattr(transport, "connect", connect)
    with pytest.raises(Unreachable, match=words):
        Line(parse_address("https://hub.example.org")).ask("pull", Body(b""), Body)
