"""A record that an exchange changed while it was open in a form.

A form saves every field that it shows. One that was opened before a colleague's change came would take that change
back, without a word and without a conflict. So what was loaded is compared again before it is saved: what nobody
touched here takes the colleague's value, and whoever saves looks at it once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.combining import Combined, Rows, can_be_joined, joined_rows
from advocate_desk.desk.forms.values import Values
from advocate_desk.errors import Refused


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChangedMeanwhile", text)


class ChangedMeanwhile(Refused):
    """The record is not what the form was opened with. `now` is what it is.

    `told` says what else there is to know of it; `done` is what was saved all the same, in a form of many records.
    """

    def __init__(self, now: Values, told: str = "", done: Done | None = None) -> None:
        super().__init__(
            _tr("A colleague changed this while it was open. Nothing was saved yet, and what you typed is still here.")
        )
        self.now, self.told, self.done = now, told, done


Records = dict[str, dict[str, Values]]
"""Whole records, by kind and by id in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form was opened with: as it was loaded, and as the form shows it while nobody touches it.

    `records` are the whole records as they were at first, whatever was taken since; empty where none is kept.
    """

    loaded: Values
    shown: Values
    records: Records = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {"loaded": self.loaded, "shown": self.shown, "records": self.records}

    def refuse_other(self, now: Values) -> None:
        """Raises ChangedMeanwhile where the record is not what it was."""
        if plain(now) != self.loaded:
            raise ChangedMeanwhile(plain(now))


def opened_of(kept: object) -> Opened | None:
    """What a draft kept; None where it was kept by a version that did not."""
    if not isinstance(kept, Mapping):
        return None
    loaded, shown = kept.get("loaded"), kept.get("shown")
    if not isinstance(loaded, Mapping) or not isinstance(shown, Mapping):
        return None
    records = kept.get("records")
    return Opened(dict(loaded), dict(shown), dict(records) if isinstance(records, Mapping) else {})


def plain(values: Mapping[str, Any]) -> Values:
    """Values as a draft would give them back, so that what was kept can be compared with what is loaded."""
    found: Values = json.loads(json.dumps(dict(values), default=str))
    return found


def combined(opened: Opened, now: Values, typed: Values) -> Combined:
    """Put together what was opened, what it is now, and what stands in the form."""
    found = Combined(dict(typed))
    for name in sorted(opened.loaded.keys() | now.keys()):
        if now.get(name) == opened.loaded.get(name):
            continue
        mine = plain({name: typed.get(name)})[name]
        if mine == opened.shown.get(name):
            found.values[name] = now.get(name, "")
            found.taken.append(name)
        elif can_be_joined(rows := Rows(opened.loaded.get(name), opened.shown.get(name), now.get(name), mine)):
            found.join(name, joined_rows(rows))
        elif mine != now.get(name):
            found.both.append(name)
    return found


def changed_words(taken: str, together: str, both: str, told: str = "") -> str:
    """What is said above the form; the first three name fields, "" for none; `told` is said as it is."""
    words = [told or _tr("A colleague changed this while it was open, so it was not saved yet.")]
    if taken:
        words.append(_tr("Now shown as they wrote it: {0}.").format(taken))
    if together:
        words.append(_tr("Put together from yours and theirs: {0}.").format(together))
    if both:
        words.append(
            _tr("You both changed: {0}. The form shows yours; the file shows theirs until you save.").format(both)
        )
    return " ".join([*words, _tr("Look through it, and save again.")])
