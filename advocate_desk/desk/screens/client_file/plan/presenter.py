"""Decides what the safety plan section shows: areas with their actions, what is suggested and why, older versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.access import record_print
from advocate_desk.casework.contacts import record_paper
from advocate_desk.casework.plan_facts import known_facts
from advocate_desk.casework.plans import (
    DROPPED,
    ActionDetails,
    add_actions,
    remove_action,
    restore_action,
    set_action_status,
    start_plan,
)
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.risk import answers_of
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.plan import PlanSection, Suggested, due_on, suggest
from advocate_desk.domain.risk import Instrument
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.plan import PlanView, plan_view
from advocate_desk.store.queries.risk import ActionLine, PlanLine

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.plan.section import PlanSection as PlanSectionWidget

SET_ASIDE = ("declined", "not_possible")
NOT_GOING_AHEAD = ("declined", "not_possible", "replaced")


@dataclass(frozen=True)
class Offer:
    """A suggestion that is not in the plan yet. `because` names the answers and facts that brought it."""

    suggested: Suggested
    because: tuple[str, ...]
    due_on: date | None

    @property
    def key(self) -> str:
        """The suggestion's key."""
        return self.suggested.suggestion.key

    @property
    def reason(self) -> str:
        """Why it is suggested, as it is kept with the action."""
        said = self.suggested.suggestion.reason
        return f"{said} ({'; '.join(self.because)})" if self.because else said


@dataclass(frozen=True)
class PlanPicture:
    """What the section draws. `set_aside` are suggestions that the client did not want, in any version."""

    view: PlanView
    current: PlanLine | None
    areas: tuple[tuple[PlanSection, tuple[ActionLine, ...]], ...]
    not_going_ahead: tuple[ActionLine, ...]
    offers: tuple[Offer, ...]
    set_aside: tuple[Offer, ...]
    today: date

    def actions(self) -> tuple[ActionLine, ...]:
        """Every action of the current plan that goes ahead."""
        return tuple(action for _, lines in self.areas for action in lines)


def picture(packs: Packs, view: PlanView, today: date) -> PlanPicture:
    """The plan by areas, and what is suggested beside it."""
    current = view.current
    lines = view.actions.get(current.plan_id, ()) if current else ()
    offers = _offers(packs, view, today)
    taken = {each.suggestion_key for each in lines if each.suggestion_key}
    every = [each for many in view.actions.values() for each in many]
    refused = {each.suggestion_key for each in every if each.status in SET_ASIDE}
    finished = {each.suggestion_key for each in every if each.status in DROPPED} - refused
    return PlanPicture(
        view=view,
        current=current,
        areas=areas_of(packs, lines),
        not_going_ahead=tuple(each for each in lines if each.status in NOT_GOING_AHEAD),
        offers=tuple(each for each in offers if each.key not in taken | refused | finished),
        set_aside=tuple(each for each in offers if each.key in refused and not _goes_ahead(each.key, lines)),
        today=today,
    )


def areas_of(packs: Packs, lines: Iterable[ActionLine]) -> tuple[tuple[PlanSection, tuple[ActionLine, ...]], ...]:
    """The parts of the plan that have actions which go ahead, in the plan's order."""
    going = [each for each in lines if each.status not in NOT_GOING_AHEAD]
    found = [
        (part, tuple(each for each in going if each.section == part.key)) for part in packs.plan_sections().section
    ]
    return tuple((part, many) for part, many in found if many)


def _goes_ahead(key: str, lines: Iterable[ActionLine]) -> bool:
    return any(each.suggestion_key == key and each.status not in SET_ASIDE for each in lines)


def _offers(packs: Packs, view: PlanView, today: date) -> tuple[Offer, ...]:
    answers: dict[str, Any] = answers_of(view.assessment) if view.assessment else {}
    pack = packs.plan_suggestions()
    facts = known_facts(view, answers, today, packs.bail_periods())
    names = {each.key: each.label for each in pack.fact}
    if view.assessment is not None:
        names |= _question_names(packs.instrument(view.assessment.instrument_key))
    return tuple(
        Offer(each, tuple(names.get(key, key) for key in each.because), due_on(each.suggestion, today))
        for each in suggest(answers, facts, pack)
    )


