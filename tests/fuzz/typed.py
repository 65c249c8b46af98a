"""What is typed, pasted or brought back from a draft: days, times, numbers, forms, names, what is looked for."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from advocate_desk.casework.conflict_check import NameTyped, find_conflicts
from advocate_desk.casework.names import name_key, skeletons
from advocate_desk.desk.forms import convert, values
from advocate_desk.desk.widgets.option_picker import matching
from advocate_desk.documents.mentions import Searched, first_said, plain
from advocate_desk.domain.contact import ContactMethod, covered, hours_words, read_hours
from advocate_desk.domain.folding import fold
from advocate_desk.store.queries.find import find
from tests.builders import PACKS, a_file, a_work, an_intake
from tests.desk.forms import EVERY_KIND, FILLED, OPTIONS
from tests.fuzz.mutation import bytewise
from tests.fuzz.shapes import json_shaped
from tests.fuzz.target import Feed, Target, text_of

TODAY = date(2026, 11, 21)


def _start_values(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        text = text_of(data)
        day = values.parse_day(text, TODAY)
        if day is not None:
            assert values.iso_day(day.isoformat()) == day
            assert values.parse_day(day.isoformat(), TODAY) == day
            assert day.year < 1000 or values.parse_day(values.day_words(day), TODAY) == day
        clock = values.parse_time(text)
        assert clock is None or values.parse_time(clock.strftime("%H:%M")) == clock
        number = values.parse_number(text)
        assert number is None or values.parse_number(f"{number:,}") == number
        covered("mobile", text)

    return feed


def _start_form(_scratch: Path) -> Feed:
    """A draft's values, of this version or another, checked and converted as saving does."""
    keys = [field.key for field in values.top_fields(EVERY_KIND)]

    def feed(data: bytes) -> None:
        try:
            kept = json.loads(data)
        except (ValueError, RecursionError):
            return
        if not isinstance(kept, dict):
            return
        for problem in values.problems(EVERY_KIND, kept).values():
            assert problem.endswith(".")
        values.progress(values.top_fields(EVERY_KIND), kept)
        for key in keys:
            for read in (
                convert.text_of,
                convert.day_of,
                convert.moment_of,
                convert.number_of,
                convert.keys_of,
                convert.rows_of,
                convert.is_ticked,
                convert.record_of,
            ):
                read(kept, key)

    return feed


def _start_hours(_scratch: Path) -> Feed:
    """Safe hours as a form stores them. ValueError is their refusal: the form says it in words."""

    def feed(data: bytes) -> None:
        start, until, *days = (*text_of(data).split("|"), "", "")[:9]
        with suppress(ValueError):
            hours = read_hours(start, until, [day for day in days if day])
            if hours is not None:
                assert hours_words(hours)
                hours.holds(datetime(2026, 11, 21, 9, 30))
                ContactMethod("mobile", "07700 900123", hours=hours)

    return feed


def _start_mentions(_scratch: Path) -> Feed:
    """What must not leave, looked for in any text."""

    def feed(data: bytes) -> None:
        text, _, secret = text_of(data).partition("|")
        searched = Searched(text, ("Leeds Crown Court", "Testham"))
        searched.mentions(secret)
        first_said(plain(text), ("immigration", "no recourse", "visa*", "women's refuge"))
        if secret.isascii() and secret.isalpha() and len(secret) > 3:
            assert Searched(f"He said {secret.upper()}, twice.").mentions(secret)

    return feed


def _start_find(scratch: Path) -> Feed:
    work = a_work(scratch)
    a_file(work)
    a_file(work, client=an_intake().client.__class__("client", "Łucja", "Wójcik-Ŷates"))

    def feed(data: bytes) -> None:
        with work.engine.connect() as conn:
            for hit in find(conn, text_of(data)):
                assert hit.client_name

    return feed


def _start_names(scratch: Path) -> Feed:
    """Names in any script against those we know, and against courts, forces and options."""
    work = a_work(scratch)
    a_file(work)

    def feed(data: bytes) -> None:
        given, _, family = text_of(data).partition(" ")
        skeletons(name_key(given, family))
        find_conflicts(work, [NameTyped("client", given, family, TODAY)])
        fold(given)
        matching(OPTIONS["source"], given)
        for search in (PACKS.search_courts, PACKS.search_forces):
            assert len(search(given)) <= 20
        PACKS.label("weekday", given)

    return feed


_NAMES = (
    "Zoë O'Rowan",
    "Łucja Wójcik",
    "محمد النجار",
    "ਸ਼੍ਰੀ ਬਰਟਰਮ",
    "彭 德威",
    "ﬁ ﬀ",
    "İstanbul ß",
    "ʻAlamea",
    "a" * 300,
    "🦉 🦉",
)

TARGETS = (
    Target(
        "typed_values",
        22,
        _start_values,
        lambda: [
            each.encode()
            for each in (
                "3/4/26",
                "3 Apr",
                "3rd of April 2026",
                "2026-11-21",
                "2026-W01-1",
                "tomorrow",
                "fri",
                "+7",
                "-2w",
                "+9999m",
                "1015",
                "10.15",
                "9am",
                "2.30 pm",
                "noon",
                "1,234",
                "-5",
                "٣/٤/٢٠٢٦",
                "²",
                "31 12 85",
                "0001-01-01",
                "9999-12-31",
                "+1d",
            )
        ],
        ("forms/values", "domain/"),
        bytewise(
            (b"/", b"-", b"+", b"m", b"w", b"d", b"am", b"pm", b":", b".", b"Apr", b"st", b"20", b"\xd9\xa3", b"W01"),
            100,
        ),
    ),
    Target(
        "form_values",
        10,
        _start_form,
        lambda: [json.dumps(FILLED).encode(), b"{}", b"[]", b'{"happened": "2026-11-21T10:15"}'],
        ("forms/values", "forms/convert", "domain/"),
        json_shaped((b'"answer"', b'"detail"', b"T10:15", b"+01:00")),
    ),
    Target(
        "safe_hours",
        14,
        _start_hours,
        lambda: [b"09:00|15:00|monday|tuesday", b"22:00|06:00", b"|", b"9|17|x", b"00:00|00:00"],
        ("domain/contact",),
        bytewise((b"|", b":", b"monday", b"24", b"00:00", b"T", b"+01:00"), 120),
    ),
    Target(
        "mentions",
        1.5,
        _start_mentions,
        lambda: [
            each.encode()
            for each in (
                "She lives at 12 Wren Row, Testham.|12 Wren Row",
                "Ring 07700-900 123|07700 900123",
                "A V I S A|visa",
                *(f"{name}|{name}" for name in _NAMES),
            )
        ],
        ("documents/mentions", "documents/characters"),
        bytewise((b"|", b" ", b"-"), 4000),
    ),
    Target(
        "find",
        0.8,
        _start_find,
        lambda: [
            each.encode()
            for each in (
                "test sampleby",
                "AND OR NOT NEAR(a b)",
                'body:"x"*',
                "07700 900",
                "26-0001",
                "%_/",
                "Łuc",
                "(((",
                "^a",
                "{x y}:z",
                "-",
                "\0",
                *_NAMES,
            )
        ],
        ("queries/find",),
        bytewise((b'"', b"*", b" AND ", b" OR ", b"NEAR(", b":", b"^", b"{", b"body", b"077", b"+44"), 400),
    ),
    Target(
        "names",
        0.6,
        _start_names,
        lambda: [name.encode() for name in _NAMES],
        ("casework/names", "casework/conflict", "packs/", "folding", "option_picker"),
        bytewise((b" ", b"-", b"Testina", b"Sampleby"), 300),
    ),
)
