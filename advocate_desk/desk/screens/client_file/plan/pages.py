"""Three pages of the safety plan section: the plan by areas, what is suggested, and the versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.plan.parts import ActionRow, due_badge
from advocate_desk.desk.screens.client_file.plan.presenter import Offer, PlanPicture, areas_of
from advocate_desk.desk.screens.client_file.risk.focus import (
    focus_first_control,
    focus_name,
    give_focus,
    keep_focus_as,
)
from advocate_desk.desk.screens.client_file.risk.parts import at_left, is_large
from advocate_desk.desk.screens.list_words import overdue_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, rule, text_label
from advocate_desk.desk.widgets.redrawn import Redrawn
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.risk import ActionLine, PlanLine


class PlanPageBase(Redrawn):
    """A column of cards that keeps the focus when it is drawn anew."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent, QMargins(px(24), px(4), px(24), px(24)))
        self.office = office
        self._wanted: PlanPicture | None = None

    def want(self, found: PlanPicture) -> None:
        """Show this from the next `draw_wanted` on."""
        self._wanted = found

    def draw_wanted(self, *, at_once: bool = True) -> bool:
        """Draw what is wanted; False if that is drawn, or being drawn, already."""
        found, self._wanted = self._wanted, None
        if found is not None:
            self.draw_anew(partial(self.draw, found), at_once=at_once)
        return found is not None

    def redraw(self, found: PlanPicture) -> None:
        """Draw the cards anew; the control that had the focus has it again."""
        self.want(found)
        self.draw_wanted()

    def change_over(self, change: Callable[[], None]) -> None:
        """Carry the focus over."""
        name = focus_name(self)
        change()
        if name and not give_focus(self, name):
            self.focus_nearest(name)

    def draw(self, found: PlanPicture, cards: QVBoxLayout) -> Iterator[None]:
        """Fill `cards`, one a step."""
        raise AssertionError("each page draws its own cards")

    def focus_nearest(self, name: str) -> None:
        """Focus something sensible when the control called `name` has gone: the first that takes it."""
        focus_first_control(self)


