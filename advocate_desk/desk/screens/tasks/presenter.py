"""Decides which tasks are shown, and completes them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.tasks import complete_task, reopen_task
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.tasks.model import OpenCount, counted, origins, task_lines, total
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.today import TASK_ROWS, OpenTasks, TaskLine, open_task_page, open_tasks

if TYPE_CHECKING:
    from advocate_desk.desk.screens.tasks.view import TasksScreen

KINDS = frozenset({"task", "client_file", "person", "risk_assessment", "import_batch"})


class TasksPresenter(QObject):
    """Reads open tasks as they come into sight. A child of its view."""

    def __init__(self, view: TasksScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self._tasks: tuple[TaskLine, ...] = ()
        self._counts: tuple[OpenCount, ...] = ()
        self._turn = 0
        self._is_reading = False
        self._ticked: UUID | None = None
        self.origins: tuple[str, ...] = ()
        view.origins_chosen.connect(self.keep_origins)
        view.list.ticked.connect(self.complete)
        view.list.opened.connect(self._open)
        view.list.end_neared.connect(self.read_more)
        office.changed.connect(self._on_changed)
        office.whose.changed.connect(self._on_whose)

    def reload(self) -> None:
        """Read them again, as many as are here. What is shown stays until the answer is there."""
        self._turn += 1
        self._is_reading = True
        turn = self._turn
        job = self._office.read(self, open_task_page, self._whose(), max(TASK_ROWS, len(self._tasks)))
        job.done.connect(lambda page: self._on_read(page, turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def read_more(self) -> None:
        """Read the tasks that follow, if there are any and nobody is reading."""
        if self._is_reading or not self.has_more:
            return
        self._is_reading = True
        turn = self._turn
        job = self._office.read(self, open_tasks, self._whose(), TASK_ROWS, len(self._tasks))
        job.done.connect(lambda tasks: self._on_more(tasks, turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    @property
    def has_more(self) -> bool:
        """Whether tasks are open that are not read yet."""
        return len(self._tasks) < total(self._counts)

    def _whose(self) -> str:
        return self._office.work.actor.name if self.mine else ""

    @property
    def mine(self) -> bool:
        """Whether it keeps to the user's own tasks and those of her files."""
        return self._office.whose.is_mine("tasks")

    @Slot(str)
    def _on_whose(self, screen: str) -> None:
        if screen in ("", "tasks"):
            self.reload()

    def keep_origins(self, kept: tuple[str, ...]) -> None:
        """Show only tasks of these origins; all when empty."""
        self.origins = kept
        self._show()

    def complete(self, task_id: UUID) -> None:
        """Mark a task done, and offer to take that back."""
        if self._ticked is not None:
            return  # one is being saved
        office, task = self._office, RecordId(task_id)

        def undo() -> None:
            office.messages.follow(office.do(office, reopen_task, task))

        self._ticked = task_id
        self._show()
        job = office.do(self, complete_task, task)
        office.messages.follow(job)
        job.refused.connect(self._on_not_done)
        job.broken.connect(self._on_not_done)
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Task done."), undo))

    def _on_not_done(self, *_error: object) -> None:
        self._ticked = None
        self.reload()

    def _on_read(self, page: OpenTasks, turn: int) -> None:
        if turn != self._turn:
            return
        self._is_reading = False
        self._tasks = page.tasks
        self._counts = counted(page.counts, today_in_london(self._office.clock))
        self._ticked = None
        self._view.banner.hide()
        self._view.offer_origins(origins(self._counts), self.origins)
        self._show()

    def _on_more(self, tasks: tuple[TaskLine, ...], turn: int) -> None:
        if turn != self._turn:
            return
        self._is_reading = False
        here = {line.task_id for line in self._tasks}
        self._tasks += tuple(line for line in tasks if line.task_id not in here)
        if tasks:  # else some were done elsewhere since they were counted
            self._show()

    def _show(self) -> None:
        today = today_in_london(self._office.clock)
        lines = task_lines(self._tasks, today, self._office.packs, self._counts, self.origins, self._ticked)
        self._view.show_tasks(lines, total(self._counts), total(self._counts, group="overdue"))
        if self.has_more and (self.origins or self._view.waits_for_row):
            self.read_more()  # what is asked for may stand further down

    def _open(self, task_id: UUID) -> None:
        line = next((each for each in self._tasks if each.task_id == task_id), None)
        if line is not None:
            self._office.open_file(FileId(line.file_id))

    def _on_changed(self, done: Done) -> None:
        if done.kinds & KINDS:
            self.reload()
