"""People: the client and how to reach her safely, perpetrators, children, others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.client_file.parts import Columns, FileSection, nothing, said
from advocate_desk.desk.screens.client_file.people.presenter import PeoplePresenter
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, KeyValue
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.desk.widgets.safe_contact import SafeContact
from advocate_desk.desk.widgets.safe_place import SafePlace
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import PeopleView, PersonLine, RelationshipLine
from advocate_desk.store.queries.safe_contact import ContactLine

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
NOT_HERS = frozenset({"perpetrator", "associate", "professional"})
ROLE_ICONS = {"client": "user-round", "perpetrator": "user", "child": "baby"}


class PeopleSection(FileSection):
    """A card a person. Its presenter reads; it draws and says what is asked."""

    kinds = frozenset({"person", "relationship", "contact_method", "alert"})

    remove_contact_asked = Signal(object)  # RecordId
    remove_person_asked = Signal(object)

    def __init__(self, office: Office, file_id: FileId) -> None:
        super().__init__(office, file_id)
        self.columns = Columns()
        self.body.addWidget(self.columns)
        self.body.addStretch(1)
        self.contacts: list[SafeContact] = []
        self.places: dict[UUID, SafePlace] = {}
        self._view: PeopleView | None = None
        self._presenter = PeoplePresenter(self, office, file_id)

    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    @Slot()
    def on_minute(self) -> None:
        """A minute has passed: what was safe may be so no more. A number that is in sight stays."""
        busy = any(each.is_busy() for each in self.contacts) or any(each.is_busy() for each in self.places.values())
        if self._view is not None and self.isVisible() and not busy:
            self.show_view(self._view)

    @Slot(object)
    def show_view(self, view: PeopleView) -> None:
        """Draw the cards anew."""
        self.trouble.hide()
        self._view = view
        self.contacts = []
        self.places = {}
        by_role: dict[str, list[PersonLine]] = {"client": [], "perpetrator": [], "child": [], "other": []}
        for person in view.people:
            by_role[person.role if person.role in by_role else "other"].append(person)
        left: list[QWidget] = [self._person_card(each, view) for each in by_role["client"]]
        right: list[QWidget] = [self._person_card(each, view) for each in by_role["perpetrator"]]
        right.append(self._adder(self.tr("Add a perpetrator"), "perpetrator"))
        right.append(self._group_card(self.tr("Children"), "child", by_role["child"], self.tr("Add a child")))
        others = self._group_card(self.tr("Others"), "at_risk", by_role["other"], self.tr("Add another person"))
        right.append(others)
        self.columns.fill(left, right)
        self.settle()

    # --- cards ---

    def _adder(self, text: str, role: str) -> QWidget:
        return button(text, "link", "plus", partial(self.open_form, "person", role=role))

    def _person_card(self, person: PersonLine, view: PeopleView) -> QWidget:
        role = self.office.packs.label("person_role", person.role)
        card = Card(person.name, ROLE_ICONS.get(person.role, "user"))
        card.head.addWidget(Badge(role, "accent" if person.role == "client" else "plain", "user"), 0, _MIDDLE)
        self._add_edit(card, person)
        links = _links_of(person, view)
        differing = (person.person_id, *(link.relationship_id for link in links))
        card.body.addWidget(ConflictFlag(card, self.office, *differing))
        self._add_facts(card, person, links)
        if person.note:
            card.body.addWidget(said(person.note))
        self._add_contacts(card, person, view)
        if person.role == "client":
            card.body.addWidget(self._door(person), 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _group_card(self, title: str, role: str, people: list[PersonLine], add: str) -> QWidget:
        card = Card(title, ROLE_ICONS.get(role, "users"))
        adder = button(self.tr("Add"), "link", "plus", partial(self.open_form, "person", role=role))
        adder.setAccessibleName(add)
        card.head.addWidget(adder)
        for person in people:
            inner = Card(person.name)
            inner.setProperty("box", "inset")
            if person.role != "child":
                inner.head.addWidget(Badge(self.office.packs.label("person_role", person.role)), 0, _MIDDLE)
            self._add_edit(inner, person)
            inner.body.addWidget(ConflictFlag(inner, self.office, person.person_id))
            self._add_facts(inner, person, ())
            if person.note:
                inner.body.addWidget(said(person.note))
            if self._view is not None:
                self._add_contacts(inner, person, self._view)
            card.body.addWidget(inner)
        if not people:
            card.body.addWidget(nothing(self.tr("Nobody recorded.")))
        return card

    def _add_edit(self, card: Card, person: PersonLine) -> None:
        change: Callable[[], object] = partial(self.open_form, "person", person_id=person.person_id, role=person.role)
        if is_place_covered(person):
            alerts = [each.kind for each in self._view.alerts] if self._view else []
            place = SafePlace(self.office, self.file_id, person.person_id, person.name, person.whereabouts, alerts)
            place.change_allowed.connect(change)
            self.places[person.person_id] = place
            change = partial(place.ask, "changed")
        card.head.addWidget(
            icon_button("pencil", self.tr("Change: {0}").format(person.name), change, side=15), 0, _MIDDLE
        )
        if person.role != "client":
            remove = partial(self.remove_person_asked.emit, RecordId(person.person_id))
            name = self.tr("Take out of the file: {0}").format(person.name)
            card.head.addWidget(icon_button("trash-2", name, remove, side=15), 0, _MIDDLE)

    def _add_facts(self, card: Card, person: PersonLine, links: tuple[RelationshipLine, ...]) -> None:
        packs, today = self.office.packs, today_in_london(self.office.clock)
        language = packs.label("language", person.language) if person.language else ""
        if person.needs_interpreter:
            language = (
                f"{language} · {self.tr('needs an interpreter')}" if language else self.tr("Needs an interpreter")
            )
        facts = [
            (self.tr("Known as"), person.known_as if person.known_as != person.name else ""),
            (self.tr("Born"), born_words(person, today, self.tr("{0} (aged {1})"))),
            (self.tr("Gender"), packs.label("gender", person.gender) if person.gender else ""),
            (self.tr("Language"), language),
            (self.tr("Work"), person.occupation),
            (self.tr("Whereabouts"), "" if is_place_covered(person) else person.whereabouts),
        ]
        for link in links:
            kind = packs.label("relationship_kind", link.kind) if link.kind else ""
            status = packs.label("relationship_status", link.status) if link.status else ""
            since = words.short_day(link.separated_on, today) if link.separated_on else ""
            facts.append((self.tr("To the client"), " · ".join(part for part in (kind, status) if part)))
            facts.append((self.tr("Separated"), since))
            facts.append((self.tr("Child contact"), link.child_contact))
        shown = [(name, value) for name, value in facts if value]
        if shown:
            card.body.addWidget(KeyValue(shown))
        place = self.places.get(person.person_id)
        if place is not None:
            card.body.addWidget(place)

    def _add_contacts(self, card: Card, person: PersonLine, view: PeopleView) -> None:
        own = [each for each in view.contacts if each.person_id == person.person_id]
        if person.role == "child" and not own:
            return
        if person.role == "client":
            card.body.addSpacing(px(6))
            card.body.addWidget(text_label(self.tr("How to reach her"), "subheading"))
            if not own:
                card.body.addWidget(nothing(self.tr("No way to reach her is recorded. Ask what is safe, and when.")))
        alerts = [each.kind for each in view.alerts] if person.role == "client" else []
        for line in own:
            card.body.addWidget(self._contact(line, alerts))
            card.body.addWidget(ConflictFlag(card, self.office, line.contact_id))
        add = button(
            self.tr("Add a way to reach her") if person.role == "client" else self.tr("Add a contact"),
            "link",
            "plus",
            partial(self.open_form, "contact_method", person_id=person.person_id),
        )
        add.setAccessibleName(self.tr("Add a way to reach {0}").format(person.name))
        card.body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def _contact(self, line: ContactLine, alerts: list[str]) -> QWidget:
        made = SafeContact(self.office, self.file_id, line, alerts)
        made.edit_asked.connect(self._on_edit_contact)
        made.remove_asked.connect(self._on_remove_contact)
        made.attempt_asked.connect(self._on_attempt)
        self.contacts.append(made)
        return made

    def _door(self, person: PersonLine) -> QWidget:
        opener = partial(self.open_form, "immigration_note", person_id=person.person_id)
        door = button(self.tr("Immigration note"), "link", "file-lock", opener)
        door.setToolTip(self.tr("Kept apart. Opening it is put on record."))
        return door

    # --- contact methods ---

    def _on_edit_contact(self, line: ContactLine) -> None:
        self.open_form("contact_method", person_id=line.person_id, contact_id=line.contact_id)

    def _on_remove_contact(self, line: ContactLine) -> None:
        self.remove_contact_asked.emit(RecordId(line.contact_id))

    def _on_attempt(self, line: ContactLine) -> None:
        self.open_form("attempt", contact_id=line.contact_id)


def is_place_covered(person: PersonLine) -> bool:
    """Whether the place where this person stays could lead to the client."""
    return bool(person.whereabouts) and person.role not in NOT_HERS


def _links_of(person: PersonLine, view: PeopleView) -> tuple[RelationshipLine, ...]:
    return tuple(each for each in view.relationships if each.perpetrator_id == person.person_id)


def born_words(person: PersonLine, today: date, pattern: str) -> str:
    """Date of birth and age: "3/4/1990 (aged 36)"; "" when it is not known."""
    born = person.born_on
    if born is None:
        return ""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return pattern.format(f"{born.day}/{born.month}/{born.year}", age)