class ActionsPage(PlanPageBase):
    """The current plan by areas."""

    start_asked = Signal()
    add_asked = Signal(str)  # key of the part
    suggestions_asked = Signal()
    status_picked = Signal(object, str)
    edit_asked = Signal(object)
    remove_asked = Signal(object)

    def draw(self, found: PlanPicture, cards: QVBoxLayout) -> Iterator[None]:
        """Facts of the plan, then a card an area."""
        if found.current is None:
            empty = EmptyState(
                "list-checks",
                self.tr("No safety plan yet"),
                self.tr(
                    "Start it with what the risk answers suggest; the client chooses, changes and words each action."
                ),
                self.tr("Start the plan"),
            )
            empty.acted.connect(self.start_asked)
            cards.addWidget(empty)
            return
        cards.addWidget(self._facts(found.current, found))
        yield
        for part, lines in found.areas:
            card = Card(part.title)
            add = button(self.tr("Add"), "quiet", "plus", partial(self.add_asked.emit, part.key))
            add.setAccessibleName(self.tr("Add an action to {part}").format(part=part.title))
            keep_focus_as(add, f"add {part.key}")
            card.head.addWidget(add)
            cards.addWidget(card)
            yield from self._add_rows(card, lines, found.today)
        if found.not_going_ahead:
            card = Card(self.tr("Not going ahead"), "circle-slash")
            cards.addWidget(card)
            yield from self._add_rows(card, found.not_going_ahead, found.today)

    def _facts(self, plan: PlanLine, found: PlanPicture) -> Card:
        card = Card()
        card.body.addWidget(ConflictFlag(card, self.office, plan.plan_id))
        facts = KeyValue()
        made = day_words(plan.made_on) if plan.made_on else ""
        facts.add(self.tr("Version"), self.tr("{number}, made {day}").format(number=plan.version, day=made))
        facts.add(self.tr("Review"), self._review(plan, found.today))
        facts.add(self.tr("Kept"), plan.kept_where or self.tr("Nobody has recorded where the client keeps it"))
        if plan.note:
            facts.add(self.tr("Note"), plan.note)
        card.body.addWidget(facts)
        if found.offers:
            card.body.addWidget(rule())
            card.body.addLayout(self._offered(found))
        return card

    def _review(self, plan: PlanLine, today: date) -> QWidget:
        if plan.review_on is None:
            return at_left(Badge(self.tr("No review date"), "warning"))
        if plan.review_on < today:
            words = f"{overdue_words(plan.review_on, today)} ({day_words(plan.review_on)})"
            return at_left(Badge(words, "danger", "clock-alert"))
        return text_label(self.tr("due {day}").format(day=day_words(plan.review_on)), wrap=True)

    def _offered(self, found: PlanPicture) -> QHBoxLayout:
        line = QHBoxLayout()
        urgent = sum(each.suggested.suggestion.urgent for each in found.offers)
        words = self.tr("{count} more actions are suggested.").format(count=len(found.offers))
        if urgent:
            words += " " + self.tr("Urgent among them: {count}.").format(count=urgent)
        line.addWidget(text_label(words, wrap=True), 1)
        look = button(self.tr("Look at them"), "", "arrow-right", self.suggestions_asked.emit)
        keep_focus_as(look, "look")
        line.addWidget(look)
        return line

    def _add_rows(self, card: Card, lines: Sequence[ActionLine], today: date) -> Iterator[None]:
        for number, line in enumerate(lines):
            if number:
                card.body.addWidget(rule())
            row = ActionRow(self.office.packs, line, today)
            row.status_picked.connect(self.status_picked)
            row.edit_asked.connect(self.edit_asked)
            row.remove_asked.connect(self.remove_asked)
            card.body.addWidget(row)
            card.body.addWidget(ConflictFlag(card, self.office, line.action_id))
            yield


