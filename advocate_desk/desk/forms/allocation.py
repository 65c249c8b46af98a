"""Forms that give files to an advocate: one from its own page, or many at once from a list, with a handover note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.allocation import NOBODY, Advocate, allocate, allocate_many, whose_are
from advocate_desk.casework.work import Done
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.changed_meanwhile import ChangedMeanwhile, plain
from advocate_desk.desk.forms.convert import file_of, text_of
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.tasks import advocates
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.caseload import Member, Roster
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.queries.client_file import banner, file_view

MOST_TOLD = 6
"""Files that are named one by one."""
MOVED = frozenset({"client_file", "task", "contact_note"})
CARRY_FILES = frozenset({"advocate", "supervisor"})
NOBODY_KEY = "nobody"
"""Chosen where nobody is to have the files: what was left empty may only have been forgotten."""


@dataclass(frozen=True, slots=True)
class HandedOver(Done):
    """What became of the files that were handed over, and who has them: "" for nobody."""

    to: str = ""
    moved: int = 0
    unchanged: int = 0
    gone: int = 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("AllocationForms", text)


def start_handover(office: Office, file_ids: Iterable[UUID]) -> None:
    """Open the form for these files."""
    chosen = sorted({each.hex for each in file_ids})
    if chosen:
        office.open_form("hand_over", {"files": ",".join(chosen)})


def _files(params: Params) -> list[FileId]:
    return [FileId(UUID(each)) for each in str(params.get("files") or "").split(",") if each]


def _sections(office: Office, count: int = 1) -> tuple[Section, ...]:
    label, help_words = _tr("Allocated to"), _help_words(bool(colleagues(office.work).members), count)
    fields = (
        Field("allocated_to", FieldKind.SEARCH, label, help=help_words, required=True, options="advocates"),
        Field(
            "note",
            FieldKind.LONG_TEXT,
            _tr("Handover note"),
            help=_tr("What whoever takes it on should know. It is kept in each file as a note."),
        ),
    )
    return (Section("who", "", fields),)


def _help_words(is_shared: bool, count: int) -> str:
    if is_shared and count == 1:
        return _tr(
            "Her devices get it at the next exchange. Those of whoever had it lose it, unless she may read it still, "
            "as one of its new team or as a supervisor. Choose Nobody if nobody is to have it yet."
        )
    if is_shared:
        return _tr(
            "Her devices get them at the next exchange. Those of whoever had them lose them, unless she may read them "
            "still, as one of their new team or as a supervisor. Choose Nobody if nobody is to have them yet."
        )
    if count == 1:
        return _tr("Choose Nobody to put the file with those that nobody has yet.")
    return _tr("Choose Nobody to put the files with those that nobody has yet.")


def _spec_one(office: Office, _params: Params) -> FormSpec:
    return FormSpec("allocate", _tr("Allocate the file"), _sections(office), save_label=_tr("Allocate"))


def _spec_many(office: Office, params: Params) -> FormSpec:
    count = len(_files(params))
    if not count:
        raise Refused(_tr("No file was chosen. Choose files in the caseload or in its summary, then hand them over."))
    title = _tr("Hand over one file") if count == 1 else _tr("Hand over {0} files").format(count)
    return FormSpec("hand_over", title, _sections(office, count), save_label=_tr("Hand over"))


def _load_one(office: Office, params: Params) -> Values:
    name = office.work.read(file_view, file_of(params)).banner.allocated_to
    member = colleagues(office.work).named(name)
    return {"allocated_to": member.person.hex if member else name}


def _load_many(office: Office, params: Params) -> Values:
    """Whose each file is: shown nowhere, and compared before it is handed on."""
    return _whose(office, _files(params))


def _whose(office: Office, files: list[FileId]) -> Values:
    whose = office.work.read(whose_are, files)
    return {"whose": {file_id.hex: [name, person.hex if person else ""] for file_id, (name, person) in whose.items()}}


def _options(office: Office, _params: Params) -> dict[str, OptionList]:
    known = colleagues(office.work)
    nobody = Option(NOBODY_KEY, _tr("Nobody"))
    if not known.members:
        return {"advocates": (*advocates(office), nobody)}
    found = [each for each in known.members if each.is_active and each.roles & CARRY_FILES]
    return {"advocates": (*(Option(each.person.hex, each.name, _where(known, each)) for each in found), nobody)}


def _where(known: Roster, member: Member) -> str:
    """Her teams and their sites, so that two of one name can be told apart."""
    teams = [each for each in known.teams if each.team in member.teams]
    return ", ".join(f"{each.name} ({each.site})" if each.site else each.name for each in teams)


def _advocate(office: Office, values: Values) -> Advocate:
    chosen = text_of(values, "allocated_to")
    known = colleagues(office.work)
    if not chosen:
        words = _tr("Choose who is to have it, or Nobody.")
        raise Invalid(_tr("Nothing was changed yet. What you typed is still here."), {"allocated_to": words})
    if chosen.casefold() in (NOBODY_KEY, _tr("Nobody").casefold()):
        return NOBODY
    if not known.members:
        return Advocate(chosen)
    member = next((each for each in known.members if each.is_active and each.person.hex == chosen), None)
    if member is None:
        words = _tr("Choose somebody of the organisation from the list.")
        raise Invalid(_tr("Nothing was changed yet. What you typed is still here."), {"allocated_to": words})
    return Advocate(member.name, member.person, member.teams)


def advocate_called(name: str, office: Office) -> Advocate:
    """Who is meant by a name: a member where it is one's of the organisation, else the name alone."""
    member = colleagues(office.work).named(name)
    return Advocate(member.name, member.person, member.teams) if member else Advocate(name)


