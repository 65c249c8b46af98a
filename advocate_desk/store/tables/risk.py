"""Risk assessments and the safety plans that answer them."""

from __future__ import annotations

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import (
    day,
    json_value,
    moment,
    number,
    partial_index,
    record_id,
    record_table,
    text,
)

risk_assessment = record_table(
    "risk_assessment",
    record_id("relationship_id", "relationship.id"),
    text("instrument_key"),
    text("instrument_version"),
    day("started_on"),
    day("completed_on"),
    text("completed_by"),
    json_value("answers", dict, sensitivity=Sensitivity.THIRD_PARTY),
    json_value("professional", dict, sensitivity=Sensitivity.THIRD_PARTY),
    number("score"),
    number("dont_know_count"),
    json_value("criteria", list),
    json_value("alerts", list),
    text("professional_grading", critical=True),
    text("grade", critical=True),
    text("grading_reason", sensitivity=Sensitivity.THIRD_PARTY),
    moment("finalised_at"),
    record_id("supersedes_id", "risk_assessment.id"),
    text("amendment_reason"),
    together=(
        (
            "answers",
            "professional",
            "score",
            "dont_know_count",
            "criteria",
            "alerts",
            "professional_grading",
            "grade",
            "grading_reason",
            "completed_on",
            "completed_by",
            "finalised_at",
        ),
    ),
)

safety_plan = record_table(
    "safety_plan",
    number("version"),
    text("status"),
    day("made_on"),
    day("review_on"),
    text("kept_where"),
    text("note"),
    record_id("supersedes_id", "safety_plan.id"),
)
partial_index(safety_plan, "current", "review_on", "file_id", where="status = 'current' AND deleted_at IS NULL")

safety_action = record_table(
    "safety_action",
    record_id("plan_id", "safety_plan.id", needed=True),
    text("section"),
    text("text", sensitivity=Sensitivity.LOCATION),
    text("reason", sensitivity=Sensitivity.THIRD_PARTY),
    text("suggestion_key"),
    text("owner"),
    day("due_on"),
    text("status"),
    text("shared_with"),
    number("position"),
)