class SuggestionsPage(PlanPageBase):
    """What the answers and the file suggest, each with its reason; several can be added at once."""

    add_asked = Signal(object)  # tuple of Offer
    dismiss_asked = Signal(object)  # Offer
    take_up_asked = Signal(object)  # Offer that was set aside
    start_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(office, parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._offers: dict[str, Offer] = {}
        self._chosen: set[str] = set()
        self._add = button("")

    def chosen(self) -> list[str]:
        """Keys of the suggestions that are ticked."""
        return sorted(self._chosen)

    def choose(self, keys: Sequence[str]) -> None:
        """Tick these at the next drawing."""
        self._chosen = set(keys)

    def draw(self, found: PlanPicture, cards: QVBoxLayout) -> Iterator[None]:
        """Urgent ones first, then by area, then those set aside."""
        self._boxes.clear()
        self._offers = {each.key: each for each in found.offers}
        self._chosen &= set(self._offers)
        cards.addWidget(self._head(found))
        urgent = [each for each in found.offers if each.suggested.suggestion.urgent]
        if urgent:
            yield from self._add_card(cards, self.tr("Look at these first"), urgent, found, "octagon-alert")
        rest = [each for each in found.offers if not each.suggested.suggestion.urgent]
        order = [part.key for part in self.office.packs.plan_sections().section]
        rest.sort(key=lambda each: order.index(each.suggested.suggestion.section))
        titles = {part.key: part.title for part in self.office.packs.plan_sections().section}
        for section, many in groupby(rest, key=lambda each: each.suggested.suggestion.section):
            yield from self._add_card(cards, titles[section], list(many), found)
        if not found.offers:
            cards.addWidget(
                EmptyState(
                    "circle-check", self.tr("Nothing more is suggested"), self.tr("Own actions can always be added.")
                )
            )
        if found.set_aside:
            cards.addWidget(self._aside(found))

    def change_over(self, change: Callable[[], None]) -> None:
        """Carry over what was ticked while these were drawn, too."""
        for key, box in self._boxes.items():
            box.setChecked(key in self._chosen)
        self._show_chosen()
        super().change_over(change)

    def focus_nearest(self, name: str) -> None:
        """After a suggestion has gone, the same control of the first that is left."""
        verb = name.partition(" ")[0]
        for key in self._offers:
            if give_focus(self, f"{verb} {key}"):
                return
        super().focus_nearest(name)

    def _head(self, found: PlanPicture) -> QWidget:
        holder = QWidget()
        line = QBoxLayout(QBoxLayout.Direction.TopToBottom if is_large() else QBoxLayout.Direction.LeftToRight, holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(12))
        line.addWidget(text_label(self._source_words(found), "muted", wrap=True), 1)
        self._add = button("", "primary", "", self._add_chosen)
        keep_focus_as(self._add, "chosen")
        line.addWidget(self._add)
        return holder

    def _source_words(self, found: PlanPicture) -> str:
        line = found.view.assessment
        if line is None:
            return self.tr("There is no final risk assessment yet: only what the file says suggests actions.")
        day = day_words(line.completed_on) if line.completed_on else ""
        return self.tr(
            "From the assessment of {day} and from what the file says. Offered, never added by itself."
        ).format(day=day)

    def _add_card(
        self, cards: QVBoxLayout, title: str, offers: list[Offer], found: PlanPicture, icon: str = ""
    ) -> Iterator[None]:
        card = Card(title, icon)
        cards.addWidget(card)
        for number, offer in enumerate(offers):
            if number:
                card.body.addWidget(rule())
            card.body.addWidget(self._row(offer, found))
            yield

    def _row(self, offer: Offer, found: PlanPicture) -> QWidget:
        one = offer.suggested.suggestion
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, px(4), 0, px(4))
        row.setSpacing(px(12))
        box = QCheckBox()
        box.setAccessibleName(one.text)
        box.setAccessibleDescription(offer.reason)
        box.setChecked(offer.key in self._chosen)
        box.toggled.connect(partial(self._on_ticked, offer.key))
        keep_focus_as(box, f"tick {offer.key}")
        self._boxes[offer.key] = box
        row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        words = self._words(offer, found.today)
        row.addLayout(words, 1)
        add = button(self.tr("Add"), "", "plus", partial(self.add_asked.emit, (offer,)))
        add.setAccessibleName(self.tr("Add: {action}").format(action=one.text))
        no = button(self.tr("Not for this client"), "quiet", "", partial(self.dismiss_asked.emit, offer))
        no.setAccessibleName(self.tr("Not for this client: {action}").format(action=one.text))
        for widget, name in ((add, "add"), (no, "no")):
            keep_focus_as(widget, f"{name} {offer.key}")
        if is_large():
            ways = QWidget()
            flow = FlowLayout(ways, px(8))
            flow.addWidget(add)
            flow.addWidget(no)
            words.addWidget(ways)
        else:
            column = QVBoxLayout()
            column.setSpacing(px(4))
            column.addWidget(add, 0, Qt.AlignmentFlag.AlignRight)
            column.addWidget(no, 0, Qt.AlignmentFlag.AlignRight)
            column.addStretch(1)
            row.addLayout(column)
        return holder

    def _words(self, offer: Offer, today: date) -> QVBoxLayout:
        one = offer.suggested.suggestion
        words = QVBoxLayout()
        words.setSpacing(px(4))
        words.addWidget(text_label(one.text, "strong", wrap=True))
        words.addWidget(text_label(one.reason, "muted", wrap=True))
        marks = QWidget()
        flow = FlowLayout(marks, px(6))
        flow.addWidget(Badge(self.office.packs.label("action_owner", one.owner), "plain", "user"))
        due = due_badge(offer.due_on, "agreed", today)
        if due is not None:
            flow.addWidget(due)
        words.addWidget(marks)
        if offer.because:
            said = self.tr("Suggested because: {answers}").format(answers="; ".join(offer.because))
            words.addWidget(text_label(said, "small", wrap=True))
        words.addStretch(1)
        return words

    def _aside(self, found: PlanPicture) -> Card:
        card = Card(self.tr("Set aside"), "circle-slash")
        for offer in found.set_aside:
            line = QHBoxLayout()
            line.setSpacing(px(12))
            line.addWidget(text_label(offer.suggested.suggestion.text, "muted", wrap=True), 1)
            again = button(self.tr("Add after all"), "quiet", "undo-2", partial(self.take_up_asked.emit, offer))
            again.setAccessibleName(self.tr("Add after all: {0}").format(offer.suggested.suggestion.text))
            keep_focus_as(again, f"again {offer.key}")
            line.addWidget(again)
            card.body.addLayout(line)
        return card

    def _on_ticked(self, key: str, on: bool) -> None:
        if on:
            self._chosen.add(key)
        else:
            self._chosen.discard(key)
        self._show_chosen()
        self.office.drafts.touch()

    def _show_chosen(self) -> None:
        count = len(self._chosen)
        words = self.tr("Add the {count} chosen").format(count=count) if count else self.tr("Add the chosen")
        self._add.setText(words)
        self._add.setAccessibleName(words)
        self._add.setEnabled(bool(count))

    def _add_chosen(self) -> None:
        chosen = tuple(offer for key, offer in self._offers.items() if key in self._chosen)
        self._chosen.clear()
        self.add_asked.emit(chosen)


