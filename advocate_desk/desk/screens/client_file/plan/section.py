"""The safety plan section of a client file: the plan, what is suggested for it, its versions, and its papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from advocate_desk.desk.forms.plan import ACTION, REVIEW
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.plan.pages import ActionsPage, PlanPageBase, SuggestionsPage, VersionsPage
from advocate_desk.desk.screens.client_file.plan.paper_page import PaperPage
from advocate_desk.desk.screens.client_file.plan.presenter import PlanPicture, PlanPresenter
from advocate_desk.desk.screens.client_file.risk.parts import is_large
from advocate_desk.desk.slices import is_making
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, SectionHeader, Switch, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.domain.forms import Option
from advocate_desk.domain.identity import FileId

PLAN, SUGGESTED, VERSIONS, PAPER = "plan", "suggested", "versions", "paper"
PAGES = (PLAN, SUGGESTED, VERSIONS)
KINDS = frozenset(
    {
        "safety_plan",
        "safety_action",
        "risk_assessment",
        "person",
        "relationship",
        "contact_method",
        "alert",
        "referral",
        "criminal_case",
        "bail",
        "condition",
        "hearing",
    }
)


class PlanSection(QWidget):
    """Three pages under one heading, and a fourth for papers."""

    kinds = KINDS

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office, self.file_id = office, file_id
        self._found: PlanPicture | None = None
        self._wanted: dict[str, Any] = {}
        self._paper: PaperPage | None = None
        self._paper_place: dict[str, Any] = {}
        self._paper_wants = False
        self._scroll_wanted = 0
        self.trouble = Banner()
        self.presenter = PlanPresenter(self, office, file_id)
        self.plan_page = ActionsPage(office)
        self.suggestions = SuggestionsPage(office)
        self.versions = VersionsPage(office)
        self._pages = (self.plan_page, self.suggestions, self.versions)
        self._top = self._draw_top()
        self._lay_out(self._pages)
        self._connect()

    @Slot()
    def reload(self) -> None:
        """Read and draw again."""
        self.presenter.reload()

    def picture(self) -> PlanPicture | None:
        """What is shown now."""
        return self._found

    @property
    def paper(self) -> PaperPage:
        """The page for papers."""
        return self._paper or self._make_paper()

    def place(self) -> dict[str, Any]:
        """The page, what is ticked, open and typed on it, and how far it is scrolled."""
        index = self._switch.index()
        return {
            "page": PAPER if index == len(PAGES) else PAGES[index],
            "chosen": self.suggestions.chosen(),
            "version": self.versions.open_id,
            "paper": self._paper.place() if self._paper is not None else self._paper_place,
            "scroll": self._scroll_wanted or self._areas[index].verticalScrollBar().value(),
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to a place, at once or as soon as the plan is there."""
        self._wanted = dict(place)
        if self._found is not None:
            self._go_to_wanted()
            self._draw_next()

    @Slot(object)
    def show_picture(self, found: PlanPicture) -> None:
        """Draw every page anew, in slices."""
        self._found = found
        self.trouble.hide()
        for page in self._pages:
            page.want(found)
        self._paper_wants = True
        has_plan = found.current is not None
        for each in (self._add, self._review, self._paper_button, self.which):
            each.setVisible(has_plan)
        if not has_plan:
            self._turn_to(PLAN)
        self._label_pages(found)
        if self._wanted:
            self._go_to_wanted()
        if self._page_at(self._switch.index()) is None:
            self._complete_in_sight()
        self._draw_next()

    def show_page(self, page: str) -> None:
        """Show one of PAGES, or the papers, whole: the next key may be for it."""
        self._turn_to(page)
        self._complete_in_sight()
        if page == PAPER:
            self.paper.focus_first()

    # --- inside ---

    def _turn_to(self, page: str) -> None:
        self._top.setVisible(page != PAPER)
        if page in PAGES:
            self.which.set_value(page)
        else:
            self._make_paper()
        self._switch.show_page(PAGES.index(page) if page in PAGES else len(PAGES))
        self.office.drafts.touch()

    def _make_paper(self) -> PaperPage:
        """Made when it is first wanted: it has more on it than the other pages."""
        if self._paper is None:
            self._paper = PaperPage(self.office, self.presenter)
            area = self._paper if is_large() else scrolled(self._paper)
            self._switch.add_page(area)
            self._areas.append(area if isinstance(area, QScrollArea) else self._areas[0])
            self._paper.back_asked.connect(self._leave_paper)
            if self._paper_place:
                self._paper.restore(self._paper_place)
        return self._paper

    @Slot()
    def _draw_next(self) -> None:
        """Draw the page in sight, then the others, one after the other: they are whole by the time they are wanted."""
        index = self._switch.index()
        shown = self._areas[index].viewport().width()
        in_sight = self._page_at(index)
        for page in sorted(self._pages, key=lambda each: each is not in_sight):
            if page is not in_sight:
                page.resize(shown, page.height())  # its area gives it no width while it is out of sight
            if page.draw_wanted(at_once=False):
                return
        self._scroll()

    def _page_at(self, index: int) -> PlanPageBase | None:
        return self._pages[index] if index < len(self._pages) else None

    def _complete_in_sight(self) -> None:
        page = self._page_at(self._switch.index())
        if page is not None:
            page.draw_wanted()
            page.finish()
        elif self._paper_wants and self._found is not None:
            self._paper_wants = False
            self.paper.show_picture(self._found)

    def _lay_out(self, pages: Sequence[QWidget]) -> None:
        """The heading stays while a page scrolls; with large text it scrolls away with it, or it would be all."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._areas: list[QScrollArea] = [] if is_large() else [scrolled(each) for each in pages]
        self._switch = Switch(self._areas or pages)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._switch, 1)
        if is_large():
            area = scrolled(whole)
            self._areas = [area for _ in pages]
            layout.addWidget(area)
        else:
            layout.addWidget(whole)

    def _draw_top(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(px(24), px(24), px(36), px(12))  # the pages below have a scroll bar at the right
        column.setSpacing(px(12))
        self.header = SectionHeader(self.tr("Safety plan"), self.tr("The client’s own plan, in the client’s words."))
        self._paper_button = button(self.tr("Print or save"), "", "printer", lambda: self.show_page(PAPER))
        self._review = button(self.tr("Review now"), "", "refresh-cw", lambda: self._open(REVIEW))
        self._add = button(self.tr("Add an action"), "primary", "plus", lambda: self._open(ACTION))
        below = QWidget()
        flow = FlowLayout(below, px(8))
        for each in (self._paper_button, self._review, self._add):
            if is_large():
                flow.addWidget(each)
            else:
                self.header.buttons.addWidget(each)
        options = (
            Option(PLAN, self.tr("Plan")),
            Option(SUGGESTED, self.tr("Suggestions")),
            Option(VERSIONS, self.tr("Versions")),
        )
        self.which = SegmentedControl(options, self.tr("Part of the section"), can_clear=False)
        self.which.set_value(PLAN)
        self.which.chosen.connect(self.show_page)
        column.addWidget(self.trouble)
        column.addWidget(self.header)
        column.addWidget(below)
        below.setVisible(is_large())
        column.addWidget(self.which)
        for made in (self._add, self._review, self._paper_button, self.which):
            made.hide()
        return holder

    def _connect(self) -> None:
        for page in self._pages:
            page.drawn.connect(self._draw_next)
        self.trouble.acted.connect(self.reload)
        self.plan_page.start_asked.connect(self.presenter.start)
        self.plan_page.add_asked.connect(lambda part: self._open(ACTION, section=part))
        self.plan_page.suggestions_asked.connect(self._look_at_suggestions)
        self.plan_page.status_picked.connect(self.presenter.set_status)
        self.plan_page.edit_asked.connect(self._edit)
        self.plan_page.remove_asked.connect(self.presenter.remove)
        self.suggestions.add_asked.connect(self.presenter.add)
        self.suggestions.dismiss_asked.connect(self._dismiss)
        self.suggestions.take_up_asked.connect(self.presenter.add_after_all)

    def _open(self, key: str, **params: str) -> None:
        self.office.open_form(key, {"file_id": str(self.file_id), **params})

    def _edit(self, action_id: UUID) -> None:
        self._open(ACTION, action_id=str(action_id))

    def _dismiss(self, offer: Any) -> None:  # noqa: ANN401 - an Offer through a Qt signal
        self.presenter.add((offer,), "declined")

    def _look_at_suggestions(self) -> None:
        self.show_page(SUGGESTED)
        self.which.setFocus()

    def _leave_paper(self) -> None:
        self.show_page(PLAN)
        self._paper_button.setFocus()

    def _label_pages(self, found: PlanPicture) -> None:
        count = len(found.offers)
        words = self.tr("Suggestions ({0})").format(count) if count else self.tr("Suggestions")
        self.which.set_label(SUGGESTED, words)
        self.which.set_label(VERSIONS, self.tr("Versions ({0})").format(len(found.view.plans)))

    def _go_to_wanted(self) -> None:
        place, self._wanted = self._wanted, {}
        self.suggestions.choose([str(each) for each in place.get("chosen", [])])
        self.versions.open_id = str(place.get("version") or "")
        if self._found is not None:
            self.suggestions.want(self._found)
            self.versions.want(self._found)
            self._paper_place = dict(place.get("paper") or {})
            if self._paper is not None:
                self._paper.restore(self._paper_place)
        page = str(place.get("page") or PLAN)
        self._scroll_wanted = int(place.get("scroll") or 0)
        self._turn_to(page if self._found is not None and self._found.current is not None else PLAN)

    def _scroll(self) -> None:
        """Go to where the page in sight was left, now that all are drawn."""
        if self._scroll_wanted and not is_making(self):
            area = self._areas[self._switch.index()]
            inside = area.widget()
            if inside is not None:
                inside.adjustSize()
            area.verticalScrollBar().setValue(self._scroll_wanted)
            self._scroll_wanted = 0
