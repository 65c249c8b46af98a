"""Forms of ways to reach somebody, and of contact attempts behind the safe-contact guard."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import contacts, people
from advocate_desk.casework.contacts import AttemptDetails, verdict
from advocate_desk.casework.people import ContactDetails
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.builder import FormView
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
from advocate_desk.desk.widgets.safe_contact import AttemptGuard, channel_lines, covered, verdict_words
from advocate_desk.domain.contact import WEEKDAYS, Channel, ContactMethod, Verdict, channels_of, may_contact_otherwise
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.client_file import Banner, banner
from advocate_desk.store.queries.safe_contact import ContactLine, contact_lines


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ContactForms", text)


def contact_fields() -> tuple[Field, ...]:
    """A contact method with every attribute that makes it safe or not."""
    text_too = ShownWhen("kind", ("mobile",))
    voice_too = ShownWhen("kind", ("mobile", "landline"))
    return (
        Field("kind", FieldKind.CHOICE, tr("Kind"), required=True, options="contact_kind", wide=False),
        Field("value", FieldKind.TEXT, tr("Number, address or name"), required=True, wide=False, max_length=300),
        Field(
            "is_safe",
            FieldKind.CHOICE,
            tr("Is it safe to use?"),
            help=tr("Nothing is taken as safe until somebody has said so."),
            options="safe_answer",
            default="unknown",
        ),
        Field(
            "may_text",
            FieldKind.CHOICE,
            tr("Safe to text?"),
            options="safe_answer",
            default="unknown",
            shown_when=text_too,
        ),
        Field(
            "may_leave_voicemail",
            FieldKind.CHOICE,
            tr("Safe to leave a voicemail?"),
            options="safe_answer",
            default="unknown",
            shown_when=voice_too,
        ),
        Field("safe_days", FieldKind.CHOICES, tr("Safe days"), help=tr("None means every day."), options="weekday"),
        Field("safe_from", FieldKind.TIME, tr("Safe from"), wide=False),
        Field("safe_until", FieldKind.TIME, tr("Until"), wide=False),
        Field("code_word", FieldKind.TEXT, tr("Code word"), wide=False, max_length=80),
        Field("who_may_answer", FieldKind.TEXT, tr("Who else may answer"), wide=False, max_length=120),
        Field("do_not_contact_before", FieldKind.DATE, tr("Not before"), wide=False),
        Field("is_device_shared", FieldKind.CHECK, tr("Somebody else can see this phone or account"), wide=False),
        Field("note", FieldKind.TEXT, tr("Note"), max_length=300),
        Field("fact_source", FieldKind.CHOICE, tr("Who told us"), options="fact_source", wide=False),
        Field("fact_state", FieldKind.CHOICE, tr("How sure"), options="fact_state", wide=False),
    )


def contact_of(values: Values) -> ContactDetails:
    """A contact method as casework takes it."""
    return ContactDetails(
        kind=text_of(values, "kind"),
        value=text_of(values, "value"),
        is_safe=text_of(values, "is_safe") or "unknown",
        may_text=text_of(values, "may_text") or "unknown",
        may_leave_voicemail=text_of(values, "may_leave_voicemail") or "unknown",
        safe_from=text_of(values, "safe_from"),
        safe_until=text_of(values, "safe_until"),
        safe_days=keys_of(values, "safe_days"),
        code_word=text_of(values, "code_word"),
        who_may_answer=text_of(values, "who_may_answer"),
        is_device_shared=is_ticked(values, "is_device_shared"),
        do_not_contact_before=day_of(values, "do_not_contact_before"),
        note=text_of(values, "note"),
        fact_source=text_of(values, "fact_source"),
        fact_state=text_of(values, "fact_state"),
    )


def contact_values(line: ContactLine) -> Values:
    """A contact method as its form shows it."""
    method, hours = line.method, line.method.hours
    return {
        "kind": method.kind,
        "value": method.value,
        "is_safe": method.is_safe,
        "may_text": method.may_text,
        "may_leave_voicemail": method.may_leave_voicemail,
        "safe_days": [WEEKDAYS[day] for day in sorted(hours.days)] if hours else [],
        "safe_from": f"{hours.start:%H:%M}"
        if hours and (hours.until or hours.start.hour or hours.start.minute)
        else "",
        "safe_until": f"{hours.until:%H:%M}" if hours and hours.until else "",
        "code_word": method.code_word,
        "who_may_answer": method.who_may_answer,
        "is_device_shared": method.is_device_shared,
        "do_not_contact_before": as_day(method.do_not_contact_before),
        "note": line.note,
        "fact_source": line.fact_source,
        "fact_state": line.fact_state,
    }


def _method_spec(office: Office, params: Params) -> FormSpec:
    line = _method_line(office, params)
    title = tr("Change a way to reach them") if line else tr("Add a way to reach them")
    rule = (_rule_field(office, params, line),) if line else ()
    section = Section("contact", "", (*rule, *contact_fields()))
    return FormSpec("contact_method", title, (section,), save_label=tr("Save"))


def _rule_field(office: Office, params: Params, line: ContactLine) -> Field:
    """What the rule says now, before the number itself."""
    said = channel_lines(line.method, office.clock.now(), _alerts_of(office, params, line))
    words = " · ".join(each.words for each in said)
    return Field("rule", FieldKind.NOTE, words, help=tr("That this was opened is in the file’s history."))


def _alerts_of(office: Office, params: Params, line: ContactLine) -> list[str]:
    if line.person_role != "client":
        return []
    return [each.kind for each in office.work.read(banner, file_of(params)).alerts]


def _method_line(office: Office, params: Params) -> ContactLine | None:
    """The contact method that is changed; None for a new one. Raises Refused when it is gone."""
    contact_id = record_of(params, "contact_id")
    if contact_id is None:
        return None
    lines = office.work.read(contact_lines, file_of(params))
    line = next((each for each in lines if each.contact_id == contact_id), None)
    if line is None:
        raise Refused(tr("This contact method is no longer in the file."))
    return line


def _method_load(office: Office, params: Params) -> Values:
    line = _method_line(office, params)
    if line is None:
        return {}
    contacts.record_opened(office.work, file_of(params), RecordId(line.contact_id))
    return contact_values(line)


def _method_again(office: Office, params: Params) -> Values:
    line = _method_line(office, params)
    return contact_values(line) if line is not None else {}


def _method_save(office: Office, params: Params, values: Values) -> Done:
    person_id = record_of(params, "person_id")
    if person_id is None:
        raise Refused(tr("This contact method has lost its person. Open the file again; what you typed is kept."))
    contact_id = record_of(params, "contact_id")
    return people.save_contact(office.work, file_of(params), person_id, contact_id, contact_of(values))


# --- an attempt to reach the client ---------------------------------------------------------------------------------

NO_METHOD = "other"
"""The option for an attempt that went another way than a recorded one."""


def _attempt_spec(_office: Office, _params: Params) -> FormSpec:
    fields = (
        Field("contact_method", FieldKind.CHOICE, tr("Reached by"), required=True, options="methods"),
        Field("channel", FieldKind.CHOICE, tr("How"), required=True, options="contact_channel", wide=False),
        Field("attempted_at", FieldKind.DATE_TIME, tr("When"), required=True),
        Field(
            "override_reason",
            FieldKind.LONG_TEXT,
            tr("Why it was done against the safe-contact rule"),
            help=tr("It is recorded with the attempt and shown in the file’s history."),
            required=True,
            shown_when=ShownWhen("guard", ("no",)),
        ),
        Field("outcome", FieldKind.CHOICE, tr("What came of it"), required=True, options="attempt_outcome"),
        Field("text", FieldKind.LONG_TEXT, tr("Note"), help=tr("Write a contact note instead if you spoke.")),
    )
    section = Section("attempt", "", fields)
    return FormSpec("attempt", tr("Record a contact attempt"), (section,), save_label=tr("Save attempt"))


def _attempt_load(office: Office, params: Params) -> Values:
    shown = office.work.read(banner, file_of(params))
    given = str(params.get("contact_id") or "")
    methods = [each for each in shown.contacts if not given or each.contact_id.hex == given.replace("-", "")]
    first = methods[0] if methods else None
    channel = str(params.get("channel") or (channels_of(first.method)[:1] or ("",))[0] if first else "")
    values: Values = {
        "contact_method": str(first.contact_id) if first else NO_METHOD,
        "channel": channel,
        "attempted_at": this_minute(office.clock),
    }
    said = attempt_verdict(shown, values, office.clock.now())
    return {**values, "guard": "no" if said is not None and not said.allowed else "ok"}


def attempt_verdict(shown: Banner, values: Values, now: datetime) -> Verdict | None:
    """What her rule says of the attempt in `values`; None while it says nothing, as before a way is chosen."""
    method = _method_in(shown, values)
    standing = [each.kind for each in shown.alerts]
    if text_of(values, "contact_method") == NO_METHOD:
        said = may_contact_otherwise(standing)
        return None if said.allowed else said
    try:
        channel = Channel(text_of(values, "channel"))
    except ValueError:
        return None
    if method is None:
        return None
    return verdict(method, channel, moment_of(values, "attempted_at") or now, standing)


def _method_in(shown: Banner, values: Values) -> ContactMethod | None:
    chosen = text_of(values, "contact_method")
    return next((each.method for each in shown.contacts if str(each.contact_id) == chosen), None)


def _attempt_options(office: Office, params: Params) -> dict[str, OptionList]:
    shown = office.work.read(banner, file_of(params))
    return {"methods": (*_method_options(office, shown), Option(NO_METHOD, tr("Another way, not recorded here")))}


def _method_options(office: Office, shown: Banner) -> list[Option]:
    kinds, standing = office.packs, [each.kind for each in shown.alerts]
    return [
        Option(
            str(line.contact_id),
            f"{kinds.label('contact_kind', line.method.kind)}: {covered(line.method)}",
            verdict_words(line.method, office.clock.now(), standing),
        )
        for line in shown.contacts
    ]


def _attempt_aside(office: Office, params: Params, view: FormView) -> AttemptGuard:
    return AttemptGuard(office, file_of(params), view, attempt_verdict)


def _attempt_save(office: Office, params: Params, values: Values) -> Done:
    chosen = text_of(values, "contact_method")
    details = AttemptDetails(
        attempted_at=moment_of(values, "attempted_at") or office.clock.now(),
        channel=text_of(values, "channel"),
        outcome=text_of(values, "outcome"),
        contact_method_id=None if chosen == NO_METHOD else record_of({"id": chosen}, "id"),
        text=text_of(values, "text"),
        override_reason=text_of(values, "override_reason"),
    )
    return contacts.record_attempt(office.work, file_of(params), details)


FORM_KINDS = (
    FormKind(
        "contact_method",
        _method_spec,
        _method_save,
        _method_load,
        edits="contact_id",
        read_again=_method_again,
        record="contact_method",
    ),
    FormKind(
        "attempt",
        _attempt_spec,
        _attempt_save,
        _attempt_load,
        _attempt_options,
        aside=_attempt_aside,
        saved_words=tr("Attempt saved."),
    ),
)
