"""A form that has a field of every kind, and choices for it. Invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from advocate_desk.desk.forms.editors import FormContext
from advocate_desk.desk.widgets.option_picker import matching
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen

TODAY = date(2026, 11, 21)

OPTIONS: dict[str, tuple[Option, ...]] = {
    "source": tuple(
        Option(key, label)
        for key, label in (
            ("police", "Police"),
            ("hospital", "Hospital"),
            ("self", "Herself"),
            ("marac", "Marac"),
            ("housing", "Housing"),
            ("social_care", "Children’s social care"),
        )
    ),
    "setting": (Option("police", "Police"), Option("hospital", "Hospital"), Option("court", "Court")),
    "needs": (
        Option("interpreter", "Interpreter"),
        Option("step_free", "Step-free access"),
        Option("large_print", "Large print"),
        Option("loop", "Hearing loop"),
    ),
    "courts": (
        Option("leeds", "Leeds Crown Court", "1 Oxford Row, Leeds"),
        Option("bradford", "Bradford Crown Court", "Exchange Square, Drake Street"),
    ),
}

REFERRAL = Section(
    "referral",
    "Referral",
    (
        Field("source", FieldKind.CHOICE, "Referral source", options="source", required=True, wide=False),
        Field("received", FieldKind.DATE, "Date received", required=True, wide=False),
        Field("referrer", FieldKind.TEXT, "Referrer", help="Name and role of who referred", wide=False),
        Field("happened", FieldKind.DATE_TIME, "When it happened", wide=False),
        Field("setting", FieldKind.CHOICE, "Setting", options="setting", wide=False),
        Field("called_at", FieldKind.TIME, "Called at", wide=False),
        Field("incident", FieldKind.LONG_TEXT, "What happened", help="In the client’s own words where you can."),
        Field("court", FieldKind.SEARCH, "Court", options="courts"),
        Field(
            "room",
            FieldKind.TEXT,
            "Interview room",
            shown_when=ShownWhen("setting", ("police", "hospital")),
            max_length=12,
        ),
    ),
)
CLIENT = Section(
    "client",
    "Client",
    (
        Field("may_stop", FieldKind.NOTE, "She may stop at any question.", help="Skip what is already known."),
        Field("given", FieldKind.TEXT, "Given names", required=True, wide=False),
        Field("children", FieldKind.NUMBER, "Children in the household", wide=False),
        Field("message_safe", FieldKind.YES_NO, "Is it safe to leave a message?"),
        Field("needs", FieldKind.CHOICES, "Access needs", options="needs"),
        Field("told", FieldKind.CHECK, "The client knows how her information is kept"),
    ),
)
RISK = Section(
    "risk",
    "Risk",
    (
        Field(
            "injury",
            FieldKind.ANSWER,
            "1. Has the current incident resulted in injury?",
            help="Say what, and whether it is the first.",
            fields=(
                Field("what", FieldKind.LONG_TEXT, "What injury"),
                Field("first", FieldKind.YES_NO, "Was it the first?", wide=False),
                Field("when", FieldKind.DATE, "When", wide=False),
            ),
        ),
        Field("frightened", FieldKind.ANSWER, "2. Is she very frightened?"),
        Field("afraid_of", FieldKind.ANSWER, "3. Is she afraid of further violence?"),
    ),
)
OTHERS = Section(
    "others",
    "Others at risk",
    (
        Field(
            "child",
            FieldKind.REPEAT,
            "Child",
            add_label="Add a child",
            fields=(
                Field("name", FieldKind.TEXT, "Name", required=True, wide=False),
                Field("age", FieldKind.NUMBER, "Age", wide=False),
            ),
        ),
    ),
)

EVERY_KIND = FormSpec(
    "every_kind",
    "New client file",
    (REFERRAL, CLIENT, RISK, OTHERS),
    intro="Everything is kept as you type. Leave what you do not know.",
    save_label="Open the file",
)
SHORT = FormSpec(
    "short",
    "New contact note",
    (
        Section(
            "note",
            "",
            (
                Field("happened", FieldKind.DATE_TIME, "When", required=True),
                Field("method", FieldKind.CHOICE, "Method", options="note_method"),
                Field("text", FieldKind.LONG_TEXT, "Note", required=True),
            ),
        ),
    ),
    save_label="Save the note",
)

FILLED: dict[str, Any] = {
    "source": "hospital",
    "received": "2026-11-21",
    "referrer": "Triage nurse",
    "happened": "2026-11-20T22:15",
    "setting": "hospital",
    "called_at": "09:05",
    "incident": "Told the triage nurse that he had taken her phone.",
    "court": "leeds",
    "room": "Bay 4",
    "given": "Testina",
    "children": 2,
    "message_safe": "no",
    "needs": ["interpreter", "loop"],
    "told": True,
    "injury": {"answer": "yes", "detail": {"what": "Bruising.", "first": "no", "when": ""}, "source": "Client"},
    "frightened": {"answer": "dont_know", "detail": {}, "source": ""},
    "afraid_of": {"answer": "", "detail": {}, "source": ""},
    "child": [{"name": "Child One", "age": 4, "id": "kept"}, {"name": "Child Two", "age": "about six"}],
}


class Choices:
    """The choices above."""

    def options(self, key: str) -> Sequence[Option]:
        return () if key == "courts" else OPTIONS.get(key, ())

    def search(self, key: str, text: str) -> Sequence[Option]:
        return matching(OPTIONS.get(key, ()), text)

    def label(self, key: str, option_key: str) -> str:
        return next((each.label for each in OPTIONS.get(key, ()) if each.key == option_key), "")


def a_context() -> FormContext:
    """Choices, on 21 November 2026."""
    return FormContext(Choices(), lambda: TODAY)
