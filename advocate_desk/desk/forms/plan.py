"""Forms of the safety plan: one action, the plan's own particulars, and looking at it again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.plans import (
    ActionDetails,
    add_actions,
    change_action,
    change_plan,
    start_plan,
    start_plan_with,
)
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.convert import as_day, day_of, file_of, record_of, text_of
from advocate_desk.desk.forms.registry import FormKind, OtherSave, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section
from advocate_desk.domain.identity import RecordId
from advocate_desk.domain.plan import review_on
from advocate_desk.errors import Refused
from advocate_desk.store.queries.risk import ActionLine, PlanLine, actions, plans

ACTION, REVIEW = "plan_action", "plan_review"


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanForms", text)


def action_fields() -> tuple[Field, ...]:
    """One action of the plan."""
    return (
        Field("section", FieldKind.CHOICE, _tr("Part of the plan"), options="plan_parts", required=True),
        Field(
            "text", FieldKind.LONG_TEXT, _tr("What is to be done"), _tr("In words the client would use."), required=True
        ),
        Field("owner", FieldKind.CHOICE, _tr("Who does it"), options="action_owner", wide=False),
        Field("due_on", FieldKind.DATE, _tr("By when"), wide=False),
        Field("status", FieldKind.CHOICE, _tr("Where it stands"), options="action_status", wide=False),
        Field("shared_with", FieldKind.TEXT, _tr("Who else knows of it"), wide=False),
        Field("reason", FieldKind.LONG_TEXT, _tr("Why")),
    )


def _action_spec(_office: Office, params: Params) -> FormSpec:
    title = _tr("Change an action") if params.get("action_id") else _tr("Add an action")
    return FormSpec(ACTION, title, (Section("action", "", action_fields()),), save_label=_tr("Save action"))


def _parts(office: Office, _params: Params) -> dict[str, list[Option]]:
    return {"plan_parts": [Option(each.key, each.title) for each in office.packs.plan_sections().section]}


def _current(office: Office, params: Params) -> PlanLine | None:
    return next((each for each in office.work.read(plans, file_of(params)) if each.status == "current"), None)


def _action(office: Office, params: Params) -> ActionLine | None:
    wanted, plan = record_of(params, "action_id"), _current(office, params)
    lines = office.work.read(actions, plan.plan_id) if plan is not None else ()
    return next((each for each in lines if each.action_id == wanted), None)


def _load_action(office: Office, params: Params) -> Values:
    line = _action(office, params)
    if line is None:
        return {"section": str(params.get("section") or ""), "status": "agreed"}
    same: dict[str, Any] = {key: getattr(line, key) for key in ("section", "text", "owner", "status", "shared_with")}
    return {**same, "due_on": as_day(line.due_on), "reason": line.reason}


def _save_action(office: Office, params: Params, values: Values) -> Done:
    line = _action(office, params)
    details = ActionDetails(
        section=text_of(values, "section"),
        text=text_of(values, "text"),
        owner=text_of(values, "owner"),
        due_on=day_of(values, "due_on"),
        status=text_of(values, "status") or "agreed",
        reason=text_of(values, "reason"),
        suggestion_key=line.suggestion_key if line else "",
        shared_with=text_of(values, "shared_with"),
    )
    if line is not None:
        return change_action(office.work, RecordId(line.action_id), details)
    if params.get("action_id"):
        raise Refused(_tr("This action is no longer in the current plan. What you typed is kept as a draft."))
    plan = _current(office, params)
    if plan is None:
        return start_plan_with(office.work, file_of(params), (details,))
    return add_actions(office.work, RecordId(plan.plan_id), (details,))


REVIEW_FIELDS = (
    Field("review_on", FieldKind.DATE, "Look at it again on", required=True),
    Field(
        "kept_where",
        FieldKind.TEXT,
        "Where the client keeps it",
        "With us only, with a friend, or on a card. Not on a phone that others see.",
    ),
    Field("note", FieldKind.LONG_TEXT, "Note on the plan"),
)


def _review_spec(office: Office, params: Params) -> FormSpec:
    plan = _current(office, params)
    version = plan.version + 1 if plan else 1
    intro = _tr(
        "If what is to be done has changed since it was made, renew it: the old version stays as it was, and actions "
        "that are not done are carried over. If it still fits, keep this version and set the next review."
    )
    label = _tr("Renew as version {0}").format(version)
    return FormSpec(REVIEW, _tr("Review the plan"), (Section("review", "", REVIEW_FIELDS),), "1", intro, label)


def _load_review(office: Office, params: Params) -> Values:
    plan = _current(office, params)
    on = review_on(today_in_london(office.clock), office.packs.plan_suggestions())
    kept = {"kept_where": plan.kept_where, "note": plan.note} if plan else {}
    return {"review_on": as_day(on), **kept}


def _renew(office: Office, params: Params, values: Values) -> Done:
    return start_plan(
        office.work,
        file_of(params),
        day_of(values, "review_on"),
        kept_where=text_of(values, "kept_where"),
        note=text_of(values, "note"),
    )


def _keep_version(office: Office, params: Params, values: Values) -> Done:
    plan = _current(office, params)
    if plan is None:
        raise Refused(_tr("There is no plan to keep yet. Start one, then review it."))
    return change_plan(
        office.work,
        RecordId(plan.plan_id),
        day_of(values, "review_on"),
        text_of(values, "kept_where"),
        text_of(values, "note"),
    )


def _other_reviews(_office: Office, _params: Params) -> tuple[OtherSave, ...]:
    words = _tr("The plan is reviewed and stays as it is.")
    return (OtherSave(_tr("Still &fits: keep this version"), _keep_version, words, needs_all=True),)


FORM_KINDS = (
    FormKind(
        ACTION,
        _action_spec,
        _save_action,
        _load_action,
        _parts,
        saved_words=_tr("The action is in the plan."),
        edits="action_id",
        record="safety_action",
    ),
    FormKind(
        REVIEW,
        _review_spec,
        _renew,
        _load_review,
        saved_words=_tr("The plan is renewed. The version before stays as it was."),
        other_saves=_other_reviews,
    ),
)
