"""Words of the caseload summary: what each number counts, whose it is, how full a caseload is."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from advocate_desk.casework.caseload_summary import AdvocateLine
from advocate_desk.desk.theme import Tone
from advocate_desk.domain.caseload import Roster

_T = QT_TRANSLATE_NOOP

HEADINGS: dict[str, str] = {
    "high": str(_T("Summary", "High")),
    "medium": str(_T("Summary", "Medium")),
    "standard": str(_T("Summary", "Standard")),
    "other": str(_T("Summary", "Other")),
    "reviews": str(_T("Summary", "Reviews\nlate")),
    "standards": str(_T("Summary", "Contact\nlate")),
    "first_days": str(_T("Summary", "First\ndays")),
    "no_contact": str(_T("Summary", "No\ncontact")),
    "hearings": str(_T("Summary", "Hearings")),
    "bail_ends": str(_T("Summary", "Bail\nends")),
    "releases": str(_T("Summary", "Releases")),
    "conflicts": str(_T("Summary", "Values\ndiffer")),
}
"""A column's heading, in two lines where one would be wide."""
TITLES: dict[str, str] = {
    "files": str(_T("Summary", "Open files")),
    "high": str(_T("Summary", "Open files, high risk")),
    "medium": str(_T("Summary", "Open files, medium risk")),
    "standard": str(_T("Summary", "Open files, standard risk")),
    "other": str(_T("Summary", "Files that wait or are monitored")),
    "reviews": str(_T("Summary", "Reviews of risk or safety plan that are overdue")),
    "standards": str(_T("Summary", "Contact standards missed")),
    "first_days": str(_T("Summary", "In the first days after a report")),
    "no_contact": str(_T("Summary", "No contact with the client")),
    "hearings": str(_T("Summary", "Hearings ahead")),
    "bail_ends": str(_T("Summary", "Bail that ends")),
    "releases": str(_T("Summary", "Custody that ends")),
    "conflicts": str(_T("Summary", "Values that two people gave differently")),
}
"""What a number counts, in words."""
_TONES: dict[str, Tone] = {"amber": "warning", "red": "danger"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Summary", text)


def heading(number: str) -> str:
    """A number's column."""
    return _tr(HEADINGS[number])


def paper_heading(number: str) -> str:
    """A number's column on paper, where a line breaks by itself."""
    return heading(number).replace("\n", " ")


def title(number: str) -> str:
    """What a number counts."""
    return _tr(TITLES[number])


def whose(line: AdvocateLine) -> str:
    """Whose line it is."""
    if line.kind == "nobody":
        return _tr("Nobody yet")
    if line.kind == "total":
        return _tr("All")
    return line.name or _tr("A former colleague")


def where(line: AdvocateLine, roster: Roster, *, has_sites: bool) -> str:
    """The line under the name: her teams, with their sites if there is room, or how she stands to the organisation."""
    if line.kind == "former":
        return _tr("Has left")
    if line.kind == "named" and roster.members:
        return _tr("Not in the organisation")
    teams = [each for each in roster.teams if each.team in line.teams]
    return ", ".join(f"{each.name}, {each.site}" if each.site and has_sites else each.name for each in teams)


def load(line: AdvocateLine) -> str:
    """Weight against capacity: "21.4 of 25"."""
    weight = f"{line.weight:.1f}"
    return _tr("{0} of {1}").format(weight, f"{line.capacity:g}") if line.capacity else weight


def load_said(line: AdvocateLine) -> str:
    """The load as it is read aloud."""
    if line.percent is None:
        return _tr("Weight {0}").format(f"{line.weight:.1f}")
    state = {"amber": _tr("nearly full"), "red": _tr("over capacity")}.get(line.state, "")
    said = _tr("Weight {0}, {1} percent").format(load(line), line.percent)
    return f"{said}: {state}" if state else said


def load_tone(line: AdvocateLine) -> Tone | None:
    """The tone of a load that is too high, or nearly."""
    return _TONES.get(line.state)