class VersionsPage(PlanPageBase):
    """Every version of the plan; an older one can be read, never changed."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(office, parent)
        self.open_id = ""
        self._found: PlanPicture | None = None

    def draw(self, found: PlanPicture, cards: QVBoxLayout) -> Iterator[None]:
        """The list, and under the version that is open, its actions."""
        self._found = found
        if not found.view.plans:
            cards.addWidget(EmptyState("layers", self.tr("No version yet"), self.tr("Start the plan first.")))
        for plan in found.view.plans:
            cards.addWidget(self._card(plan, found))
            yield

    def _card(self, plan: PlanLine, found: PlanPicture) -> Card:
        key = str(plan.plan_id)
        card = Card(self.tr("Version {0}").format(plan.version))
        is_current = plan.status == "current"
        card.head.addWidget(
            Badge(self.tr("Current"), "ok") if is_current else Badge(self.tr("Read only"), "plain", "lock")
        )
        lines = found.view.actions.get(plan.plan_id, ())
        made = day_words(plan.made_on) if plan.made_on else ""
        words = self.tr("Made {day}. {count} actions, {done} done.")
        done = sum(each.status == "done" for each in lines)
        card.body.addWidget(text_label(words.format(day=made, count=len(lines), done=done), "muted", wrap=True))
        if not is_current:
            is_open = key == self.open_id
            label = self.tr("Close") if is_open else self.tr("Read")
            look = button(label, "", "chevron-up" if is_open else "eye", partial(self._toggle, key))
            look.setAccessibleName(self.tr("{do} version {number}").format(do=label, number=plan.version))
            keep_focus_as(look, f"read {key}")
            card.head.addWidget(look)
            if is_open:
                self._add_actions(card, self.office.packs, lines, found.today)
        return card

    def _add_actions(self, card: Card, packs: Packs, lines: Sequence[ActionLine], today: date) -> None:
        for part, many in areas_of(packs, lines):
            card.body.addWidget(rule())
            card.body.addWidget(text_label(part.title, "subheading"))
            for line in many:
                card.body.addWidget(ActionRow(packs, line, today, can_change=False))

    def _toggle(self, key: str) -> None:
        self.open_id = "" if self.open_id == key else key
        self.office.drafts.touch()
        if self._found is not None:
            self.redraw(self._found)
