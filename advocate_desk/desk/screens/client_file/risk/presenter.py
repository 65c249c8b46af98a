"""Decides what the risk section shows: which assessment counts, which one it is compared with, which are in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.forms.risk import answers_of
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.domain.risk import Change, Finding, Instrument, assess, changes
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.risk import AssessmentLine, RiskView, risk_view

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.risk.section import RiskSection


@dataclass(frozen=True)
class Compared:
    """What changed between two final assessments of one instrument. `is_amendment`: the later one corrects it."""

    before: AssessmentLine
    changes: tuple[Change, ...]
    is_amendment: bool


@dataclass(frozen=True)
class RiskPicture:
    """What the section draws. `superseded` maps an assessment to the one that took its place."""

    current: AssessmentLine | None
    finding: Finding | None
    in_hand: tuple[AssessmentLine, ...]
    history: tuple[AssessmentLine, ...]
    superseded: dict[UUID, AssessmentLine]
    compared: Compared | None
    again_on: date | None
    has_plan: bool


def instrument_of(packs: Packs, line: AssessmentLine) -> Instrument:
    """The instrument that an assessment was made with."""
    return packs.instrument(line.instrument_key, line.instrument_version or None)


def picture(packs: Packs, view: RiskView) -> RiskPicture:
    """What stands, what is in hand and what changed."""
    final = tuple(each for each in view.assessments if each.finalised_at is not None)
    in_hand = tuple(each for each in view.assessments if each.finalised_at is None)
    superseded = {each.supersedes_id: each for each in final if each.supersedes_id is not None}
    standing = [each for each in final if each.assessment_id not in superseded]
    current = standing[0] if standing else None
    finding = assess(instrument_of(packs, current), answers_of(current)) if current else None
    compared = _compared(packs, standing, final)
    return RiskPicture(current, finding, in_hand, final, superseded, compared, view.again_on, view.has_plan)


def _compared(packs: Packs, standing: Sequence[AssessmentLine], final: Sequence[AssessmentLine]) -> Compared | None:
    if not standing:
        return None
    current = standing[0]
    earlier = next((each for each in standing[1:] if each.instrument_key == current.instrument_key), None)
    corrected = next((each for each in final if each.assessment_id == current.supersedes_id), None)
    before = earlier or corrected
    if before is None:
        return None
    found = changes(instrument_of(packs, current), answers_of(before), answers_of(current))
    return Compared(before, found, is_amendment=earlier is None)


class RiskPresenter(QObject):
    """Loads the assessments of a file. A child of its section: the two end together."""

    def __init__(self, section: RiskSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        standards = self._office.packs.contact_standards().fulfilled
        keys = tuple(key for each in standards if each.act == "assessed" for key in each.standards)
        job = self._office.read(self, risk_view, self._file_id, keys)
        job.done.connect(self._on_read)
        job.refused.connect(self._section.trouble.say_refused)
        job.broken.connect(self._section.trouble.say_broken)

    def _on_read(self, view: RiskView) -> None:
        self._section.show_picture(picture(self._office.packs, view))
