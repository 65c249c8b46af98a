"""Forms of the client file as a whole: one more referral, alerts, consents, needs, allocation, status, closing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import files
from advocate_desk.casework.intake import AlertDetails, ConsentDetails, NeedDetails, ReferralDetails
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms.convert import (
    as_day,
    day_of,
    file_of,
    is_ticked,
    keys_of,
    moment_of,
    record_of,
    text_of,
    this_minute,
)
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.errors import Refused
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.closing import open_matters
from advocate_desk.store.queries.readers import file_readers


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("FileForms", text)


def referral_fields() -> tuple[Field, ...]:
    """How the client came to us."""
    return (
        Field("source", FieldKind.CHOICE, tr("Referred by"), required=True, options="referral_source", wide=False),
        Field("received_at", FieldKind.DATE_TIME, tr("Received"), required=True),
        Field("referrer_name", FieldKind.TEXT, tr("Referrer’s name"), wide=False, max_length=120),
        Field("referrer_contact", FieldKind.TEXT, tr("How to reach the referrer"), wide=False, max_length=200),
        Field("sender_reference", FieldKind.TEXT, tr("Their reference"), wide=False, max_length=80),
        Field("crime_ref", FieldKind.TEXT, tr("Crime reference"), wide=False, max_length=80),
        Field("incident_on", FieldKind.DATE, tr("Date of the incident"), wide=False),
        Field(
            "risk_at_referral", FieldKind.CHOICE, tr("Risk as the referrer sees it"), options="risk_grade", wide=False
        ),
        Field(
            "incident_summary",
            FieldKind.LONG_TEXT,
            tr("What happened"),
            help=tr("In the referrer’s words, so that nobody needs to ask her again."),
        ),
        Field(
            "location_status", FieldKind.CHOICE, tr("Where the client is now"), options="location_status", wide=False
        ),
        Field("setting", FieldKind.CHOICE, tr("Our setting"), options="setting", wide=False),
        Field("site", FieldKind.TEXT, tr("Site"), help=tr("Such as the court, ward or station"), wide=False),
    )


def referral_of(values: Values, office: Office) -> ReferralDetails:
    """A referral as casework takes it."""
    return ReferralDetails(
        source=text_of(values, "source"),
        received_at=moment_of(values, "received_at") or office.clock.now(),
        referrer_name=text_of(values, "referrer_name"),
        referrer_contact=text_of(values, "referrer_contact"),
        sender_reference=text_of(values, "sender_reference"),
        incident_on=day_of(values, "incident_on"),
        incident_summary=text_of(values, "incident_summary"),
        risk_at_referral=text_of(values, "risk_at_referral"),
        crime_ref=text_of(values, "crime_ref"),
        location_status=text_of(values, "location_status"),
        setting=text_of(values, "setting"),
        site=text_of(values, "site"),
    )


def alert_fields() -> tuple[Field, ...]:
    """Something that must be seen before anybody acts."""
    return (
        Field("kind", FieldKind.CHOICE, tr("Alert"), required=True, options="alert_kind", wide=False),
        Field("since_on", FieldKind.DATE, tr("Since"), wide=False),
        Field("text", FieldKind.TEXT, tr("What to know"), max_length=300),
        Field("fact_source", FieldKind.CHOICE, tr("Who told us"), options="fact_source", wide=False),
        Field("fact_state", FieldKind.CHOICE, tr("How sure"), options="fact_state", wide=False),
    )


def alert_of(values: Values) -> AlertDetails:
    """An alert as casework takes it."""
    return AlertDetails(
        kind=text_of(values, "kind"),
        text=text_of(values, "text"),
        since_on=day_of(values, "since_on"),
        ended_on=day_of(values, "ended_on"),
        fact_source=text_of(values, "fact_source"),
        fact_state=text_of(values, "fact_state"),
    )


def consent_fields() -> tuple[Field, ...]:
    """What the client agreed to, or did not."""
    return (
        Field("scope", FieldKind.CHOICE, tr("About"), required=True, options="consent_scope"),
        Field("decision", FieldKind.CHOICE, tr("Decision"), required=True, options="consent_decision"),
        Field("decided_on", FieldKind.DATE, tr("On"), wide=False),
        Field("method", FieldKind.CHOICE, tr("How"), options="consent_method", wide=False),
        Field("withdrawn_on", FieldKind.DATE, tr("Withdrawn on"), shown_when=ShownWhen("decision", ("withdrawn",))),
        Field("note", FieldKind.TEXT, tr("Limits, or the reason"), max_length=300),
    )


def consent_of(values: Values) -> ConsentDetails:
    """A consent as casework takes it."""
    decision = text_of(values, "decision")
    return ConsentDetails(
        scope=text_of(values, "scope"),
        decision=decision,
        decided_on=day_of(values, "decided_on"),
        method=text_of(values, "method"),
        withdrawn_on=day_of(values, "withdrawn_on") if decision == "withdrawn" else None,
        note=text_of(values, "note"),
    )


def need_fields() -> tuple[Field, ...]:
    """What would make it possible for her to take part."""
    return (
        Field("kind", FieldKind.CHOICE, tr("Need"), required=True, options="access_need", wide=False),
        Field("detail", FieldKind.TEXT, tr("What helps"), wide=False, max_length=200),
    )


def need_of(values: Values) -> NeedDetails:
    """An access need as casework takes it."""
    return NeedDetails(kind=text_of(values, "kind"), detail=text_of(values, "detail"))


# --- one more referral ----------------------------------------------------------------------------------------------


def _referral_spec(_office: Office, _params: Params) -> FormSpec:
    section = Section("referral", "", referral_fields())
    return FormSpec("referral", tr("Add a referral"), (section,), save_label=tr("Save referral"))


def _referral_load(office: Office, _params: Params) -> Values:
    return {"received_at": this_minute(office.clock)}


def _referral_save(office: Office, params: Params, values: Values) -> Done:
    return files.record_referral(office.work, file_of(params), referral_of(values, office))


# --- alert, consent, need -------------------------------------------------------------------------------------------


def _alert_spec(_office: Office, params: Params) -> FormSpec:
    ended = (Field("ended_on", FieldKind.DATE, tr("Ended on"), help=tr("It then leaves the banner."), wide=False),)
    is_new = not params.get("alert_id")
    title = tr("Add an alert") if is_new else tr("Alert")
    fields = alert_fields() + (() if is_new else ended)
    return FormSpec("alert", title, (Section("alert", "", fields),), save_label=tr("Save alert"))


def _alert_load(office: Office, params: Params) -> Values:
    alert_id = record_of(params, "alert_id")
    if alert_id is None:
        return {"since_on": as_day(today_in_london(office.clock))}
    alerts = office.work.read(file_view, file_of(params)).banner.alerts
    line = next((each for each in alerts if each.alert_id == alert_id), None)
    if line is None:
        raise Refused(tr("This alert is no longer in the file."))
    return {
        "kind": line.kind,
        "text": line.text,
        "since_on": as_day(line.since_on),
        "ended_on": as_day(line.ended_on),
        "fact_source": line.fact_source,
        "fact_state": line.fact_state,
    }


def _alert_save(office: Office, params: Params, values: Values) -> Done:
    return files.save_alert(office.work, file_of(params), record_of(params, "alert_id"), alert_of(values))


def _consent_spec(_office: Office, params: Params) -> FormSpec:
    title = tr("Consent") if params.get("consent_id") else tr("Record a consent")
    dated = (replace(each, required=True) if each.key == "decided_on" else each for each in consent_fields())
    section = Section("consent", "", tuple(dated))
    return FormSpec("consent", title, (section,), save_label=tr("Save consent"))


def _consent_load(office: Office, params: Params) -> Values:
    consent_id = record_of(params, "consent_id")
    if consent_id is None:
        return {"decided_on": as_day(today_in_london(office.clock))}
    consents = office.work.read(file_view, file_of(params)).consents
    line = next((each for each in consents if each.consent_id == consent_id), None)
    if line is None:
        raise Refused(tr("This consent is no longer in the file."))
    return {
        "scope": line.scope,
        "decision": line.decision,
        "decided_on": as_day(line.decided_on),
        "method": line.method,
        "withdrawn_on": as_day(line.withdrawn_on),
        "note": line.note,
    }


def _consent_save(office: Office, params: Params, values: Values) -> Done:
    return files.save_consent(office.work, file_of(params), record_of(params, "consent_id"), consent_of(values))


def _need_spec(_office: Office, params: Params) -> FormSpec:
    title = tr("Access need") if params.get("need_id") else tr("Add an access need")
    return FormSpec("access_need", title, (Section("need", "", need_fields()),), save_label=tr("Save need"))


def _need_load(office: Office, params: Params) -> Values:
    need_id = record_of(params, "need_id")
    if need_id is None:
        return {}
    needs = office.work.read(file_view, file_of(params)).needs
    line = next((each for each in needs if each.need_id == need_id), None)
    if line is None:
        raise Refused(tr("This need is no longer in the file."))
    return {"kind": line.kind, "detail": line.detail}


def _need_save(office: Office, params: Params, values: Values) -> Done:
    return files.save_need(office.work, file_of(params), record_of(params, "need_id"), need_of(values))


# --- the file itself ------------------------------------------------------------------------------------------------


def _status_spec(_office: Office, _params: Params) -> FormSpec:
    status = Field("status", FieldKind.CHOICE, tr("Status"), required=True, options="open_statuses")
    return FormSpec(
        "file_status", tr("Change status"), (Section("status", "", (status,)),), save_label=tr("Change status")
    )


def _status_load(office: Office, params: Params) -> Values:
    status = office.work.read(file_view, file_of(params)).banner.status
    return {"status": "" if status == "closed" else status}


def _status_options(office: Office, _params: Params) -> dict[str, OptionList]:
    return {"open_statuses": tuple(each for each in office.packs.choices("file_status") if each.key != "closed")}


def _status_save(office: Office, params: Params, values: Values) -> Done:
    return files.set_status(office.work, file_of(params), text_of(values, "status"))


def restriction_fields() -> tuple[Field, ...]:
    """Whether only named people may open the file, and why."""
    return (
        Field(
            "is_restricted",
            FieldKind.CHECK,
            tr("Restricted file"),
            help=tr("Its perpetrator works for police or justice, or somebody here knows one of the family."),
        ),
        Field("conflict_note", FieldKind.LONG_TEXT, tr("What the conflict check found, and what was decided")),
    )


def _reader_fields() -> tuple[Field, ...]:
    """Who is named, in an organisation."""
    words = tr(
        "At the next exchange the file leaves the desks of everybody else, supervisors and data leads too, with what "
        "tells that it exists. Its key is made anew. Name yourself too, unless you are its advocate."
    )
    restricted = ShownWhen("is_restricted", ("yes",))
    return (
        Field(
            "readers",
            FieldKind.CHOICES,
            tr("Who may read it, beside its advocate"),
            options="colleagues",
            shown_when=restricted,
        ),
        Field("what_happens", FieldKind.NOTE, tr("What others see"), help=words, shown_when=restricted),
    )


def _restriction_spec(office: Office, _params: Params) -> FormSpec:
    tick, *rest = restriction_fields()
    named = _reader_fields() if colleagues(office.work).members else ()
    section = Section("restriction", "", (tick, *named, *rest))
    return FormSpec("restriction", tr("Restriction and conflict"), (section,), save_label=tr("Save"))


def _restriction_load(office: Office, params: Params) -> Values:
    view = office.work.read(file_readers, file_of(params))
    return {
        "is_restricted": view.is_restricted,
        "conflict_note": view.conflict_note,
        "readers": [each.hex for each in view.readers],
    }


def _restriction_options(office: Office, params: Params) -> dict[str, OptionList]:
    view, known = office.work.read(file_readers, file_of(params)), colleagues(office.work)
    return {
        "colleagues": tuple(
            Option(each.person.hex, each.name or tr("(name not received yet)"))
            for each in known.members
            if (each.is_active or each.person in view.readers) and each.person != view.advocate
        )
    }


def _restriction_save(office: Office, params: Params, values: Values) -> Done:
    is_restricted, note = is_ticked(values, "is_restricted"), text_of(values, "conflict_note")
    readers = tuple(UUID(each) for each in keys_of(values, "readers"))
    return files.set_restricted(office.work, file_of(params), is_restricted, note, readers)


def _close_spec(office: Office, params: Params) -> FormSpec:
    ahead = office.work.read(open_matters, file_of(params), today_in_london(office.clock))
    fields: tuple[Field, ...] = (
        Field("reason", FieldKind.CHOICE, tr("Reason"), required=True, options="closure_reason"),
        Field("closed_on", FieldKind.DATE, tr("Closed on"), required=True),
    )
    if ahead:
        words = tr("Something is still open in this file: {0}.").format(tr(" and ").join(ahead))
        help_words = tr("Close it only if somebody has agreed. The reason is kept in the file’s history.")
        fields = (
            Field("ahead", FieldKind.NOTE, words, help=help_words),
            *fields,
            Field("override", FieldKind.LONG_TEXT, tr("Who agreed, and why"), required=True),
        )
    return FormSpec(
        "close_file", tr("Close the file"), (Section("close", "", fields),), save_label=tr("Close the file")
    )


def _close_load(office: Office, _params: Params) -> Values:
    return {"closed_on": as_day(today_in_london(office.clock))}


def _close_save(office: Office, params: Params, values: Values) -> Done:
    closed_on = day_of(values, "closed_on") or today_in_london(office.clock)
    return files.close_file(
        office.work, file_of(params), text_of(values, "reason"), closed_on, text_of(values, "override")
    )


FORM_KINDS = (
    FormKind("referral", _referral_spec, _referral_save, _referral_load, saved_words=tr("Referral saved.")),
    FormKind(
        "alert", _alert_spec, _alert_save, _alert_load, saved_words=tr("Alert saved."), edits="alert_id", record="alert"
    ),
    FormKind(
        "consent",
        _consent_spec,
        _consent_save,
        _consent_load,
        saved_words=tr("Consent saved."),
        edits="consent_id",
        record="consent",
    ),
    FormKind("access_need", _need_spec, _need_save, _need_load, edits="need_id", record="access_need"),
    FormKind(
        "file_status",
        _status_spec,
        _status_save,
        _status_load,
        _status_options,
        edits="file_id",
        record="client_file",
    ),
    FormKind(
        "restriction",
        _restriction_spec,
        _restriction_save,
        _restriction_load,
        _restriction_options,
        edits="file_id",
        record="client_file",
    ),
    FormKind("close_file", _close_spec, _close_save, _close_load, saved_words=tr("The file is closed.")),
)