def _save_one(office: Office, params: Params, values: Values) -> Done:
    return allocate(office.work, file_of(params), _advocate(office, values), text_of(values, "note"))


def _save_many(office: Office, params: Params, values: Values) -> Done:
    to = _advocate(office, values)
    done = allocate_many(office.work, _files(params), to, text_of(values, "note"), lambda: office.jobs.is_stopping)
    if done.was_stopped:
        raise Refused(_tr("The desk is closing. {0} files were handed over, the others not yet.").format(done.moved))
    if done.handed_on:
        now = _whose(office, _files(params))
        told = _handed_on_words(office, {each.hex: now["whose"].get(each.hex) for each in done.handed_on}, done.moved)
        raise ChangedMeanwhile(plain(now), told, Done(kinds=MOVED))
    if not done.moved and not done.unchanged:
        raise Refused(_tr("These files are no longer here. Nothing was changed."))
    return HandedOver(kinds=MOVED, to=to.name, moved=done.moved, unchanged=done.unchanged, gone=done.refused)


def tell_handed_over(office: Office, _params: Params, done: Done) -> None:
    """Say how many files went to whom. There is no undo: a note on the handover stands in each."""
    if isinstance(done, HandedOver):
        office.messages.notice(_handed_over_words(done))


def _handed_over_words(done: HandedOver) -> str:
    words = []
    if done.moved == 1:
        words.append(
            _tr("1 file was handed over to {0}.").format(done.to) if done.to else _tr("1 file is with nobody now.")
        )
    elif done.moved:
        told = _tr("{0} files were handed over to {1}.") if done.to else _tr("{0} files are with nobody now.")
        words.append(told.format(done.moved, done.to))
    if done.unchanged:
        told = _tr("Already with {1}: {0}.") if done.to else _tr("Already with nobody: {0}.")
        words.append(told.format(done.unchanged, done.to))
    if done.gone:
        words.append(_tr("No longer on this desk: {0}.").format(done.gone))
    return " ".join(words)


def _tell_changed(office: Office, loaded: Values, now: Values) -> str:
    before, after = loaded.get("whose") or {}, now.get("whose") or {}
    return _handed_on_words(office, {each: after.get(each) for each in before if before[each] != after.get(each)}, 0)


def _handed_on_words(office: Office, files: Mapping[str, Sequence[str] | None], moved: int) -> str:
    """Which files a colleague handed on, and who has each now; None for one that is here no more."""
    if moved == 1:
        words = [_tr("1 file was handed over.")]
    elif moved:
        words = [_tr("{0} files were handed over.").format(moved)]
    else:
        words = [_tr("A colleague changed this while it was open, so nothing was handed over yet.")]
    known = {each: holder for each, holder in files.items() if holder is not None}
    told = [_one_words(office, each, holder[0]) for each, holder in list(known.items())[:MOST_TOLD]]
    if len(known) > MOST_TOLD:
        told.append(_tr("and {0} more").format(len(known) - MOST_TOLD))
    if told:
        words.append(_tr("Handed on by a colleague meanwhile: {0}.").format("; ".join(told)))
    gone = len(files) - len(known)
    if gone:
        words.append(_tr("No longer on this desk: {0}.").format(gone))
    return " ".join(words)


def _one_words(office: Office, file: str, holder: str) -> str:
    """One file, and who has it now."""
    found = office.work.read(banner, FileId(UUID(file)))
    whose = f"{found.client_name or found.known_as} ({found.reference})"
    return _tr("{0}, now with {1}").format(whose, holder) if holder else _tr("{0}, now with nobody").format(whose)


FORM_KINDS = (
    FormKind("allocate", _spec_one, _save_one, _load_one, _options, edits="file_id", record="client_file"),
    FormKind(
        "hand_over",
        _spec_many,
        _save_many,
        _load_many,
        _options,
        edits="files",
        saved_words=_tr("Handed over."),
        after=tell_handed_over,
        tell_changed=_tell_changed,
    ),
)
