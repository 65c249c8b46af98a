"""The risk section of a client file: what stands, what changed, what was before, and each assessment to be read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk.forms.risk import DASH
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.overview import RiskOverview
from advocate_desk.desk.screens.client_file.risk.presenter import RiskPicture, RiskPresenter
from advocate_desk.desk.screens.client_file.risk.reading import AssessmentReading
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.risk import AssessmentLine


class RiskSection(QWidget):
    """Two pages: the overview, and one final assessment as it was."""

    kinds = frozenset({"risk_assessment", "safety_plan", "task"})

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office, self.file_id = office, file_id
        self._picture: RiskPicture | None = None
        self._wanted: dict[str, Any] = {}
        self._read_id = ""
        self.trouble = Banner()
        self.overview = RiskOverview(office)
        self.reading = AssessmentReading(office)
        self._areas: list[QScrollArea] = [scrolled(self.overview), scrolled(self.reading)]
        self._stack = QStackedWidget()
        for area in self._areas:
            self._stack.addWidget(area)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(24), px(8), px(24), 0)
        holder.addWidget(self.trouble)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(holder)
        layout.addWidget(self._stack, 1)
        self._presenter = RiskPresenter(self, office, file_id)
        self.trouble.acted.connect(self.reload)
        self.overview.start_asked.connect(self.start)
        self.overview.plan_asked.connect(lambda: office.open_file(file_id, "plan"))
        for page in (self.overview, self.reading):
            page.amend_asked.connect(self.amend)
        self.overview.resume_asked.connect(self.resume)
        self.overview.read_asked.connect(self.read)
        self.reading.back_asked.connect(self.back)

    @Slot()
    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    def place(self) -> dict[str, Any]:
        """Which page, which assessment, and how far it is scrolled."""
        scroll = self._areas[self._stack.currentIndex()].verticalScrollBar().value()
        return {"assessment_id": self._read_id, "scroll": scroll}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to a place, at once or as soon as the assessments are there."""
        self._wanted = dict(place)
        if self._picture is not None:
            self._go_to_wanted()

    @Slot(object)
    def show_picture(self, found: RiskPicture) -> None:
        """Draw the overview anew; a page that is being read stays."""
        self._picture = found
        self.trouble.hide()
        self.overview.show_picture(found)
        if self._read_id:
            self.read(self._read_id)
        if self._wanted:
            self._go_to_wanted()

    def start(self) -> None:
        """Begin an assessment of its own."""
        self.office.open_form(DASH, {"file_id": str(self.file_id)})

    def resume(self, assessment_id: str) -> None:
        """Go on with one that was left."""
        self.office.open_form(DASH, {"file_id": str(self.file_id), "assessment_id": assessment_id})

    def amend(self, assessment_id: str) -> None:
        """Correct a final one by one that takes its place."""
        self.office.open_form(DASH, {"file_id": str(self.file_id), "amends": assessment_id})

    def read(self, assessment_id: str) -> None:
        """Show a final assessment as it was."""
        line = self._line(assessment_id)
        if line is None or self._picture is None:
            self.back()
            return
        is_new = self._read_id != assessment_id or self._stack.currentIndex() == 0
        self._read_id = assessment_id
        current = self._picture.current
        can_amend = current is not None and current.assessment_id == line.assessment_id
        self.reading.show_line(line, self._picture.superseded.get(line.assessment_id), can_amend=can_amend)
        self._stack.setCurrentIndex(1)
        if is_new:
            self._areas[1].verticalScrollBar().setValue(0)
            self.reading.focus_first()

    def back(self) -> None:
        """Show the overview again, with the focus where it was."""
        read, self._read_id = self._read_id, ""
        self._stack.setCurrentIndex(0)
        self.overview.focus_row(read)

    def _line(self, assessment_id: str) -> AssessmentLine | None:
        history = self._picture.history if self._picture else ()
        return next((each for each in history if str(each.assessment_id) == assessment_id), None)

    def _go_to_wanted(self) -> None:
        place, self._wanted = self._wanted, {}
        if place.get("assessment_id"):
            self.read(str(place["assessment_id"]))
        self._areas[self._stack.currentIndex()].verticalScrollBar().setValue(int(place.get("scroll", 0)))
