"""How backups are spoken of on screen."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.shelf import BackupLine
from advocate_desk.clock import in_london
from advocate_desk.desk.forms.values import day_words
from advocate_desk.domain.backups import Why
from advocate_desk.store.compare import Contents, Differences, Relation

_MEGABYTE = 1_000_000


def moment_words(moment: datetime | None) -> str:
    """A moment in London: "Sat 21 Nov 2026, 14:00"; "" for none."""
    return f"{day_words(in_london(moment).date())}, {in_london(moment):%H:%M}" if moment else ""


def size_words(size_bytes: int) -> str:
    """A size: "12 MB"."""
    if size_bytes < _MEGABYTE:
        return QCoreApplication.translate("Backups", "under 1 MB")
    return QCoreApplication.translate("Backups", "{0} MB").format(f"{size_bytes / _MEGABYTE:,.0f}")


def why_words(why: Why) -> str:
    """What a backup was made for."""
    words = {
        Why.AUTO: QCoreApplication.translate("Backups", "Made by itself"),
        Why.ASKED: QCoreApplication.translate("Backups", "Made when asked"),
        Why.MIGRATION: QCoreApplication.translate("Backups", "Before an update"),
        Why.REKEY: QCoreApplication.translate("Backups", "Before a new key"),
        Why.ASIDE: QCoreApplication.translate("Backups", "Set aside before a restore"),
        Why.DAMAGED: QCoreApplication.translate("Backups", "Set aside, cannot be opened"),
    }
    return words[why]


def line_words(line: BackupLine) -> tuple[str, ...]:
    """One row of the list: when and why it was made; what it holds, and the last act in it; its size."""
    holds, copy = line.holds, line.file.copy
    last = ""
    if holds is not None and holds.last_change is not None:
        last = QCoreApplication.translate("Backups", "until {0}").format(moment_words(holds.last_change))
    return (
        f"{moment_words(copy.made_at)}\n{why_words(copy.why)}",
        f"{_held_words(holds)}\n{last}",
        size_words(line.file.size_bytes),
    )


def _held_words(holds: Contents | None) -> str:
    if holds is None:
        return QCoreApplication.translate("Backups", "Cannot be read")
    one = QCoreApplication.translate("Backups", "1 client file")
    files = one if holds.files == 1 else QCoreApplication.translate("Backups", "{0} client files").format(holds.files)
    one = QCoreApplication.translate("Backups", "1 note")
    notes = one if holds.notes == 1 else QCoreApplication.translate("Backups", "{0} notes").format(holds.notes)
    return f"{files}, {notes}"


def line_heads() -> tuple[str, ...]:
    """The heads of that list."""
    return (
        QCoreApplication.translate("Backups", "Made"),
        QCoreApplication.translate("Backups", "Holds"),
        QCoreApplication.translate("Backups", "Size"),
    )


def relation_words(found: Differences) -> str:
    """How the backup stands to what is in place, in a sentence or two."""
    if found.relation is Relation.SAME and not found.kinds:
        return QCoreApplication.translate("Backups", "It holds exactly what is in place now.")
    if found.relation in (Relation.SAME, Relation.CONTINUES):
        return QCoreApplication.translate(
            "Backups",
            "Everything in it is older than what is in place. Restoring it takes you back; what is listed as newer now "
            "would be set aside.",
        )
    if found.relation is Relation.IS_BEFORE:
        return QCoreApplication.translate(
            "Backups", "It goes on from what is in place: what is listed as in the backup is not here now."
        )
    return QCoreApplication.translate(
        "Backups",
        "Work was done in both since they were the same. Only one can be in place; the other is kept, and you can "
        "switch back.",
    )


def kind_words(kind: str) -> str:
    """A kind of record, in the plural."""
    words = {
        "client_file": QCoreApplication.translate("Backups", "Client files"),
        "person": QCoreApplication.translate("Backups", "People"),
        "relationship": QCoreApplication.translate("Backups", "Relationships"),
        "contact_method": QCoreApplication.translate("Backups", "Numbers and addresses"),
        "contact_attempt": QCoreApplication.translate("Backups", "Attempts to reach her"),
        "contact_note": QCoreApplication.translate("Backups", "Contact notes"),
        "alert": QCoreApplication.translate("Backups", "Alerts"),
        "consent": QCoreApplication.translate("Backups", "Consents"),
        "access_need": QCoreApplication.translate("Backups", "Needs"),
        "referral": QCoreApplication.translate("Backups", "Referrals"),
        "task": QCoreApplication.translate("Backups", "Tasks"),
        "risk_assessment": QCoreApplication.translate("Backups", "Risk assessments"),
        "safety_plan": QCoreApplication.translate("Backups", "Safety plans"),
        "safety_action": QCoreApplication.translate("Backups", "Safety actions"),
        "criminal_case": QCoreApplication.translate("Backups", "Cases"),
        "charge": QCoreApplication.translate("Backups", "Offences"),
        "stage_event": QCoreApplication.translate("Backups", "Stages of cases"),
        "hearing": QCoreApplication.translate("Backups", "Hearings"),
        "bail": QCoreApplication.translate("Backups", "Bail"),
        "condition": QCoreApplication.translate("Backups", "Conditions"),
        "breach": QCoreApplication.translate("Backups", "Breaches"),
        "letter": QCoreApplication.translate("Backups", "Letters"),
        "stored_document": QCoreApplication.translate("Backups", "Documents"),
        "disclosure": QCoreApplication.translate("Backups", "Disclosures"),
        "draft": QCoreApplication.translate("Backups", "Forms left half done"),
    }
    return words.get(kind, QCoreApplication.translate("Backups", "Other records"))


def kind_rows(found: Differences) -> tuple[tuple[str, ...], ...]:
    """What differs, one row a kind."""
    return tuple((kind_words(each.kind), _count(each.here), _count(each.there)) for each in found.kinds)


def file_rows(found: Differences) -> tuple[tuple[str, ...], ...]:
    """What differs, one row a client file."""
    return tuple(
        (
            "\n".join(part for part in (each.reference, each.initials) if part),
            _counted(each.here, each.changed_here),
            _counted(each.there, each.changed_there),
        )
        for each in found.files
    )


def difference_heads(first: str) -> tuple[str, ...]:
    """The heads of both lists."""
    return (
        first,
        QCoreApplication.translate("Backups", "Newer now"),
        QCoreApplication.translate("Backups", "Only or newer in the backup"),
    )


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"


def _counted(number: int, changed: datetime | None) -> str:
    return f"{number:,}\n{moment_words(changed)}" if number else "–"
