"""Which column is which field: guessed from the header's words and what stands below, remembered by the header."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import Certainty, parse_date
from advocate_desk.documents.sheets.fields import CLIENT, CONTACT, FIELD, ImportField, Kind
from advocate_desk.documents.sheets.header import normal_name
from advocate_desk.documents.sheets.workbook import Cell, Row, cell_text, is_blank

SURE = 95.0
"""Of 100: the header is one that is known, and its cells do not speak against it."""
_LIKELY = 82.0
_SAMPLES = 40
_TELLING = 6
_FILLERS = frozenset(("details", "detail", "information", "info", "the", "of", "for", "field"))
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
POSTCODE = re.compile(r"(?i)[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}")
PHONE = re.compile(r"\+?[\d\s()./-]{7,22}(?:\s*(?:ext|x)\.?\s*\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Guess:
    """A column's field ("" for none) and how sure that is, 0 to 100; 100 when remembered."""

    field: str
    score: float


def guess_columns(
    names: Sequence[str], rows: Sequence[tuple[int, Row]], words: Vocabulary, today: date
) -> tuple[Guess, ...]:
    """One guess a column. A field is given to one column only, the likeliest, unless its columns join."""
    candidates: list[tuple[float, int, str]] = []
    for column, name in enumerate(names):
        samples = column_samples(rows, column, _SAMPLES)
        for field, score in _by_name(name, words).items():
            total = score + _evidence(FIELD[field], samples, words, today)
            if total >= _LIKELY:
                candidates.append((min(total, 100.0), column, field))
    guesses = [Guess("", 0.0)] * len(names)
    taken: set[str] = set()
    for score, column, field in sorted(candidates, key=lambda each: (-each[0], each[1])):
        if guesses[column].field or (field in taken and not FIELD[field].joins):
            continue
        guesses[column] = Guess(field, score)
        taken.add(field)
    return tuple(guesses)


def column_samples(rows: Sequence[tuple[int, Row]], column: int, most: int) -> list[Cell]:
    """The first cells of a column that say something."""
    found: list[Cell] = []
    for _number, row in rows:
        if not is_blank(row[column]):
            found.append(row[column])
            if len(found) == most:
                break
    return found


def signature(names: Sequence[str]) -> str:
    """What a header is remembered by: the same for the same columns in the same order, whatever the capitals."""
    text = "\n".join(normal_name(name) for name in names)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def remembered_columns(names: Sequence[str], mapping: Mapping[str, str]) -> tuple[Guess, ...]:
    """Guesses from a remembered mapping of header names to fields; fields that are gone are dropped."""
    found = (mapping.get(name, "") for name in names)
    return tuple(Guess(field, 100.0) if field in FIELD else Guess("", 0.0) for field in found)


def _by_name(name: str, words: Vocabulary) -> dict[str, float]:
    """Fields by how like the header is to the likeliest of their words."""
    plain = re.sub(r"\s+\d+$", "", normal_name(name)) if re.search(r"\(\d+\)$", name) else normal_name(name)
    bare = " ".join(word for word in plain.split() if word not in _FILLERS)
    for known in (plain, bare):
        if known in words.headers:
            return {words.headers[known]: 100.0}
    if len(plain) < 3:
        return {}
    best: dict[str, float] = {}
    others = names_another(plain, words)
    for known, score, _key in process.extract(
        plain, words.headers.keys(), scorer=fuzz.token_sort_ratio, limit=12, score_cutoff=78
    ):
        field = words.headers[known]
        if others and FIELD[field].group in (CLIENT, CONTACT):
            continue  # a perpetrator's number must not be rung as hers
        best[field] = max(best.get(field, 0.0), score - 2)
    return best


def names_another(plain: str, words: Vocabulary) -> bool:
    """Whether a normalised header speaks of the perpetrator or the referrer and not of the client."""
    padded = f" {plain} "
    return any(f" {word} " in padded for word in words.other_words) and not any(
        f" {word} " in padded for word in words.client_words
    )


def _evidence(field: ImportField, samples: Sequence[Cell], words: Vocabulary, today: date) -> float:
    """What the cells say for the field (up to 4) or against it (down to -30); nothing when they are free text."""
    looks = _looks(field, words, today)
    if looks is None or not samples:
        return 0.0
    share = sum(looks(cell) for cell in samples) / len(samples)
    # One bad cell is a bad cell; seven are a wrong column.
    weight = min(1.0, (len(samples) - 1) / _TELLING)
    return 4.0 * share if share >= 0.5 else -30.0 * (1 - share) * weight


def _looks(field: ImportField, words: Vocabulary, today: date) -> Callable[[Cell], bool] | None:
    if field.kind in (Kind.PAST, Kind.BIRTH):
        return lambda cell: parse_date(cell, today).certainty is not Certainty.IMPOSSIBLE or _says_nothing(cell, words)
    pattern = {Kind.EMAIL: EMAIL, Kind.POSTCODE: POSTCODE, Kind.PHONE: PHONE}.get(field.kind)
    if pattern is not None:
        return lambda cell: bool(pattern.search(cell_text(cell))) or _says_nothing(cell, words)
    if field.kind in (Kind.NAME, Kind.FULL_NAME):
        return lambda cell: not re.search(r"\d", cell_text(cell))
    return None


def _says_nothing(cell: Cell, words: Vocabulary) -> bool:
    return normal_name(cell_text(cell)) in words.blank
