"""Forms about the service and the worker, as letters name them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import settings as kept
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.settings import LETTERHEAD_KEY, WORKER_KEY, Letterhead, WorkerDetails, from_json, to_json


def _tr(text: str) -> str:
    return QCoreApplication.translate("ServiceForms", text)


def letterhead_spec(_office: Office, _params: Params) -> FormSpec:
    """What stands at the head of a letter."""
    fields = (
        Field("service_name", FieldKind.TEXT, _tr("Name of the service"), required=True),
        Field("address", FieldKind.LONG_TEXT, _tr("Address"), help=_tr("One line each, as on an envelope.")),
        Field("phone", FieldKind.TEXT, _tr("Telephone"), wide=False),
        Field("email", FieldKind.TEXT, _tr("Email"), wide=False),
        Field("website", FieldKind.TEXT, _tr("Website"), wide=False),
        Field("small_print", FieldKind.TEXT, _tr("Small print"), help=_tr("Such as the charity number."), wide=False),
    )
    section = Section("letterhead", "", fields)
    return FormSpec("letterhead", _tr("Letterhead"), (section,), save_label=_tr("Save the letterhead"))


def worker_spec(_office: Office, _params: Params) -> FormSpec:
    """Who signs."""
    fields = (
        Field("name", FieldKind.TEXT, _tr("Your name"), required=True, wide=False),
        Field("job_title", FieldKind.TEXT, _tr("Job title"), help=_tr("Under your signature."), wide=False),
        Field(
            "role",
            FieldKind.TEXT,
            _tr("Your role in a sentence"),
            help=_tr("Letters say “I am …”: write “an independent domestic violence adviser”."),
        ),
        Field("phone", FieldKind.TEXT, _tr("Work telephone"), wide=False),
        Field("email", FieldKind.TEXT, _tr("Work email"), wide=False),
        Field("qualification", FieldKind.TEXT, _tr("Qualification"), wide=False),
        Field("accreditation", FieldKind.TEXT, _tr("Accreditation"), wide=False),
        Field("since", FieldKind.TEXT, _tr("In this work since"), help=_tr("A year; courts ask."), wide=False),
    )
    section = Section("worker", "", fields)
    return FormSpec("worker", _tr("About you"), (section,), save_label=_tr("Save"))


def load_letterhead(office: Office, _params: Params) -> Values:
    """The letterhead as it is."""
    return to_json(from_json(Letterhead, kept.get(office.work, LETTERHEAD_KEY)))


def load_worker(office: Office, _params: Params) -> Values:
    """The worker's details as they are."""
    return to_json(from_json(WorkerDetails, kept.get(office.work, WORKER_KEY)))


def save_letterhead(office: Office, _params: Params, values: Values) -> Done:
    """Keep the letterhead."""
    return kept.put(office.work, LETTERHEAD_KEY, to_json(from_json(Letterhead, values)))


def save_worker(office: Office, _params: Params, values: Values) -> Done:
    """Keep the worker's details. The name signs entries of the access record from the next unlock on."""
    return kept.put(office.work, WORKER_KEY, to_json(from_json(WorkerDetails, values)))


FORM_KINDS = (
    FormKind("letterhead", letterhead_spec, save_letterhead, load_letterhead),
    FormKind("worker", worker_spec, save_worker, load_worker),
)
