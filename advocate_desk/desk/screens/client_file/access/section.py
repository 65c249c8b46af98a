"""Access: who opened, changed, printed or disclosed what in this file, and whether the record of it is whole."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from advocate_desk.clock import in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.access.model import AccessModel
from advocate_desk.desk.screens.client_file.access.presenter import AccessPresenter, AccessView
from advocate_desk.desk.screens.client_file.parts import FileSection, fact_row, nothing
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.tables import DataTable
from advocate_desk.domain.identity import FileId
from advocate_desk.store.audit import ChainReport
from advocate_desk.store.queries.papers import DisclosureLine

MOST_ROWS = 14  # shown at once; the table scrolls


class AccessSection(FileSection):
    """The history as a table, and disclosures. Its presenter reads; it draws."""

    kinds = frozenset(
        {"client_file", "person", "relationship", "contact_method", "alert", "consent", "access_need", "referral",
         "contact_attempt", "contact_note", "task", "risk_assessment", "safety_plan", "safety_action", "criminal_case",
         "hearing", "bail", "condition", "breach", "letter", "disclosure"}
    )  # fmt: skip

    verify_asked = Signal()

    def __init__(self, office: Office, file_id: FileId) -> None:
        super().__init__(office, file_id)
        self.header.title.setText(self.tr("Access"))
        self.header.set_text(
            self.tr("Every reading, change and export on this device, linked so that none can go unseen.")
        )
        self.header.show()
        self.verify = button(self.tr("Verify the chain"), "", "shield-check", self.verify_asked.emit)
        self.header.buttons.addWidget(self.verify, 0, Qt.AlignmentFlag.AlignTop)
        self.report = Banner()
        self.body.addWidget(self.report)
        self.model = AccessModel(self)
        self.table = DataTable(self.tr("Who opened or changed this file"))
        self.table.setModel(self.model)
        self.table.set_widths(150, 180, 0)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.table)
        self._disclosed = Card(self.tr("Disclosures"), "upload")
        self.body.addWidget(self._disclosed)
        self.body.addStretch(1)
        self._presenter = AccessPresenter(self, office, file_id)

    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    @Slot(object)
    def show_view(self, view: AccessView) -> None:
        """Draw the table and the disclosures."""
        self.trouble.hide()
        self.model.set_lines(view.lines)
        rows = max(3, min(len(view.lines), MOST_ROWS))
        self.table.setFixedHeight(px(40) + rows * px(40) + px(4))
        self._disclosed.clear()
        for line in view.disclosures:
            self._disclosed.body.addWidget(self._disclosure(line))
        if not view.disclosures:
            self._disclosed.body.addWidget(nothing(self.tr("Nothing has been disclosed from this file.")))
        self.settle()

    @Slot()
    def show_verifying(self) -> None:
        """Say that the chain is being walked."""
        self.verify.setEnabled(False)
        self.report.say(self.tr("Verifying…"), "info")

    @Slot(object)
    def show_report(self, report: ChainReport) -> None:
        """Say whether the chain holds."""
        self.verify.setEnabled(True)
        if report.is_whole:
            words = self.tr("The chain is whole: all {0} entries of this device are there, in order and unaltered.")
            self.report.say(words.format(f"{report.events:,}"), "ok")
        else:
            words = self.tr("The chain is broken at entry {0}. Entries before it hold. Tell your data lead today.")
            self.report.say(words.format(f"{report.broken_at:,}"), "danger")

    def _disclosure(self, line: DisclosureLine) -> QWidget:
        packs = self.office.packs
        when = f"{in_london(line.decided_at):%d/%m/%Y %H:%M}"
        gateway = packs.label("gateway", line.gateway) if line.gateway else ""
        detail = " · ".join(part for part in (when, line.decided_by, gateway, line.how) if part)
        if line.what:
            detail = f"{detail}\n{self.tr('Told: {0}').format(', '.join(line.what))}"
        return fact_row("upload", line.to_whom or packs.label("addressee_kind", line.addressee_kind), detail)
