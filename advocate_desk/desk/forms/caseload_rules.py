"""The form in which a service sets what a file weighs and what somebody carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import caseload_summary
from advocate_desk.casework.work import Done
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.convert import text_of
from advocate_desk.desk.forms.registry import FormKind, OtherSave, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.changing import ONLY_LEADERS
from advocate_desk.domain.caseload import (
    FULL_TIME_PERCENT,
    LEAST_PERCENT,
    MOST_CAPACITY,
    MOST_DAYS,
    MOST_PERCENT,
    MOST_WEIGHT,
    CaseloadRules,
    Roster,
)
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.errors import Invalid, Refused
from advocate_desk.sync.statements import RULE_SETTERS

STATUS, ADDED, HOURS = "status ", "added ", "hours "
WHOLE = ("amber_percent", "red_percent", "no_contact_days_high", "no_contact_days", "ahead_days")


def _tr(text: str) -> str:
    return QCoreApplication.translate("CaseloadRulesForm", text)


def _added_words(key: str, days: int) -> str:
    words = {
        "trial_soon": _tr("Added for a trial within {0} days"),
        "release_soon": _tr("Added for custody that ends within {0} days"),
        "no_recourse": _tr("Added for no recourse to public funds"),
    }
    return words[key].format(days)


def _spec(office: Office, _params: Params) -> FormSpec:
    rules = caseload_summary.rules(office.work)
    weights = (
        *(_decimal(STATUS + each.key, office.packs.label("file_status", each.key)) for each in rules.status),
        *(_decimal(ADDED + each.key, _added_words(each.key, each.days)) for each in rules.added),
    )
    capacity = (
        _decimal("capacity", _tr("What somebody full-time carries")),
        _whole("amber_percent", _tr("Amber from, percent")),
        _whole("red_percent", _tr("Red from, percent")),
    )
    days = (
        _whole("no_contact_days_high", _tr("No contact, high risk or not graded: days")),
        _whole("no_contact_days", _tr("No contact, others: days")),
        _whole("ahead_days", _tr("Look ahead: days")),
    )
    hours = tuple(_whole(HOURS + key, name) for key, name in _people(office))
    source = office.packs.caseload_rules().source
    return FormSpec(
        "caseload_rules",
        _tr("Weights and capacity"),
        (
            Section("weights", _tr("What a file weighs"), weights, intro=f"{source.title}. {source.unconfirmed}"),
            Section("capacity", _tr("Capacity"), capacity),
            Section("days", _tr("Days counted"), days),
            Section("hours", _tr("Hours"), hours, intro=_tr("As a percentage of full-time.")),
        ),
        intro=_for_all(office),
        save_label=_tr("Save"),
    )


def _for_all(office: Office) -> str:
    if not colleagues(office.work).members:
        return ""
    return _tr(
        "They count for everybody of the organisation, and the members’ log tells that they were changed. A "
        "supervisor, a data lead or an administrator sets them."
    )


def _decimal(key: str, label: str) -> Field:
    return Field(key, FieldKind.TEXT, label, required=True, max_length=6, wide=False)


def _whole(key: str, label: str) -> Field:
    return Field(key, FieldKind.NUMBER, label, required=True, wide=False)


def _people(office: Office) -> list[tuple[str, str]]:
    """Keys and names of those whose hours can be set."""
    known = colleagues(office.work)
    if not known.members:
        own = office.work.actor.name
        return [(caseload_summary.owner_key(None, own, known), own)] if own else []
    return [(each.person.hex, each.name) for each in known.members if each.is_active and "advocate" in each.roles]


def _load(office: Office, _params: Params) -> Values:
    rules = caseload_summary.rules(office.work)
    return {
        **{STATUS + each.key: f"{each.weight:g}" for each in rules.status},
        **{ADDED + each.key: f"{each.weight:g}" for each in rules.added},
        "capacity": f"{rules.capacity:g}",
        **{name: getattr(rules, name) for name in WHOLE},
        **{HOURS + key: rules.hours_of(key) for key, _ in _people(office)},
    }


def _save(office: Office, _params: Params, values: Values) -> Done:
    known = _allowed(office)
    rules = caseload_summary.rules(office.work)
    people = _people(office)
    if problems := dict(_problems(rules, values, [key for key, _ in people])):
        raise Invalid(_tr("The weights were not saved yet. What you typed is still here."), problems)
    chosen = replace(
        rules,
        status=tuple(replace(each, weight=_number(values, STATUS + each.key)) for each in rules.status),
        added=tuple(replace(each, weight=_number(values, ADDED + each.key)) for each in rules.added),
        capacity=_number(values, "capacity"),
        amber_percent=int(values["amber_percent"]),
        red_percent=int(values["red_percent"]),
        no_contact_days_high=int(values["no_contact_days_high"]),
        no_contact_days=int(values["no_contact_days"]),
        ahead_days=int(values["ahead_days"]),
        full_time_percent={**rules.full_time_percent, **{key: int(values[HOURS + key]) for key, _ in people}},
    )
    return caseload_summary.save_rules(office.work, chosen, for_all=bool(known.members))


def _allowed(office: Office) -> Roster:
    """The organisation, if any, for which whoever is at the desk may set the weights. Raises Refused."""
    known = colleagues(office.work)
    own = known.member(known.own)
    if known.members and (own is None or not own.roles & RULE_SETTERS):
        raise Refused(ONLY_LEADERS)
    return known


def _problems(rules: CaseloadRules, values: Values, people: list[str]) -> Iterator[tuple[str, str]]:
    weights = [*(STATUS + each.key for each in rules.status), *(ADDED + each.key for each in rules.added)]
    bounds = (
        (weights, 0, MOST_WEIGHT, _tr("Give a number from {0} to {1}, such as 0.6.")),
        (["capacity"], 1, MOST_CAPACITY, _tr("Give a number from {0} to {1}.")),
        (["amber_percent", "red_percent"], 1, MOST_PERCENT, _tr("Give a percentage from {0} to {1}.")),
        (["no_contact_days_high", "no_contact_days", "ahead_days"], 1, MOST_DAYS, _tr("Give days from {0} to {1}.")),
        (
            [HOURS + each for each in people],
            LEAST_PERCENT,
            FULL_TIME_PERCENT,
            _tr("Give a percentage from {0} to {1}."),
        ),
    )
    for keys, least, most, words in bounds:
        for key in keys:
            if not least <= _number(values, key) <= most:
                yield key, words.format(f"{least:g}", f"{most:g}")
    if _number(values, "amber_percent") > _number(values, "red_percent"):
        yield "red_percent", _tr("Red begins where amber does, or above.")


def _number(values: Values, key: str) -> float:
    """A number as typed, with a point or a comma; -1 for what is none."""
    try:
        return float(text_of(values, key).replace(",", ".") or values.get(key) or 0)
    except ValueError:
        return -1


def _forget(office: Office, _params: Params, _values: Values) -> Done:
    return caseload_summary.forget_rules(office.work, for_all=bool(_allowed(office).members))


def _others(_office: Office, _params: Params) -> tuple[OtherSave, ...]:
    return (OtherSave(_tr("&Back to the defaults"), _forget, _tr("The defaults count again.")),)


FORM_KINDS = (FormKind("caseload_rules", _spec, _save, _load, saved_words=_tr("Saved."), other_saves=_others),)
