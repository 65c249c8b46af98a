"""The import of a referral list: six pages, one after the other, each of which can be gone back to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import choose_open_file, choose_save_file
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.check_page import CheckPage
from advocate_desk.desk.screens.import_wizard.choose_page import ChoosePage
from advocate_desk.desk.screens.import_wizard.columns_page import ColumnsPage
from advocate_desk.desk.screens.import_wizard.finish_page import FinishPage
from advocate_desk.desk.screens.import_wizard.known_page import KnownPage
from advocate_desk.desk.screens.import_wizard.presenter import ImportPresenter, Step
from advocate_desk.desk.screens.import_wizard.preview_page import PreviewPage
from advocate_desk.desk.screens.import_wizard.steps import StepBar
from advocate_desk.desk.shortcuts import sequences, with_keys
from advocate_desk.desk.slices import Slices
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, SectionHeader
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.documents.sheets.columns import load_vocabulary

_TALL = 440  # pixels at 100% text
_FAILED_NAME = "rows-to-put-right.csv"


class _Pages(QStackedWidget):
    """Pages that scroll inside themselves: the tallest of them must not make the window taller."""

    def hasHeightForWidth(self) -> bool:
        """The height that there is."""
        return False

    def minimumSizeHint(self) -> QSize:
        """Little; each page scrolls."""
        return QSize(px(240), px(90))


class ImportWizard(QWidget):
    """The page of the desk on which referral lists come in."""

    file_dropped = Signal(object)  # Path

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office = office
        self.setAcceptDrops(True)
        self._presenter: ImportPresenter | None = None
        self._wanted: dict[str, Any] = {}  # the place to go to once all is made
        self._lay_out()
        self._slices = Slices(self)
        self._slices.run(self._make())

    def _make(self) -> Iterator[None]:
        """The first page at once, and the others while it is looked at."""
        self.choose = ChoosePage()
        self._stack.addWidget(self.choose)
        self.choose.choose_asked.connect(self.ask_for_file)
        self._footer.hide()
        yield
        words = load_vocabulary(self.office.packs)
        yield
        self.preview = PreviewPage()
        self._stack.addWidget(self.preview)
        yield
        self.columns = ColumnsPage(words)
        self._stack.addWidget(self.columns)
        yield
        self.check = CheckPage(words)
        self._stack.addWidget(self.check)
        yield
        self.known = KnownPage()
        self._stack.addWidget(self.known)
        yield
        self.finish = FinishPage()
        self._stack.addWidget(self.finish)
        yield
        self._presenter = ImportPresenter(self, self.office, words)
        self._connect(self._presenter)
        self.show_way()
        self._presenter.start()
        if self._wanted:
            self._presenter.restore(self._wanted)

    def focus_first(self) -> None:
        """Go to what begins an import, where none is on its way."""
        is_first = self._stack.currentWidget() is self.choose
        (self.choose.choose if is_first else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def presenter(self) -> ImportPresenter:
        """What decides; whoever asks for it has all pages made first."""
        self._slices.finish()
        assert self._presenter is not None
        return self._presenter

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(24), px(20), px(24), px(16))
        inner.setSpacing(px(14))
        layout.addLayout(inner, 1)
        self.header = SectionHeader(
            self.tr("Import referrals"), self.tr("Opens a client file for each row of a list."), role="display"
        )
        inner.addWidget(self.header)
        self.steps = StepBar(
            (
                self.tr("File"),
                self.tr("Preview"),
                self.tr("Columns"),
                self.tr("Check rows"),
                self.tr("Known people"),
                self.tr("Import"),
            )
        )
        inner.addWidget(self.steps)
        self.banner = Banner()
        inner.addWidget(self.banner)
        self._stack = _Pages()
        inner.addWidget(self._stack, 1)
        layout.addWidget(self._make_footer())

    def _make_footer(self) -> QFrame:
        self._footer = QFrame()
        self._footer.setProperty("box", "footer")
        row = QHBoxLayout(self._footer)
        row.setContentsMargins(px(24), px(10), px(24), px(10))
        row.setSpacing(px(8))
        self.put_away = button(self.tr("Put this list away"), "quiet", "trash-2")
        self.back = button(self.tr("Back"), "", "arrow-left")
        self.next = button(self.tr("Next"), "primary")
        self.next.setToolTip(with_keys(self.tr("Next"), "save"))
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(px(120))
        self._busy.setAccessibleName(self.tr("Working"))
        self._stop = button(self.tr("Stop"), "quiet", "x")
        row.addWidget(self.put_away)
        row.addStretch(1)
        for widget in (self._busy, self._stop, self.back, self.next):
            row.addWidget(widget)
        return self._footer

    def _connect(self, it: ImportPresenter) -> None:
        self.choose.stop_asked.connect(it.stop)
        self.choose.undo_asked.connect(it.ending.undo)
        self.file_dropped.connect(it.take_file)
        self.preview.sheet_chosen.connect(lambda sheet: it.change_reading(sheet=sheet))
        self.preview.header_chosen.connect(lambda row: it.change_reading(header_row=row))
        self.preview.encoding_chosen.connect(lambda codec: it.change_reading(encoding=codec))
        self.preview.delimiter_chosen.connect(lambda character: it.change_reading(delimiter=character))
        self.columns.model.matched.connect(it.on_columns_matched)
        self.columns.order_chosen.connect(it.on_order_chosen)
        self.columns.answered_for_all.connect(it.on_answered_for_all)
        self.check.model.edited.connect(it.on_edited)
        self.check.left_out.connect(it.on_left_out)
        self.check.change_all_asked.connect(it.on_change_all)
        self.check.delegate.typed.connect(self.office.drafts.touch)
        self.known.chosen.connect(it.on_choice)
        self.finish.import_asked.connect(it.import_now)
        self.finish.stop_asked.connect(it.stop)
        self.finish.undo_asked.connect(it.ending.undo_last)
        self.finish.put_right_asked.connect(it.put_right)
        self.finish.save_failed_asked.connect(self._ask_where_to_save)
        self.finish.caseload_asked.connect(lambda: self.office.go("caseload"))
        self.finish.again_asked.connect(self._on_again)
        self.steps.chosen.connect(lambda step: it.go(Step(step)))
        self.put_away.clicked.connect(it.start_over)
        self.back.clicked.connect(it.back)
        self.next.clicked.connect(it.next)
        self._stop.clicked.connect(it.stop)
        for keys in sequences("save"):  # what saves a form goes on here
            made = QShortcut(keys, self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(it.next)

    def resizeEvent(self, event: object) -> None:
        """Where height is scarce (large text, a small screen) the list has it, not the heading."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.header.setVisible(self.height() >= px(_TALL))

    # --- what the shell asks ---

    def place(self) -> dict[str, Any]:
        """Where one is: page, cell, and what is being typed."""
        if self._presenter is None:
            return self._wanted
        place = self._presenter.place()
        return {**self.check.place(), **self.known.place(), **place} if place else {}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there, once the list that was kept is read again."""
        self._wanted = place
        if self._presenter is not None:
            self._presenter.restore(place)

    def refresh(self) -> None:
        """Read the imports of before again."""
        if self._presenter is not None:
            self._presenter.ending.show_batches()

    # --- what is shown ---

    def show_way(self) -> None:
        """The page, the steps, and which way one can go."""
        it = self._presenter
        if it is None:
            return
        step, before = it.step, self._stack.currentIndex()
        if before != step:
            self._stack.setCurrentIndex(step)
            self._focus(step)
        self.steps.show_step(step, it.reached if it.has_list and not it.is_busy else step)
        is_between = step is not Step.FILE and it.has_list
        self._footer.setVisible(is_between)
        self.put_away.setEnabled(not it.is_busy)
        shown = {
            self._busy: it.is_busy,
            self._stop: it.is_busy and step is not Step.IMPORT,
            self.back: not it.is_busy,
            self.next: not it.is_busy and step is not Step.IMPORT,
        }
        for widget, is_shown in sorted(
            shown.items(), key=lambda pair: pair[1]
        ):  # hide first: a moment with all is wide
            widget.setVisible(is_shown)
        self.next.setEnabled(it.may_go_on())
        behind = it.without_problems()
        words = self.tr("Next, without {0} rows").format(behind) if behind > 1 else self.tr("Next, without 1 row")
        self.next.setText(words if behind else self.tr("Next"))
        self.next.setAccessibleName(self.next.text())

    def _focus(self, step: Step) -> None:
        """Begin where the work of a page is."""
        wanted: dict[Step, QWidget] = {
            Step.FILE: self.choose.choose,
            Step.PREVIEW: self.preview.grid,
            Step.COLUMNS: self.columns.grid,
            Step.CHECK: self.check.grid,
            Step.KNOWN: self.known.table,
            Step.IMPORT: self.finish.go,
        }
        wanted[step].setFocus()

    # --- files ---

    def ask_for_file(self) -> None:
        """Let a list be chosen."""
        patterns = self.tr("Spreadsheets (*.csv *.txt *.tsv *.xlsx *.xlsm *.xls *.ods);;All files (*)")
        choose_open_file(self, self.tr("Choose a list of referrals"), patterns, self.presenter.take_file)

    def _ask_where_to_save(self) -> None:
        title, patterns = self.tr("Save the rows that were not imported"), self.tr("CSV (*.csv)")
        choose_save_file(self, title, _FAILED_NAME, patterns, self.presenter.ending.save_failed)

    def _on_again(self) -> None:
        self.presenter.again()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page, unless one is being worked on."""
        if _dropped(event.mimeData()) is not None and not self.presenter.is_busy and not self.presenter.has_list:
            event.acceptProposedAction()
            self.choose.show_drag(True)

    def dragLeaveEvent(self, _event: object) -> None:
        """It was carried away again."""
        self.choose.show_drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        self.choose.show_drag(False)
        path = _dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)


def _dropped(data: QMimeData) -> Path | None:
    """The one local file that is being dropped."""
    urls = [url for url in data.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
