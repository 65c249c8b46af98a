"""A window with a whole desk on a real encrypted store, for tests of the client file and its forms."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.work import Work
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.messages import Notice
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.shell import DeskPage, ScreenKind
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.window import MainWindow
from advocate_desk.domain.identity import FileId
from tests.desk.front import to_front
from tests.desk.settling import settle


class ClientDesk:
    """The desk of a test. `end` locks it, as closing the program does."""

    def __init__(self, work: Work, qtbot: QtBot) -> None:
        self.work, self.qtbot = work, qtbot
        self.notices: list[Notice] = []
        self.window = MainWindow(work.clock)
        self.window.resize(1366, 768)
        self.office = self._open()
        qtbot.addWidget(self.window)

    def _open(self) -> Office:
        office = self.open_desk()
        self.settle()
        return office

    def open_desk(self) -> Office:
        """Show an open desk that has not read its drafts yet."""
        office = Office(self.work, Jobs(), form_registry())
        office.messages.noticed.connect(self.notices.append)

        def build() -> DeskPage:
            screens = (ScreenKind("today", "Today", "sun", lambda _office: text_label("Today")),)
            return DeskPage(office, screens, ClientFilePage)

        self._desk = self.window.show_desk(build)
        to_front(self.window, self.qtbot)
        return office

    def lock_and_unlock(self) -> None:
        """As Ctrl+L and the passphrase do."""
        self.window.lock()
        self.unlock()

    def unlock(self) -> None:
        """As the passphrase does, once the desk is locked."""
        self.office = self._open()

    def end(self) -> None:
        """Lock and close."""
        self.window.lock("closing")
        self.window.close()

    # --- what is on it ---

    def file_page(self, file_id: FileId, section: str = "") -> ClientFilePage:
        """The page of a file, read and drawn."""
        self.office.open_file(file_id, section)
        self.settle()
        page = self._desk.current_page()
        assert isinstance(page, ClientFilePage)
        return page

    def form(self, key: str = "") -> FormPage:
        """The form on top, drawn."""
        self.settle()
        page = self._desk._forms.top()
        assert page is not None and page.view is not None
        assert key in ("", page.kind.key)
        return page

    def close_form(self, page: FormPage) -> None:
        """Put it away as Escape does: what was typed is kept as a draft."""
        self._desk._forms.close_page(page)
        self.settle()

    def forms(self) -> tuple[FormPage, ...]:
        """Every open form."""
        return self._desk._forms.pages()

    def current_page(self) -> QWidget | None:
        """What is shown under the forms."""
        return self._desk.current_page()

    def settle(self) -> None:
        """Wait until the store's thread has nothing in hand and its answers are drawn."""
        settle(self._desk_office(), self._desk, self.qtbot)

    def _desk_office(self) -> Office:
        return self._desk.office

    def save(self) -> None:
        """Save the form on top and wait until it is gone or refused."""
        before = self.form()
        before.save()
        self.qtbot.waitUntil(lambda: before not in self.forms() or not before.is_saving)
        self.settle()

    def undo(self) -> None:
        """Press the Undo of the last notice that has one."""
        notice = next(each for each in reversed(self.notices) if each.action is not None)
        assert notice.action is not None
        notice.action()
        self.settle()


def has_text(root: QWidget, words: str) -> bool:
    """Whether any label that shows under `root` holds these words."""
    return any(words in each.text() for each in root.findChildren(QLabel) if each.isVisibleTo(root))


def control(root: QWidget, name: str, kind: type[QWidget] = QWidget) -> QWidget:
    """The control that shows under `root` and has this accessible name."""
    found = [each for each in root.findChildren(kind) if each.accessibleName() == name and each.isVisibleTo(root)]
    assert found, f"nothing is called {name!r}"
    return found[0]
