"""Decides what is in force tonight: of one file, or of every file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.access import record_print, record_read
from advocate_desk.casework.contacts import record_paper
from advocate_desk.casework.settings import get
from advocate_desk.casework.work import Work
from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.forms.bail import condition_words
from advocate_desk.desk.forms.bail_places import told_places
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.documents.in_force import (
    ConditionLine,
    InForceFile,
    InForceItem,
    InForceSheet,
    in_force_pdf,
)
from advocate_desk.domain.contact import may_give_paper
from advocate_desk.domain.days import long_day
from advocate_desk.domain.facts import FactNote, fact_words
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import Breaches, InForce, in_force
from advocate_desk.store.queries.letter_facts import file_for_letter

if TYPE_CHECKING:
    from advocate_desk.desk.screens.in_force.view import InForceScreen


class InForcePresenter(QObject):
    """Reads conditions and makes the half-sheet. A child of its view: the two end together."""

    def __init__(self, view: InForceScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self._turn = 0
        office.whose.changed.connect(self._on_whose)

    @property
    def mine(self) -> bool:
        """Whether it keeps to the clients of whoever is at the desk."""
        return self._office.whose.is_mine("in_force")

    @Slot()
    def reload(self) -> None:
        """Read again what binds at the end of today."""
        self._turn += 1
        turn, today = self._turn, today_in_london(self._office.clock)
        mine = self._office.work.actor.name if self.mine else ""
        job = self._office.read(self, in_force, today, self._view.file_id, mine)
        job.done.connect(lambda lines: self._on_read(lines, turn))
        job.refused.connect(self._view.trouble.say_refused)
        job.broken.connect(self._view.trouble.say_broken)

    def _on_read(self, lines: Sequence[InForce], turn: int) -> None:
        if turn == self._turn:  # else it was asked otherwise since: nobody may read that nothing is in force
            self._view.show_lines(lines)

    @Slot(str)
    def _on_whose(self, screen: str) -> None:
        if screen in ("", "in_force"):
            self.reload()

    def ask_sheet(self, file_id: UUID, lines: Sequence[InForce]) -> None:
        """Put on record that the half-sheet is opened, then make it, or ask why where her rule stands against it."""
        job = self._office.do(self, open_sheet, FileId(file_id), tuple(lines))
        job.done.connect(lambda reasons: self._on_opened(file_id, lines, reasons))
        job.refused.connect(self._view.trouble.say_refused)
        job.broken.connect(self._view.trouble.say_broken)

    def _on_opened(self, file_id: UUID, lines: Sequence[InForce], reasons: tuple[str, ...]) -> None:
        if reasons:
            self._view.ask_reason(file_id, lines, reasons)
        else:
            self.make_sheet(file_id, lines)

    def make_all_the_same(self, file_id: UUID, lines: Sequence[InForce], reason: str) -> None:
        """Keep the reason, then make the half-sheet."""
        job = self._office.do(self, record_paper, FileId(file_id), "in_force", reason)
        job.done.connect(lambda _done: self.make_sheet(file_id, lines))
        job.refused.connect(self._view.trouble.say_refused)
        job.broken.connect(self._view.trouble.say_broken)

    def make_sheet(self, file_id: UUID, lines: Sequence[InForce]) -> None:
        """Make the half-sheet of one client, off the GUI thread."""
        job = self._office.jobs.run(self, lambda: sheet_pdf(self._office, lines))
        job.done.connect(lambda pdf: self._view.show_sheet(file_id, pdf))
        job.refused.connect(self._view.trouble.say_refused)
        job.broken.connect(self._view.trouble.say_broken)

    def record_leaving(self, file_id: UUID, how: str) -> Job:
        """Put on record that the half-sheet leaves the desk."""
        return self._office.do(self, record_print, FileId(file_id), "in_force", how)


def open_sheet(work: Work, file_id: FileId, lines: Sequence[InForce]) -> tuple[str, ...]:
    """Record that the file is read; what stands against giving this half-sheet to the client, in words."""
    record_read(work, file_id)
    known = work.read(file_for_letter, file_id)
    standing = [each.kind for each in known.file.banner.alerts]
    told = dict.fromkeys(name for line in lines for name in told_places(known, line.text))
    places = tuple(f"The {name} stands in the terms of a condition." for name in told)
    return (*may_give_paper(standing).reasons, *places)


def fact_line(office: Office, line: InForce) -> str:
    """Who told us of a condition, when, and how sure it is."""
    told_on = in_london(line.told_at).date() if line.told_at else None
    return fact_words(FactNote(line.fact_source, told_on, line.fact_state), today_in_london(office.clock))


def breach_words(found: Breaches, *, names_none: bool = False) -> str:
    """What is known of breaches of a condition, or of the bail where they name no condition; "" for none."""
    if not found.count:
        return ""
    what = "Breach that names no condition" if names_none else "Breach"
    times = "once" if found.count == 1 else f"{found.count} times"
    last = f", last on {long_day(in_london(found.last_at).date())}" if found.last_at else ""
    return f"{what} recorded {times}{last}"


def until_words(line: InForce) -> str:
    """Until when the bail that carries a condition binds, as far as it is known."""
    if line.expires_on is None:
        return "Until the court decides otherwise"
    least = "At least until" if line.is_clock_paused else "Until"
    counted = " (counted, not told)" if line.is_expiry_counted else ""
    return f"{least} {long_day(line.expires_on)}{counted}"


def by_client(lines: Sequence[InForce]) -> list[tuple[UUID, list[InForce]]]:
    """Conditions by client, in the order in which they came."""
    found: dict[UUID, list[InForce]] = {}
    for line in lines:
        found.setdefault(line.file_id, []).append(line)
    return list(found.items())


def by_bail(lines: Sequence[InForce]) -> list[list[InForce]]:
    """One client's conditions by the bail that carries them."""
    return [list(many) for _, many in groupby(lines, key=lambda line: line.bail_id)]


def sheet_pdf(office: Office, lines: Sequence[InForce]) -> bytes:
    """The half-sheet of one client. Raises Refused for a character that no font has."""
    kinds = {each.key: each.label for each in office.packs.bail_kinds().kind}
    items = []
    for many in by_bail(lines):
        first = many[0]
        force = office.packs.force(first.force)
        items.append(
            InForceItem(
                title=kinds.get(first.bail_kind, first.bail_kind),
                until=until_words(first),
                standing="",
                conditions=tuple(
                    ConditionLine(condition_words(office.packs, each.code, each.text), fact_line(office, each))
                    for each in many
                ),
                officer=" · ".join(each for each in (first.officer_name, first.officer_contact) if each),
                crime_reference=first.crime_ref,
                made_by=force.name if force else first.force,
            )
        )
    letterhead: dict[str, Any] = get(office.work, "letterhead") or {}
    sheet = InForceSheet(
        client_name=lines[0].client_name,
        as_at=in_london(office.clock.now()).replace(tzinfo=None),
        items=tuple(items),
        contact=str(letterhead.get("phone") or ""),
    )
    return in_force_pdf(office.fonts, sheet, office.packs.read("letters/in_force.toml", InForceFile).sheet)
