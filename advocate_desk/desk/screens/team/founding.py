"""Founding an organisation: what it is, its sheets on paper, then the hub is told. Until then nothing exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from advocate_desk import paths
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.first_run.sheet_form import (
    ChooseFile,
    PrintPdf,
    SheetForm,
    choose_file,
    print_with_dialog,
)
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import Choices, Line, device_line, place_line
from advocate_desk.desk.screens.team.words import role_options
from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.choosing_file import choose_new_exchange_file, with_suffix
from advocate_desk.desk.team.enrolment import Draft, FoundingWishes
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import Option
from advocate_desk.errors import DeskError, Invalid
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE

SHEETS = ((2, 2), (2, 3), (3, 4), (3, 5))
_USUAL = "2 3"


class ShareForm(SheetForm):
    """One holder's sheet, proven as the recovery sheet is."""

    def show_share(self, draft: Draft, place: int) -> None:
        """Begin with the sheet at `place`, from 0."""
        share = draft.sheets[place]
        self._share = (share.number, draft.wishes.needed, draft.wishes.made)
        self.show_code(share, share.mark_text)

    def pdf_maker(self, groups: tuple[str, ...], mark: str, today: date) -> Callable[[], bytes]:
        """What makes the page, off the GUI thread."""
        share = self._share

        def make() -> bytes:
            from advocate_desk.documents.fonts import FontSet  # noqa: PLC0415 - reportlab takes its time to load
            from advocate_desk.documents.share_sheet import Share, share_sheet_pdf  # noqa: PLC0415

            return share_sheet_pdf(FontSet(paths.resources() / "fonts"), groups, Share(*share), mark, today)

        return make

    def out_words(self, *, is_printed: bool) -> str:
        """What is said once the sheet is on paper, or on the disk."""
        if is_printed:
            return self.tr("Sent to print. Fetch it now, and hand it to its holder when you have typed it back.")
        return self.tr(
            "Saved. Print it from there for its holder, then delete the file: sheets kept together protect nothing."
        )


