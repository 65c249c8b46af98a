"""The long lists (courts, forces, offences, bank holidays) and their search, quick enough for every keystroke."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby
from pathlib import Path

from advocate_desk.domain.cases import OffenceNote, OffenceNotes
from advocate_desk.domain.days import Holidays
from advocate_desk.domain.folding import fold
from advocate_desk.domain.forms import Option
from advocate_desk.domain.reference import OFFENCE_CATEGORIES, Court, Force, Offence
from advocate_desk.packs.reading import broken, read_csv

COURT_COLUMNS = ("key", "kind", "name", "name_cy", "building", "area", "town", "postcode", "address", "usual")
FORCE_COLUMNS = ("key", "name", "area", "region", "pnc_code")
OFFENCE_COLUMNS = ("code", "title", "category", "da")
HOLIDAY_COLUMNS = ("date", "title", "substitute")

NATIONAL_CODE = re.compile(r"[A-Z]{2,4}\d{3,5}")  # a force's own codes begin with digits and rank lower
INCHOATE = re.compile(r"^(attempt|aid|abet|conspir|encourag|assist|incit)|\b(aid|abet|attempt(ed)?)\b|\bconspir", re.I)


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing to find: its option, its folded words each after a space, and its tier (0 is shown first).

    The first `name_length` signs of `words` are its own name: what is found there comes before what is found elsewhere.
    """

    option: Option
    words: str
    tier: int
    name_length: int


@dataclass(frozen=True, slots=True)
class Tier:
    """Entries of one rank. `text` is their words, one entry a line; `starts` is where each line begins."""

    entries: tuple[Listed, ...]
    text: str
    starts: tuple[int, ...]


class SearchList:
    """Options in the order that they rank, searched by the beginnings of their words.

    Each tier is one long text, so that a word is looked for by one quick `str.find`, not 27,000 comparisons: 15 ms
    became under 1.
    """

    def __init__(self, entries: Iterable[Listed]) -> None:
        ranked = sorted(entries, key=lambda entry: entry.tier)
        self._tiers = [_tier(tuple(members)) for _, members in groupby(ranked, key=lambda entry: entry.tier)]

    def find(self, text: str, limit: int, is_wanted: Callable[[Option], bool] | None = None) -> list[Option]:
        """Up to `limit` options that have every word of `text` as the beginning of one of their own words.

        Within a tier, those whose words begin with `text` come first, then those that have all of it in their own
        name. Empty text gives the first options.
        """
        whole = " " + fold(text)
        asked = {" " + word for word in whole.split()}
        found: list[Option] = []
        for tier in self._tiers:
            hits = [entry for entry in _matches(tier, asked) if is_wanted is None or is_wanted(entry.option)]
            hits.sort(key=lambda entry: (not entry.words.startswith(whole), not _is_in_name(entry, asked)))
            found += [entry.option for entry in hits[: limit - len(found)]]
            if len(found) >= limit:
                break
        return found


def _tier(entries: tuple[Listed, ...]) -> Tier:
    lengths = [len(entry.words) + 1 for entry in entries]
    starts = tuple(accumulate(lengths[:-1], initial=0))
    return Tier(entries, "\n".join(entry.words for entry in entries), starts)


def _matches(tier: Tier, asked: Collection[str]) -> Iterator[Listed]:
    if not asked:
        yield from tier.entries
        return
    longest = max(asked, key=len)
    others = [word for word in asked if word != longest]
    at = tier.text.find(longest)
    while at >= 0:
        index = bisect_right(tier.starts, at) - 1
        entry = tier.entries[index]
        if all(word in entry.words for word in others):
            yield entry
        at = tier.text.find(longest, tier.starts[index] + len(entry.words))


def _is_in_name(entry: Listed, asked: Collection[str]) -> bool:
    return all(entry.words.find(word) < entry.name_length for word in asked)


def searchable(*texts: str) -> str:
    """The folded words of `texts`, each after a space, as `SearchList` compares them."""
    return " " + " ".join(folded for folded in map(fold, texts) if folded)


