"""One cell read as what its field holds: a name, a date, a phone number, an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import Certainty, Order, parse_date
from advocate_desk.documents.sheets.fields import ImportField, Kind, Value
from advocate_desk.documents.sheets.header import normal_name
from advocate_desk.documents.sheets.workbook import Cell, cell_text
from advocate_desk.domain.days import long_day

_EARLIEST = 1900
_OPTIONS_NAMED = 6
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "revd", "sir", "dame", "lady", "lord"))
# Small words that belong to the family name after them.
_PARTICLES = frozenset(
    "al ap bin bint da dal de del della den der di dos du el ferch ibn la le mac mc o san st van von".split()  # noqa: SIM905
)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]{2,}")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})")
_NUMBERS_APART = re.compile(r"\s*(?:[/;,|\n]|\bor\b|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell gave: values by field key, a problem or a warning (one sentence each), and text kept as a note."""

    values: Mapping[str, Value] = field(default_factory=dict)
    problem: str = ""
    warning: str = ""
    kept: str = ""


def read_date(each: ImportField, cell: Cell, today: date, order: Order, *, settled: bool = False) -> Reading:
    """A date that has happened. One that could be read two ways is read in `order`, and says so unless `settled`."""
    birth = each.kind is Kind.BIRTH
    parsed = parse_date(cell, today, birth=birth, order=order)
    if parsed.value is None:
        return Reading(problem="This cannot be read as a date. Write it as day/month/year, such as 03/04/2026.")
    if parsed.value > today:
        if not settled and parsed.other is not None and parsed.other <= today:
            return Reading(
                {each.key: parsed.other},
                warning=f"Read as {long_day(parsed.other)}, because the other way round it is in the future.",
            )
        return Reading(problem=f"{long_day(parsed.value)} is in the future.")
    if parsed.value.year < _EARLIEST:
        return Reading(problem=f"{long_day(parsed.value)} is too long ago to be right.")
    if not settled and parsed.certainty is Certainty.AMBIGUOUS and parsed.other is not None and parsed.other <= today:
        return Reading(
            {each.key: parsed.value},
            warning=f"Read as {long_day(parsed.value)}. Turned round it would be {long_day(parsed.other)}.",
        )
    return Reading({each.key: parsed.value})


def read_choice(each: ImportField, text: str, words: Vocabulary) -> Reading:
    """One of a list. Text that is no option is kept as a note; a risk that cannot be told is a problem."""
    answers, plain = words.answers[each.options], normal_name(text)
    if plain in answers:
        return Reading({each.key: answers[plain]})
    if plain in words.blank:
        return Reading()
    labels = words.labels[each.options]
    key = _nearest(plain, answers)
    if key:
        return Reading({each.key: key}, warning=f"Read as “{labels[key]}”.", kept=text)
    if each.key == "risk_at_referral":
        return Reading(problem=f"Write one of: {', '.join(list(labels.values())[:_OPTIONS_NAMED])}.")
    return Reading(warning="Not one of our options. The text will be kept in the notes.", kept=text)


def _nearest(plain: str, answers: Mapping[str, str]) -> str:
    """The option that the text begins with, else one that is a letter or two away."""
    parts = plain.split()
    for length in range(len(parts) - 1, 0, -1):
        start = " ".join(parts[:length])
        if start in answers and len(start) > 1:
            return answers[start]
    if len(plain) < 5:
        return ""
    found = process.extractOne(plain, answers.keys(), scorer=fuzz.ratio, score_cutoff=88)
    return answers[found[0]] if found else ""


def read_contact_safe(each: ImportField, cell: Cell, words: Vocabulary) -> Reading:
    """Yes or no about reaching her. Anything with a condition to it ("yes, after 5") keeps its words.

    What cannot be told counts as not known, and so nobody will be told that it is safe.
    """
    text = cell_text(cell)
    answers, plain = words.answers[each.options], normal_name(text)
    if plain in answers:
        return Reading({each.key: answers[plain]})
    if plain in words.blank:
        return Reading({each.key: "unknown"})
    first = plain.split()[0] if plain else ""
    if answers.get(first) == "no":
        return Reading({each.key: "no"}, kept=text, warning="Read as no. The words are kept with the contact details.")
    if each.key == "interpreter":
        return Reading({each.key: "yes"}, kept=text, warning="Read as yes. The words are kept in the notes.")
    if answers.get(first) == "yes" and not re.search(r"\b(not|but|only|unless|never|except|dont)\b", plain):
        warning = "Read as yes. The words are kept with the contact details."
        return Reading({each.key: "yes"}, kept=text, warning=warning)
    return Reading(
        {each.key: "unknown"},
        kept=text,
        warning="No plain yes or no: taken as not known. The words are kept with the contact details.",
    )


