"""The form of a task: what is to be done, by when, and by whom."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import tasks
from advocate_desk.casework.tasks import TaskDetails
from advocate_desk.casework.work import Done
from advocate_desk.clock import from_london, in_london
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.convert import as_day, day_of, file_of, named_options, record_of, text_of
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section
from advocate_desk.errors import Refused
from advocate_desk.store.queries.caseload import caseload_choices
from advocate_desk.store.queries.tasks import file_tasks


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("TaskForms", text)


def advocates(office: Office) -> tuple[Option, ...]:
    """Who is at the desk first, then everybody who has a file or may have one. On the store's thread."""
    others = [each.name for each in colleagues(office.work).members if each.is_active and each.name]
    return named_options((office.work.actor.name, *office.work.read(caseload_choices).allocated_to, *others))


def task_fields() -> tuple[Field, ...]:
    """What is to be done, by when, and by whom."""
    return (
        Field("title", FieldKind.TEXT, tr("What is to be done"), required=True, max_length=200),
        Field(
            "due_on", FieldKind.DATE, tr("By when"), help=tr("Such as tomorrow, fri or +7"), required=True, wide=False
        ),
        Field("due_time", FieldKind.TIME, tr("Time, where hours count"), help=tr("Such as 10:15"), wide=False),
        Field("owner", FieldKind.SEARCH, tr("Who does it"), options="advocates", wide=False),
        Field("reason", FieldKind.LONG_TEXT, tr("Why, or what to mind")),
    )


def _spec(_office: Office, params: Params) -> FormSpec:
    is_new = not params.get("task_id")
    title = tr("Add a task") if is_new else tr("Change a task")
    return FormSpec("task", title, (Section("task", "", task_fields()),), save_label=tr("Save task"))


def _load(office: Office, params: Params) -> Values:
    task_id = record_of(params, "task_id")
    if task_id is None:
        return {"owner": office.work.actor.name}
    line = next((each for each in office.work.read(file_tasks, file_of(params)) if each.task_id == task_id), None)
    if line is None:
        raise Refused(tr("This task is no longer in the file."))
    due_at = in_london(line.due_at) if line.due_at else None
    return {
        "title": line.title,
        "due_on": as_day(due_at.date() if due_at else line.due_on),
        "due_time": f"{due_at:%H:%M}" if due_at else "",
        "owner": line.owner,
        "reason": line.reason,
    }


def details_of(values: Values) -> TaskDetails:
    """A task as casework takes it; with a time it is due at a moment."""
    due_on, due_time = day_of(values, "due_on"), text_of(values, "due_time")
    due_at = from_london(datetime.combine(due_on, time.fromisoformat(due_time))) if due_on and due_time else None
    return TaskDetails(
        title=text_of(values, "title"),
        due_on=due_on,
        due_at=due_at,
        reason=text_of(values, "reason"),
        owner=text_of(values, "owner"),
    )


def _options(office: Office, _params: Params) -> dict[str, OptionList]:
    return {"advocates": advocates(office)}


def _save(office: Office, params: Params, values: Values) -> Done:
    task_id = record_of(params, "task_id")
    if task_id is None:
        return tasks.add_task(office.work, file_of(params), details_of(values))
    return tasks.change_task(office.work, task_id, details_of(values))


FORM_KINDS = (
    FormKind("task", _spec, _save, _load, _options, saved_words=tr("Task saved."), edits="task_id", record="task"),
)