class FoundDialog(TeamDialog):
    """Asks for what an organisation needs, proves its sheets, and founds it at the hub."""

    founded = Signal(object)  # UUID: the founder's id

    def __init__(
        self,
        office: Office,
        person_name: str,
        service_name: str,
        parent: QWidget,
        *,
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
    ) -> None:
        title = self.tr("Found an organisation")
        lead = self.tr(
            "Desks of one organisation share their files through a hub, a small server that can read none of them, or "
            "through a file on a stick or in a shared folder. You become the first administrator."
        )
        super().__init__(office, title, lead, self.tr("Go on"), self.tr("Looking…"), parent)
        self._draft: Draft | None = None
        self._place = 0
        self.form = ShareForm(office.vault_jobs, office.clock, choose=choose, print_pdf=print_pdf)
        self.form.entered.connect(self.go_on)
        self.form.changed.connect(self.clear_said)
        self.set_pages((self._about(person_name, service_name), self._papers()))
        self.lines["name"].setFocus()

    def _about(self, person_name: str, service_name: str) -> QWidget:
        page, layout = column()
        self.lines = {
            "name": Line(self.tr("Name of the organisation"), text=service_name),
            "address": place_line(self.tr("Such as https://hub.example.org. Ask whoever runs it.")),
            "code": Line(self.tr("Founding code"), self.tr("Only if whoever runs the hub gave you one.")),
            "person_name": Line(self.tr("Your name"), text=person_name),
            "device": device_line(),
        }
        self.by_file = button(self.tr("There is no hub: use a file…"), icon="files", clicked=self._choose_place)
        self.lines["address"].add_way(self.by_file)  # before it is in the page: Tab goes where things were put first
        for key, each in self.lines.items():
            layout.addWidget(each)
            if key != "code":
                each.keep_in(self.office, f"found {key}")
        self.lines["code"].edit.setEchoMode(self.lines["code"].edit.EchoMode.PasswordEchoOnEdit)
        others = tuple(each for each in role_options() if each.key != ADMINISTRATOR)
        self.roles = Choices(self.tr("Your other roles"), others, (ADVOCATE,))
        layout.addWidget(self.roles)
        options = tuple(
            Option(f"{needed} {made}", self.tr("{0} of {1}").format(needed, made)) for needed, made in SHEETS
        )
        words = self.tr("Sheets of paper, and how many of them are needed together")
        layout.addWidget(text_label(words, "label", wrap=True))
        self.sheets = SegmentedControl(options, self.tr("Sheets needed"), can_clear=False)
        self.sheets.set_value(_USUAL)
        layout.addWidget(self.sheets)
        layout.addWidget(
            text_label(
                self.tr(
                    "They open a member’s desk that nothing else opens any more. Each goes to another trusted person: "
                    "nobody alone can use one."
                ),
                "small",
                wrap=True,
            )
        )
        return page

    def _choose_place(self) -> None:
        choose_new_exchange_file(self, self.use_file)

    def use_file(self, path: Path) -> None:
        """Found it without a hub: its desks exchange by the file at `path`."""
        self.lines["address"].edit.setText(str(with_suffix(path)))
        self.lines["person_name"].setFocus()

    def _papers(self) -> QWidget:
        page, layout = column()
        self.which = text_label("", "heading", wrap=True)
        self.why = text_label("", "muted", wrap=True)
        layout.addWidget(self.which)
        layout.addWidget(self.why)
        layout.addWidget(self.form)
        self._papers_column = layout
        return page

    def wishes(self) -> FoundingWishes:
        """What was typed and chosen."""
        needed, made = (int(each) for each in self.sheets.value().split())
        text = {key: line.text() for key, line in self.lines.items()}
        return FoundingWishes(
            text["name"],
            text["address"],
            text["person_name"],
            text["device"],
            self.roles.chosen(),
            needed,
            made,
            text["code"],
        )

    @Slot()
    def go_on(self) -> None:
        """Make the sheets, go to the next one, or tell the hub."""
        if self.is_busy:
            return
        draft = self._draft
        if draft is None:
            self.ask_hub(partial(enrolment.prepare, wishes=self.wishes()))
            return
        problem = self.form.problem()
        self.said.say(problem)
        if problem:
            self.form.focus_problem()
        elif self._place + 1 < len(draft.sheets):
            self._show_sheet(self._place + 1)
        else:
            self.ask_to_bring(draft.brought, self.tr("Found it and take them along"), self._found)

    def _found(self) -> None:
        draft = self._draft
        if draft is not None:
            draft.wishes = replace(draft.wishes, founding_code=self.lines["code"].text())
            self.ask_hub(partial(enrolment.found, draft=draft, may_bring=draft.brought))

    @Slot(object)
    def job_done(self, result: object) -> None:
        """The sheets are made, or the organisation is."""
        if isinstance(result, Draft):
            self._draft = result
            self.lead.hide()
            self.show_page(1)
            self._show_sheet(0)
            self.fit_text()
            return
        assert isinstance(result, UUID)
        for key in self.lines:
            self.office.half_typed.forget(f"team found {key}")
        super().job_done(result)
        self.founded.emit(result)

    @Slot(object)
    def show_problem(self, error: DeskError) -> None:
        """As any dialog. The founding code is asked for here, where it is wrong: sheets are not typed back twice."""
        if self._draft is not None and isinstance(error, Invalid) and "code" in error.problems:
            self._papers_column.addWidget(self.lines["code"])
            self.fit_text()
        super().show_problem(error)

    def let_go(self) -> None:
        """Leave no code, no share and no key; the organisation is founded, or it never was."""
        self.lines["code"].forget()
        self.form.forget()
        if self._draft is not None:
            self._draft.discard()
            self._draft = None

    def _show_sheet(self, place: int) -> None:
        draft = self._draft
        assert draft is not None
        self._place = place
        number, made = place + 1, len(draft.sheets)
        self.which.setText(self.tr("Sheet {0} of {1}, for one holder").format(number, made))
        self.why.setText(
            self.tr("Nothing is founded before every sheet is on paper. Any {0} of them are needed together.").format(
                draft.wishes.needed
            )
        )
        self.form.show_share(draft, place)
        last = number == made
        self.set_verbs(
            self.tr("Found it now") if last else self.tr("Next sheet"),
            self.tr("Founding…") if last else self.tr("Next sheet"),
        )
        self.form.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