def _question_names(instrument: Instrument) -> dict[str, str]:
    closing = {each.key: each.label for each in instrument.closing.fields}
    return closing | {each.key: each.label for each in instrument.item}


class PlanPresenter(QObject):
    """Loads the plan and does what is asked with it. A child of its section: the two end together."""

    def __init__(self, section: PlanSectionWidget, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.read(self, plan_view, self._file_id)
        job.done.connect(self._on_read)
        job.refused.connect(self._section.trouble.say_refused)
        job.broken.connect(self._section.trouble.say_broken)

    def start(self) -> None:
        """Start the file's first plan."""
        self._office.messages.follow(self._office.do(self, start_plan, self._file_id))

    def add(self, offers: tuple[Offer, ...], status: str = "agreed") -> None:
        """Put suggestions into the current plan; with the status "declined" they are remembered as not wanted."""
        plan_id = self._plan_id()
        details = tuple(_details(each, status) for each in offers)
        if plan_id is not None and details:
            self._office.messages.follow(self._office.do(self, add_actions, plan_id, details))

    def add_after_all(self, offer: Offer) -> None:
        """Take up a suggestion that was set aside."""
        found = self._section.picture()
        lines = found.not_going_ahead if found else ()
        line = next((each for each in lines if each.suggestion_key == offer.key), None)
        if line is None:
            self.add((offer,))
        else:
            self.set_status(line.action_id, "agreed")

    def set_status(self, action_id: UUID, status: str) -> None:
        """Mark an action."""
        self._office.messages.follow(self._office.do(self, set_action_status, RecordId(action_id), status))

    def remove(self, action_id: UUID) -> None:
        """Take an action out, with an undo."""
        job = self._office.messages.follow(self._office.do(self, remove_action, RecordId(action_id)))
        job.done.connect(self._on_removed)

    def restore(self, action_id: RecordId) -> None:
        """Take back a removal."""
        self._office.messages.follow(self._office.do(self, restore_action, action_id))

    def make(self, compose: Callable[[], bytes], show: Callable[[bytes], object], trouble: Any) -> None:  # noqa: ANN401 - a Banner
        """Make a paper off the GUI thread, then show it; `trouble` says why there is none."""
        job = self._office.jobs.run(self, compose)
        job.done.connect(show)
        job.refused.connect(trouble.say_refused)
        job.broken.connect(trouble.say_broken)

    def make_against(
        self,
        what: str,
        reason: str,
        compose: Callable[[], bytes],
        show: Callable[[bytes], object],
        trouble: Any,  # noqa: ANN401 - a Banner
    ) -> None:
        """Keep why a paper is made that her rule does not call safe, then make it."""
        job = self._office.do(self, record_paper, self._file_id, what, reason)
        job.done.connect(lambda _done: self.make(compose, show, trouble))
        job.refused.connect(trouble.say_refused)
        job.broken.connect(trouble.say_broken)

    def record_leaving(self, what: str, how: str) -> Job:
        """Put on record that a paper leaves the desk."""
        return self._office.do(self, record_print, self._file_id, what, how)

    def _plan_id(self) -> RecordId | None:
        found = self._section.picture()
        return RecordId(found.current.plan_id) if found and found.current else None

    def _on_read(self, view: PlanView) -> None:
        self._section.show_picture(picture(self._office.packs, view, today_in_london(self._office.clock)))

    def _on_removed(self, done: Done) -> None:
        if done.record_id is not None:
            undo = partial(self.restore, done.record_id)
            self._office.messages.undoable(self.tr("The action is out of the plan."), undo)


def _details(offer: Offer, status: str) -> ActionDetails:
    one = offer.suggested.suggestion
    return ActionDetails(
        section=one.section,
        text=one.text,
        owner=one.owner,
        due_on=offer.due_on if status == "agreed" else None,
        status=status,
        reason=offer.reason,
        suggestion_key=one.key,
    )
