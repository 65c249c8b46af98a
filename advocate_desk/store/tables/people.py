"""The people of a file, how they are related, and how the client may be reached safely."""

from __future__ import annotations

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import (
    day,
    fact_columns,
    flag,
    json_value,
    partial_index,
    record_id,
    record_table,
    text,
)

person = record_table(
    "person",
    text("role"),
    text("given_name", searched=True),
    text("family_name", searched=True),
    text("known_as", searched=True),
    text("name_key", searched=True),
    text("sort_key"),
    day("born_on"),
    text("gender", sensitivity=Sensitivity.EQUALITIES),
    text("language", sensitivity=Sensitivity.EQUALITIES),
    flag("needs_interpreter"),
    text("occupation", sensitivity=Sensitivity.THIRD_PARTY),
    text("whereabouts", sensitivity=Sensitivity.LOCATION, critical=True),
    text("immigration_note", sensitivity=Sensitivity.IMMIGRATION),
    text("note", sensitivity=Sensitivity.THIRD_PARTY),
    searched_as="person",
    together=(("given_name", "family_name", "known_as", "name_key", "sort_key"),),
)
partial_index(person, "client_name", "name_key", where="role = 'client' AND deleted_at IS NULL")

relationship = record_table(
    "relationship",
    record_id("client_id", "person.id", needed=True),
    record_id("perpetrator_id", "person.id", needed=True),
    text("kind"),
    text("status"),
    day("separated_on"),
    text("child_contact", sensitivity=Sensitivity.THIRD_PARTY),
)

contact_method = record_table(
    "contact_method",
    record_id("person_id", "person.id", needed=True),
    text("kind"),
    text("value", sensitivity=Sensitivity.LOCATION, searched=True, critical=True),
    text("is_safe", critical=True),
    text("may_text", critical=True),
    text("may_leave_voicemail", critical=True),
    text("safe_from", critical=True),
    text("safe_until", critical=True),
    json_value("safe_days", list, critical=True),
    text("code_word", critical=True),
    text("who_may_answer", sensitivity=Sensitivity.THIRD_PARTY, critical=True),
    flag("is_device_shared", critical=True),
    day("do_not_contact_before", critical=True),
    text("note"),
    *fact_columns(),
    searched_as="contact",
    together=(
        ("value", "is_safe", "may_text", "may_leave_voicemail", "fact_source", "told_at", "fact_state"),
        ("safe_from", "safe_until", "safe_days"),
    ),
)