def read_courts(root: Path) -> tuple[Court, ...]:
    """Every court of `lists/courts.csv`. Raises BrokenResource."""
    rows = read_csv(root, "lists/courts.csv", COURT_COLUMNS)
    _refuse_repeats("lists/courts.csv", [row[0] for row in rows])
    return tuple(_court(row) for row in rows)


def _court(row: list[str]) -> Court:
    key, kind, name, name_cy, building, area, town, postcode, address, usual = row
    return Court(key, kind, name, name_cy, building, area, town, postcode, address, usual == "y")


def read_forces(root: Path) -> tuple[Force, ...]:
    """Every force of `lists/police_forces.csv`. Raises BrokenResource."""
    rows = read_csv(root, "lists/police_forces.csv", FORCE_COLUMNS)
    _refuse_repeats("lists/police_forces.csv", [row[0] for row in rows])
    return tuple(Force(*row) for row in rows)


def read_offences(root: Path) -> tuple[Offence, ...]:
    """Every offence of `lists/offences.csv`. Raises BrokenResource."""
    rows = read_csv(root, "lists/offences.csv", OFFENCE_COLUMNS)
    _refuse_repeats("lists/offences.csv", [row[0] for row in rows])
    return tuple(Offence(code, title, category, da == "y") for code, title, category, da in rows)


def read_holidays(root: Path) -> Holidays:
    """The bank holidays of `lists/bank_holidays.csv`, known for every whole year from the first to the last."""
    rows = read_csv(root, "lists/bank_holidays.csv", HOLIDAY_COLUMNS)
    try:
        days = [date.fromisoformat(row[0]) for row in rows]
    except ValueError as error:
        raise broken("lists/bank_holidays.csv", str(error)) from error
    if not days:
        raise broken("lists/bank_holidays.csv", "it has no days")
    return Holidays(frozenset(days), date(min(days).year, 1, 1), date(max(days).year, 12, 31))


def courts_search(courts: Sequence[Court]) -> SearchList:
    """Courts by name, Welsh name, building, town and postcode; those in regular use first."""
    return SearchList(
        Listed(
            Option(
                court.key, court.name, ", ".join(part for part in (court.town or court.area, court.postcode) if part)
            ),
            searchable(court.name, court.town, court.building, court.name_cy, court.area, court.postcode, court.key),
            0 if court.is_usual else 1,
            len(searchable(court.name)),
        )
        for court in courts
    )


def forces_search(forces: Sequence[Force]) -> SearchList:
    """Forces by name, area and region."""
    return SearchList(
        Listed(
            Option(force.key, force.name, force.region),
            searchable(force.name, force.area, force.region),
            0,
            len(searchable(force.name)),
        )
        for force in forces
    )


def offences_search(offences: Sequence[Offence], notes: OffenceNotes) -> SearchList:
    """Offences by what people call them, title and code: the common ones, then the relevant, then the rest."""
    notes_by_code = {code: note for note in notes.offence for code in note.cjs_codes}
    common = {code: place for place, code in enumerate(notes_by_code)}
    entries = sorted(
        (_listed_offence(offence, notes_by_code.get(offence.code)) for offence in offences),
        key=lambda entry: (common.get(entry.option.key, len(common)), len(entry.option.label)),
    )
    return SearchList(entries)


def _listed_offence(offence: Offence, note: OffenceNote | None) -> Listed:
    category = OFFENCE_CATEGORIES.get(offence.category, "")
    called = (note.short, note.also_called) if note else ()
    detail = " · ".join(part for part in (*called[:1], offence.code, category) if part)
    words = searchable(*called, offence.title, offence.code)
    tier = 0 if note else 1 + _offence_rank(offence)
    return Listed(Option(offence.code, offence.title, detail), words, tier, len(words))


def _offence_rank(offence: Offence) -> int:
    """0 for a national base offence met in this work; higher for the rest, attempts and a force's own codes."""
    is_base = NATIONAL_CODE.fullmatch(offence.code) is not None and not INCHOATE.search(offence.title)
    return (0 if offence.is_da_relevant else 2) + (0 if is_base else 1)


def _refuse_repeats(relative: str, keys: Sequence[str]) -> None:
    seen: set[str] = set()
    for number, key in enumerate(keys, start=2):
        if key in seen:
            raise broken(relative, f"Key used twice - at line {number}")
        seen.add(key)
