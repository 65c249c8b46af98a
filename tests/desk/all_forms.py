"""Any form of the program, opened on the standing file: for tests that take the forms from the program's own list."""

from __future__ import annotations

from advocate_desk.desk.forms.page import FormPage
from tests.casework_calls import Standing
from tests.desk.client_desk import ClientDesk
from tests.faults.program_desk import params_of


def opened(desk: ClientDesk, kind: str, standing_file: Standing) -> FormPage:
    """The form, for something new where it can be, else for what the standing file holds of it."""
    for params in params_of(standing_file):
        desk.office.open_form(kind, dict(params))
        desk.settle()
        page = desk.forms()[-1]
        if page.view is not None:
            return page
        desk.office.drafts.drop(page.key)
        page.discard_asked.emit()
        desk.settle()
    raise AssertionError(f"{kind} opens neither for something new nor for the standing file: give it what it asks for")
