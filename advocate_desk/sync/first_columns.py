"""The columns that every version which exchanges knows: a record leaves out those in which it says nothing.

A column that came later is always said, also where it is empty: an older desk does not know it and keeps what it was
told, so that what is left out would mean "as before". So nothing is ever added here.
"""

from __future__ import annotations

_COLUMNS = """
client_file: created_at changed_at deleted_at reference status allocated_to setting site opened_on closed_on
  closure_reason legal_hold conflict_note
access_need: created_at changed_at deleted_at kind detail
alert: created_at changed_at deleted_at kind text since_on ended_on fact_source told_at fact_state
conflict: created_at changed_at deleted_at kind about_id before ours theirs ours_by theirs_by ours_at theirs_at
  found_at is_critical decided_at decided_by decision
consent: created_at changed_at deleted_at scope decision decided_on method withdrawn_on note
contact_note: created_at changed_at deleted_at happened_at method duration_min setting with_whom spoke_with_client
  text written_by amends_id amendment_reason
person: created_at changed_at deleted_at role given_name family_name known_as name_key sort_key born_on gender
  language needs_interpreter occupation whereabouts immigration_note note
referral: created_at changed_at deleted_at source referrer_name referrer_contact sender_reference received_at
  incident_on incident_summary risk_at_referral crime_ref location_status setting site
safety_plan: created_at changed_at deleted_at version status made_on review_on kept_where note supersedes_id
stored_document: created_at changed_at deleted_at title media_type size_bytes sha256
task: created_at changed_at deleted_at title due_on due_at origin standard origin_id reason owner completed_at
  completed_by outcome
contact_method: created_at changed_at deleted_at person_id kind value is_safe may_text may_leave_voicemail safe_from
  safe_until safe_days code_word who_may_answer is_device_shared do_not_contact_before note fact_source told_at
  fact_state
relationship: created_at changed_at deleted_at client_id perpetrator_id kind status separated_on child_contact
safety_action: created_at changed_at deleted_at plan_id section text reason suggestion_key owner due_on status
  shared_with position
contact_attempt: created_at changed_at deleted_at contact_method_id attempted_at channel outcome text is_override
  override_reason made_by
criminal_case: created_at changed_at deleted_at relationship_id force crime_ref urn officer_name officer_contact
  reported_on offence_on stage outcome_code outcome_on victim_supported note
risk_assessment: created_at changed_at deleted_at relationship_id instrument_key instrument_version started_on
  completed_on completed_by answers professional score dont_know_count criteria alerts professional_grading grade
  grading_reason finalised_at supersedes_id amendment_reason
bail: created_at changed_at deleted_at case_id kind arrested_on started_on expires_on is_expiry_counted period
  is_clock_paused ended_on end_reason note fact_source told_at fact_state
charge: created_at changed_at deleted_at case_id offence_code offence_title is_charged charged_on plea plea_on result
hearing: created_at changed_at deleted_at case_id court_code court_name hearing_on listed_time courtroom kind attends
  client_wishes measures outcome outcome_text outcome_recorded_at client_told_on adjourned_from_id fact_source told_at
  fact_state
stage_event: created_at changed_at deleted_at case_id stage happened_on text client_told_on fact_source told_at
  fact_state
condition: created_at changed_at deleted_at bail_id code text started_on ended_on fact_source told_at fact_state
letter: created_at changed_at deleted_at template template_version addressee_kind addressee case_id hearing_id facts
  document_id made_at made_by
breach: created_at changed_at deleted_at bail_id condition_id occurred_at text evidence reported_at police_ref
  action_taken is_charged
disclosure: created_at changed_at deleted_at letter_id to_whom addressee_kind what gateway consent necessity
  decided_by decided_at client_agreed_on how
"""

FIRST = {
    table.strip(): frozenset(columns.split())
    for table, _, columns in (line.partition(":") for line in _COLUMNS.replace("\n  ", " ").strip().splitlines())
}
"""By table. Of a table that came later all columns did."""