def read_phone(each: ImportField, cell: Cell) -> Reading:
    """One or more numbers, joined by " / ". A number cell has lost its leading zero; it is put back."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        digits = cell_text(cell)
        if len(digits) in (9, 10) and digits.isdigit() and digits[0] in "12378":
            return Reading({each.key: f"0{digits}"})
    text = cell_text(cell)
    numbers = [part for part in _NUMBERS_APART.split(text) if part]
    good = [part for part in numbers if 7 <= sum(letter.isdigit() for letter in part) <= 16]
    if not good:
        return Reading(problem="This is no phone number. Put it right, or empty the cell.")
    if len(good) < len(numbers) or any(re.search(r"[^\W\d_]{2,}", part) for part in good):
        return Reading({each.key: " / ".join(good)}, warning="There is more than a number here.", kept=text)
    return Reading({each.key: " / ".join(_with_zero(part) for part in good)})


def _with_zero(number: str) -> str:
    """A UK number that lost its zero in a spreadsheet and came back as text."""
    digits = re.sub(r"\D", "", number)
    return f"0{number}" if len(digits) == 10 and digits[0] == "7" and number[0] == "7" else number


def read_email(each: ImportField, text: str) -> Reading:
    """One email address."""
    text = text.strip().removeprefix("mailto:")
    if not _EMAIL.fullmatch(text):
        return Reading(problem="This is no email address. Put it right, or empty the cell.")
    return Reading({each.key: text})


def read_postcode(each: ImportField, text: str) -> Reading:
    """A UK postcode in its usual form; another text is kept, with a warning."""
    found = _POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    if found is None:
        return Reading({each.key: text}, warning="This does not look like a UK postcode.")
    return Reading({each.key: f"{found[1]} {found[2]}"})


def read_name(each: ImportField, text: str) -> Reading:
    """A part of a name."""
    if re.search(r"\d{2}|@", text):
        return Reading(problem="This does not look like a name. Is the column matched to the right field?")
    return Reading({each.key: text})


def split_name(each: ImportField, text: str) -> Reading:
    """A whole name in its given and family parts: "Smith, Jane", "Jane SMITH", "Mrs Jane van der Berg"."""
    if re.search(r"\d{2}|@", text):
        return Reading(problem="This does not look like a name. Is the column matched to the right field?")
    who = each.key.partition("_")[0]
    if "," in text:
        family, _, given = text.partition(",")
        given_words = _untitled(given.split())
        return _parts(who, " ".join(given_words), " ".join(_untitled(family.split())), sure=bool(given_words))
    parts = _untitled(text.split())
    if len(parts) < 2:
        return _parts(who, " ".join(parts), "", sure=False)
    capitals = [part for part in parts if len(part) > 1 and part.isupper()]
    if 0 < len(capitals) < len(parts):  # the usual way to mark the family name
        given = " ".join(part for part in parts if part not in capitals)
        return _parts(who, given, " ".join(capitals), sure=True)
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold().strip("-'’") in _PARTICLES:
        start -= 1
    return _parts(who, " ".join(parts[:start]), " ".join(parts[start:]), sure=len(parts) == 2)


def _untitled(parts: list[str]) -> list[str]:
    while parts and parts[0].casefold().rstrip(".") in _TITLES and len(parts) > 1:
        parts = parts[1:]
    return parts


def _parts(who: str, given: str, family: str, *, sure: bool) -> Reading:
    values: dict[str, Value] = {f"{who}_{key}": part for key, part in (("given", given), ("family", family)) if part}
    if sure:
        return Reading(values)
    read_as = f"given name “{given}”, family name “{family}”" if family else f"given name “{given}”"
    return Reading(values, warning=f"Read as {read_as}.")
