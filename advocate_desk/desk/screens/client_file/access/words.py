"""What the entries of the access history mean, in plain words."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from advocate_desk.casework.access import AccessLine

_T = QT_TRANSLATE_NOOP

EVENT_WORDS: dict[str, str] = {
    "access_need_removed": str(_T("Access", "Took an access need out")),
    "access_need_restored": str(_T("Access", "Brought an access need back")),
    "access_need_saved": str(_T("Access", "Recorded an access need")),
    "alert_removed": str(_T("Access", "Took an alert out")),
    "alert_restored": str(_T("Access", "Brought an alert back")),
    "alert_saved": str(_T("Access", "Recorded an alert")),
    "assessment_finalised": str(_T("Access", "Finished a risk assessment")),
    "assessment_kept": str(_T("Access", "Kept a risk assessment in progress")),
    "audit_verified": str(_T("Access", "Verified the chain")),
    "backup_put_away": str(_T("Access", "Copied a backup to the second folder")),
    "backup_restored": str(_T("Access", "Restored the caseload from a backup")),
    "bail_changed": str(_T("Access", "Changed bail")),
    "bail_ended": str(_T("Access", "Recorded the end of bail")),
    "bail_recorded": str(_T("Access", "Recorded bail")),
    "breach_recorded": str(_T("Access", "Recorded a breach")),
    "case_changed": str(_T("Access", "Changed a criminal case")),
    "case_opened": str(_T("Access", "Recorded a criminal case")),
    "value_replaced": str(_T("Access", "Replaced a newer value that a colleague gave")),
    "conflict_decided": str(_T("Access", "Decided between two values")),
    "conflict_reopened": str(_T("Access", "Took a decision between two values back")),
    "conflict_shown": str(_T("Access", "Looked at covered values that differ")),
    "consent_recorded": str(_T("Access", "Recorded a consent")),
    "consent_removed": str(_T("Access", "Took a consent out")),
    "consent_restored": str(_T("Access", "Brought a consent back")),
    "contact_attempted": str(_T("Access", "Recorded a contact attempt")),
    "contact_method_removed": str(_T("Access", "Removed a contact method")),
    "contact_method_restored": str(_T("Access", "Brought a contact method back")),
    "contact_method_saved": str(_T("Access", "Saved a contact method")),
    "contact_revealed": str(_T("Access", "Looked at a number or address")),
    "file_allocated": str(_T("Access", "Allocated the file")),
    "file_reopened": str(_T("Access", "Opened the file again after a new referral")),
    "file_closed": str(_T("Access", "Closed the file")),
    "file_exported": str(_T("Access", "Printed or exported a page")),
    "failed_rows_saved": str(_T("Access", "Saved rows of an import to disk")),
    "file_import_undone": str(_T("Access", "Undid the import of this file")),
    "file_imported": str(_T("Access", "Opened the file from an import")),
    "file_opened": str(_T("Access", "Opened the file from a referral")),
    "file_read": str(_T("Access", "Read the file")),
    "files_adopted": str(_T("Access", "Took this desk’s own files into the organisation")),
    "hearing_changed": str(_T("Access", "Changed a hearing")),
    "hearing_listed": str(_T("Access", "Recorded a hearing")),
    "immigration_note_read": str(_T("Access", "Read the immigration note")),
    "immigration_note_saved": str(_T("Access", "Wrote the immigration note")),
    "import_undone": str(_T("Access", "Undid an import")),
    "letter_export": str(_T("Access", "Saved a letter to disk")),
    "letter_export_failed": str(_T("Access", "A letter could not be saved to disk")),
    "letter_left": str(_T("Access", "Let a letter leave the desk")),
    "letter_preview": str(_T("Access", "Opened a letter")),
    "letter_print": str(_T("Access", "Printed a letter")),
    "letter_print_failed": str(_T("Access", "A letter could not be printed")),
    "letter_read": str(_T("Access", "Read a letter")),
    "letter_saved": str(_T("Access", "Made a letter")),
    "note_amended": str(_T("Access", "Amended a contact note")),
    "note_written": str(_T("Access", "Wrote a contact note")),
    "outcome_corrected": str(_T("Access", "Put the outcome of a hearing right")),
    "outcome_recorded": str(_T("Access", "Recorded the outcome of a hearing")),
    "person_removed": str(_T("Access", "Took a person out")),
    "person_restored": str(_T("Access", "Brought a person back")),
    "person_saved": str(_T("Access", "Saved a person")),
    "plan_action_changed": str(_T("Access", "Changed an action of the safety plan")),
    "plan_action_removed": str(_T("Access", "Took an action out of the safety plan")),
    "plan_action_restored": str(_T("Access", "Brought an action of the safety plan back")),
    "plan_actions_added": str(_T("Access", "Added to the safety plan")),
    "plan_changed": str(_T("Access", "Changed the safety plan")),
    "plan_started": str(_T("Access", "Started a version of the safety plan")),
    "referral_imported": str(_T("Access", "Added a referral from an import")),
    "referral_recorded": str(_T("Access", "Added a referral")),
    "referrals_imported": str(_T("Access", "Imported referrals")),
    "relationship_saved": str(_T("Access", "Saved a relationship")),
    "restriction_changed": str(_T("Access", "Changed the restriction of the file")),
    "setting_changed": str(_T("Access", "Changed a setting")),
    "stage_recorded": str(_T("Access", "Recorded a step of the case")),
    "status_changed": str(_T("Access", "Changed the status of the file")),
    "summary_exported": str(_T("Access", "Printed or saved the caseload summary")),
    "summary_opened": str(_T("Access", "Had the file shown in the caseload summary")),
    "task_added": str(_T("Access", "Added a task")),
    "task_changed": str(_T("Access", "Changed a task")),
    "task_completed": str(_T("Access", "Completed a task")),
    "task_reopened": str(_T("Access", "Took back the completion of a task")),
}


def event_words(kind: str) -> str:
    """What happened; a kind that a newer version wrote shows as it is, in words."""
    known = EVENT_WORDS.get(kind)
    if known is None:
        return kind.replace("_", " ").capitalize()
    return QCoreApplication.translate("Access", known)


def detail_words(line: AccessLine) -> str:
    """What matters of an entry's detail: that a rule was overridden, and how a page left."""
    detail = dict(part.split(": ", 1) for part in line.detail.split(", ") if ": " in part)
    found = []
    if detail.get("override") == "True":
        found.append(QCoreApplication.translate("Access", "against the safe-contact rule"))
    if detail.get("how") == "copied":
        found.append(QCoreApplication.translate("Access", "copied"))
    if detail.get("how") == "changed":
        found.append(QCoreApplication.translate("Access", "to change it"))
    if detail.get("overridden") == "True":
        found.append(QCoreApplication.translate("Access", "with something still open"))
    if line.kind == "summary_opened" and detail.get("by_role") in ("supervisor", "data_lead"):
        found.append(QCoreApplication.translate("Access", "as {0}").format(detail["by_role"].replace("_", " ")))
    if line.kind == "file_exported":
        found += [detail[key].replace("_", " ") for key in ("what", "how") if detail.get(key)]
    return ", ".join(found)
