CREATE TABLE audit_event (
    position INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    happened_at VARCHAR(27) NOT NULL,
    kind TEXT NOT NULL,
    file_id CHAR(32),
    subject TEXT DEFAULT '' NOT NULL,
    subject_id CHAR(32),
    detail TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_audit_event PRIMARY KEY (position)
)
--;
CREATE INDEX ix_audit_event_file_id ON audit_event (file_id)
--;
CREATE TABLE audit_head (
    only INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (only)
)
--;
CREATE TABLE client_file (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    reference TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    allocated_to TEXT DEFAULT '' NOT NULL,
    setting TEXT DEFAULT '' NOT NULL,
    site TEXT DEFAULT '' NOT NULL,
    opened_on DATE,
    closed_on DATE,
    closure_reason TEXT DEFAULT '' NOT NULL,
    is_restricted BOOLEAN DEFAULT '0' NOT NULL,
    legal_hold BOOLEAN DEFAULT '0' NOT NULL,
    conflict_note TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_client_file PRIMARY KEY (id)
)
--;
CREATE INDEX ix_client_file_file_id ON client_file (file_id)
--;
CREATE INDEX ix_client_file_reference ON client_file (reference)
--;
CREATE TABLE draft (
    "key" TEXT NOT NULL,
    form TEXT NOT NULL,
    file_id CHAR(32),
    params TEXT NOT NULL,
    payload TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    saved_at VARCHAR(27) NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY ("key")
)
--;
CREATE INDEX ix_draft_file_id ON draft (file_id)
--;
CREATE TABLE import_batch (
    id CHAR(32) NOT NULL,
    imported_at VARCHAR(27) NOT NULL,
    imported_by TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    file_count INTEGER NOT NULL,
    undone_at VARCHAR(27),
    CONSTRAINT pk_import_batch PRIMARY KEY (id)
)
--;
CREATE TABLE import_mapping (
    signature TEXT NOT NULL,
    mapping TEXT NOT NULL,
    used_at VARCHAR(27) NOT NULL,
    CONSTRAINT pk_import_mapping PRIMARY KEY (signature)
)
--;
CREATE TABLE search_entry (
    entry INTEGER NOT NULL,
    record_id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT pk_search_entry PRIMARY KEY (entry),
    CONSTRAINT uq_search_entry_record_id UNIQUE (record_id)
)
--;
CREATE TABLE setting (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY ("key")
)
--;
CREATE TABLE tracking (
    only INTEGER NOT NULL,
    is_applying BOOLEAN NOT NULL,
    CONSTRAINT pk_tracking PRIMARY KEY (only)
)
--;
CREATE TABLE access_need (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    kind TEXT DEFAULT '' NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_access_need PRIMARY KEY (id),
    CONSTRAINT fk_access_need_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_access_need_file_id ON access_need (file_id)
--;
CREATE TABLE alert (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    kind TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    since_on DATE,
    ended_on DATE,
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT fk_alert_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_alert_file_id ON alert (file_id)
--;
CREATE TABLE consent (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    scope TEXT DEFAULT '' NOT NULL,
    decision TEXT DEFAULT '' NOT NULL,
    decided_on DATE,
    method TEXT DEFAULT '' NOT NULL,
    withdrawn_on DATE,
    note TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT fk_consent_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_consent_file_id ON consent (file_id)
--;
CREATE TABLE contact_note (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    happened_at VARCHAR(27),
    method TEXT DEFAULT '' NOT NULL,
    duration_min INTEGER,
    setting TEXT DEFAULT '' NOT NULL,
    with_whom TEXT DEFAULT '' NOT NULL,
    spoke_with_client BOOLEAN DEFAULT '0' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    written_by TEXT DEFAULT '' NOT NULL,
    amends_id CHAR(32),
    amendment_reason TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_contact_note PRIMARY KEY (id),
    CONSTRAINT fk_contact_note_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_contact_note_amends_id FOREIGN KEY(amends_id) REFERENCES contact_note (id)
)
--;
CREATE INDEX ix_contact_note_amends_id ON contact_note (amends_id)
--;
CREATE INDEX ix_contact_note_file_id ON contact_note (file_id)
--;
CREATE TABLE file_summary (
    file_id CHAR(32) NOT NULL,
    reference TEXT NOT NULL,
    client_name TEXT NOT NULL,
    sort_name TEXT NOT NULL,
    status TEXT NOT NULL,
    allocated_to TEXT NOT NULL,
    setting TEXT NOT NULL,
    referral_source TEXT NOT NULL,
    opened_on DATE,
    closed_on DATE,
    is_restricted BOOLEAN NOT NULL,
    risk_grade TEXT NOT NULL,
    risk_rank INTEGER NOT NULL,
    dash_score INTEGER,
    dash_on DATE,
    last_contact_at VARCHAR(27),
    next_hearing_on DATE,
    next_hearing_time TEXT,
    next_task_on DATE,
    bail_expires_on DATE,
    plan_review_on DATE,
    open_tasks INTEGER NOT NULL,
    alerts INTEGER NOT NULL,
    next_on DATE,
    next_kind TEXT NOT NULL,
    CONSTRAINT pk_file_summary PRIMARY KEY (file_id),
    CONSTRAINT fk_file_summary_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_file_summary_last_contact_at ON file_summary (last_contact_at, file_id)
--;
CREATE INDEX ix_file_summary_next_on ON file_summary (next_on, file_id)
--;
CREATE INDEX ix_file_summary_opened_on ON file_summary (opened_on, file_id)
--;
CREATE INDEX ix_file_summary_reference ON file_summary (reference, file_id)
--;
CREATE INDEX ix_file_summary_risk_rank ON file_summary (risk_rank, file_id)
--;
CREATE INDEX ix_file_summary_sort_name ON file_summary (sort_name, file_id)
--;
CREATE INDEX ix_file_summary_status ON file_summary (status, file_id)
--;
CREATE TABLE person (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    role TEXT DEFAULT '' NOT NULL,
    given_name TEXT DEFAULT '' NOT NULL,
    family_name TEXT DEFAULT '' NOT NULL,
    known_as TEXT DEFAULT '' NOT NULL,
    name_key TEXT DEFAULT '' NOT NULL,
    sort_key TEXT DEFAULT '' NOT NULL,
    born_on DATE,
    gender TEXT DEFAULT '' NOT NULL,
    language TEXT DEFAULT '' NOT NULL,
    needs_interpreter BOOLEAN DEFAULT '0' NOT NULL,
    occupation TEXT DEFAULT '' NOT NULL,
    whereabouts TEXT DEFAULT '' NOT NULL,
    immigration_note TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT fk_person_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_person_file_id ON person (file_id)
--;
CREATE TABLE referral (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    source TEXT DEFAULT '' NOT NULL,
    referrer_name TEXT DEFAULT '' NOT NULL,
    referrer_contact TEXT DEFAULT '' NOT NULL,
    sender_reference TEXT DEFAULT '' NOT NULL,
    received_at VARCHAR(27),
    incident_on DATE,
    incident_summary TEXT DEFAULT '' NOT NULL,
    risk_at_referral TEXT DEFAULT '' NOT NULL,
    crime_ref TEXT DEFAULT '' NOT NULL,
    location_status TEXT DEFAULT '' NOT NULL,
    setting TEXT DEFAULT '' NOT NULL,
    site TEXT DEFAULT '' NOT NULL,
    import_batch_id CHAR(32),
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT fk_referral_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_referral_import_batch_id FOREIGN KEY(import_batch_id) REFERENCES import_batch (id)
)
--;
CREATE INDEX ix_referral_file_id ON referral (file_id)
--;
CREATE INDEX ix_referral_import_batch_id ON referral (import_batch_id)
--;
CREATE TABLE safety_plan (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    version INTEGER,
    status TEXT DEFAULT '' NOT NULL,
    made_on DATE,
    review_on DATE,
    kept_where TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    supersedes_id CHAR(32),
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_safety_plan PRIMARY KEY (id),
    CONSTRAINT fk_safety_plan_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_safety_plan_supersedes_id FOREIGN KEY(supersedes_id) REFERENCES safety_plan (id)
)
--;
CREATE INDEX ix_safety_plan_file_id ON safety_plan (file_id)
--;
CREATE INDEX ix_safety_plan_supersedes_id ON safety_plan (supersedes_id)
--;
CREATE TABLE stored_document (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    title TEXT DEFAULT '' NOT NULL,
    media_type TEXT DEFAULT '' NOT NULL,
    size_bytes INTEGER,
    sha256 TEXT DEFAULT '' NOT NULL,
    content BLOB NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_stored_document PRIMARY KEY (id),
    CONSTRAINT fk_stored_document_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_stored_document_file_id ON stored_document (file_id)
--;
CREATE TABLE task (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    title TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    due_at VARCHAR(27),
    origin TEXT DEFAULT '' NOT NULL,
    standard TEXT DEFAULT '' NOT NULL,
    origin_id CHAR(32),
    reason TEXT DEFAULT '' NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    completed_at VARCHAR(27),
    completed_by TEXT DEFAULT '' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_task PRIMARY KEY (id),
    CONSTRAINT fk_task_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_task_file_id ON task (file_id)
--;
CREATE TABLE contact_method (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    person_id CHAR(32) NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    is_safe TEXT DEFAULT '' NOT NULL,
    may_text TEXT DEFAULT '' NOT NULL,
    may_leave_voicemail TEXT DEFAULT '' NOT NULL,
    safe_from TEXT DEFAULT '' NOT NULL,
    safe_until TEXT DEFAULT '' NOT NULL,
    safe_days TEXT,
    code_word TEXT DEFAULT '' NOT NULL,
    who_may_answer TEXT DEFAULT '' NOT NULL,
    is_device_shared BOOLEAN DEFAULT '0' NOT NULL,
    do_not_contact_before DATE,
    note TEXT DEFAULT '' NOT NULL,
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_contact_method PRIMARY KEY (id),
    CONSTRAINT fk_contact_method_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_contact_method_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
--;
CREATE INDEX ix_contact_method_file_id ON contact_method (file_id)
--;
CREATE INDEX ix_contact_method_person_id ON contact_method (person_id)
--;
CREATE TABLE relationship (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    client_id CHAR(32) NOT NULL,
    perpetrator_id CHAR(32) NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    separated_on DATE,
    child_contact TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_relationship PRIMARY KEY (id),
    CONSTRAINT fk_relationship_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_relationship_client_id FOREIGN KEY(client_id) REFERENCES person (id),
    CONSTRAINT fk_relationship_perpetrator_id FOREIGN KEY(perpetrator_id) REFERENCES person (id)
)
--;
CREATE INDEX ix_relationship_client_id ON relationship (client_id)
--;
CREATE INDEX ix_relationship_file_id ON relationship (file_id)
--;
CREATE INDEX ix_relationship_perpetrator_id ON relationship (perpetrator_id)
--;
CREATE TABLE safety_action (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    plan_id CHAR(32) NOT NULL,
    section TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    suggestion_key TEXT DEFAULT '' NOT NULL,
    owner TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    status TEXT DEFAULT '' NOT NULL,
    shared_with TEXT DEFAULT '' NOT NULL,
    position INTEGER,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_safety_action PRIMARY KEY (id),
    CONSTRAINT fk_safety_action_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_safety_action_plan_id FOREIGN KEY(plan_id) REFERENCES safety_plan (id)
)
--;
CREATE INDEX ix_safety_action_file_id ON safety_action (file_id)
--;
CREATE INDEX ix_safety_action_plan_id ON safety_action (plan_id)
--;
CREATE TABLE contact_attempt (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    contact_method_id CHAR(32),
    attempted_at VARCHAR(27),
    channel TEXT DEFAULT '' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    is_override BOOLEAN DEFAULT '0' NOT NULL,
    override_reason TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_contact_attempt PRIMARY KEY (id),
    CONSTRAINT fk_contact_attempt_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_contact_attempt_contact_method_id FOREIGN KEY(contact_method_id) REFERENCES contact_method (id)
)
--;
CREATE INDEX ix_contact_attempt_contact_method_id ON contact_attempt (contact_method_id)
--;
CREATE INDEX ix_contact_attempt_file_id ON contact_attempt (file_id)
--;
CREATE TABLE criminal_case (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    relationship_id CHAR(32),
    force TEXT DEFAULT '' NOT NULL,
    crime_ref TEXT DEFAULT '' NOT NULL,
    urn TEXT DEFAULT '' NOT NULL,
    officer_name TEXT DEFAULT '' NOT NULL,
    officer_contact TEXT DEFAULT '' NOT NULL,
    reported_on DATE,
    offence_on DATE,
    stage TEXT DEFAULT '' NOT NULL,
    outcome_code TEXT DEFAULT '' NOT NULL,
    outcome_on DATE,
    victim_supported BOOLEAN,
    note TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_criminal_case PRIMARY KEY (id),
    CONSTRAINT fk_criminal_case_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_criminal_case_relationship_id FOREIGN KEY(relationship_id) REFERENCES relationship (id)
)
--;
CREATE INDEX ix_criminal_case_file_id ON criminal_case (file_id)
--;
CREATE INDEX ix_criminal_case_relationship_id ON criminal_case (relationship_id)
--;
CREATE TABLE risk_assessment (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    relationship_id CHAR(32),
    instrument_key TEXT DEFAULT '' NOT NULL,
    instrument_version TEXT DEFAULT '' NOT NULL,
    started_on DATE,
    completed_on DATE,
    completed_by TEXT DEFAULT '' NOT NULL,
    answers TEXT,
    professional TEXT,
    score INTEGER,
    dont_know_count INTEGER,
    criteria TEXT,
    alerts TEXT,
    professional_grading TEXT DEFAULT '' NOT NULL,
    grade TEXT DEFAULT '' NOT NULL,
    grading_reason TEXT DEFAULT '' NOT NULL,
    finalised_at VARCHAR(27),
    supersedes_id CHAR(32),
    amendment_reason TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_risk_assessment PRIMARY KEY (id),
    CONSTRAINT fk_risk_assessment_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_risk_assessment_relationship_id FOREIGN KEY(relationship_id) REFERENCES relationship (id),
    CONSTRAINT fk_risk_assessment_supersedes_id FOREIGN KEY(supersedes_id) REFERENCES risk_assessment (id)
)
--;
CREATE INDEX ix_risk_assessment_file_id ON risk_assessment (file_id)
--;
CREATE INDEX ix_risk_assessment_relationship_id ON risk_assessment (relationship_id)
--;
CREATE INDEX ix_risk_assessment_supersedes_id ON risk_assessment (supersedes_id)
--;
CREATE TABLE bail (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    case_id CHAR(32) NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    arrested_on DATE,
    started_on DATE,
    expires_on DATE,
    is_expiry_counted BOOLEAN DEFAULT '0' NOT NULL,
    period TEXT DEFAULT '' NOT NULL,
    is_clock_paused BOOLEAN DEFAULT '0' NOT NULL,
    ended_on DATE,
    end_reason TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_bail PRIMARY KEY (id),
    CONSTRAINT fk_bail_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_bail_case_id FOREIGN KEY(case_id) REFERENCES criminal_case (id)
)
--;
CREATE INDEX ix_bail_case_id ON bail (case_id)
--;
CREATE INDEX ix_bail_expires_on ON bail (expires_on)
--;
CREATE INDEX ix_bail_file_id ON bail (file_id)
--;
CREATE TABLE charge (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    case_id CHAR(32) NOT NULL,
    offence_code TEXT DEFAULT '' NOT NULL,
    offence_title TEXT DEFAULT '' NOT NULL,
    is_charged BOOLEAN DEFAULT '0' NOT NULL,
    charged_on DATE,
    plea TEXT DEFAULT '' NOT NULL,
    plea_on DATE,
    result TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_charge PRIMARY KEY (id),
    CONSTRAINT fk_charge_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_charge_case_id FOREIGN KEY(case_id) REFERENCES criminal_case (id)
)
--;
CREATE INDEX ix_charge_case_id ON charge (case_id)
--;
CREATE INDEX ix_charge_file_id ON charge (file_id)
--;
CREATE TABLE hearing (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    case_id CHAR(32) NOT NULL,
    court_code TEXT DEFAULT '' NOT NULL,
    court_name TEXT DEFAULT '' NOT NULL,
    hearing_on DATE NOT NULL,
    listed_time TEXT DEFAULT '' NOT NULL,
    courtroom TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    attends TEXT,
    client_wishes TEXT DEFAULT '' NOT NULL,
    measures TEXT,
    outcome TEXT DEFAULT '' NOT NULL,
    outcome_text TEXT DEFAULT '' NOT NULL,
    outcome_recorded_at VARCHAR(27),
    client_told_on DATE,
    adjourned_from_id CHAR(32),
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_hearing PRIMARY KEY (id),
    CONSTRAINT fk_hearing_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_hearing_case_id FOREIGN KEY(case_id) REFERENCES criminal_case (id),
    CONSTRAINT fk_hearing_adjourned_from_id FOREIGN KEY(adjourned_from_id) REFERENCES hearing (id)
)
--;
CREATE INDEX ix_hearing_adjourned_from_id ON hearing (adjourned_from_id)
--;
CREATE INDEX ix_hearing_case_id ON hearing (case_id)
--;
CREATE INDEX ix_hearing_file_id ON hearing (file_id)
--;
CREATE INDEX ix_hearing_hearing_on ON hearing (hearing_on)
--;
CREATE TABLE stage_event (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    case_id CHAR(32) NOT NULL,
    stage TEXT DEFAULT '' NOT NULL,
    happened_on DATE,
    text TEXT DEFAULT '' NOT NULL,
    client_told_on DATE,
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_stage_event PRIMARY KEY (id),
    CONSTRAINT fk_stage_event_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_stage_event_case_id FOREIGN KEY(case_id) REFERENCES criminal_case (id)
)
--;
CREATE INDEX ix_stage_event_case_id ON stage_event (case_id)
--;
CREATE INDEX ix_stage_event_file_id ON stage_event (file_id)
--;
CREATE TABLE condition (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    bail_id CHAR(32) NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    started_on DATE,
    ended_on DATE,
    fact_source TEXT DEFAULT '' NOT NULL,
    told_at VARCHAR(27),
    fact_state TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_condition PRIMARY KEY (id),
    CONSTRAINT fk_condition_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_condition_bail_id FOREIGN KEY(bail_id) REFERENCES bail (id)
)
--;
CREATE INDEX ix_condition_bail_id ON condition (bail_id)
--;
CREATE INDEX ix_condition_file_id ON condition (file_id)
--;
CREATE TABLE letter (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    template TEXT DEFAULT '' NOT NULL,
    template_version TEXT DEFAULT '' NOT NULL,
    addressee_kind TEXT DEFAULT '' NOT NULL,
    addressee TEXT DEFAULT '' NOT NULL,
    case_id CHAR(32),
    hearing_id CHAR(32),
    facts TEXT,
    document_id CHAR(32),
    made_at VARCHAR(27),
    made_by TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_letter PRIMARY KEY (id),
    CONSTRAINT fk_letter_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_letter_case_id FOREIGN KEY(case_id) REFERENCES criminal_case (id),
    CONSTRAINT fk_letter_hearing_id FOREIGN KEY(hearing_id) REFERENCES hearing (id),
    CONSTRAINT fk_letter_document_id FOREIGN KEY(document_id) REFERENCES stored_document (id)
)
--;
CREATE INDEX ix_letter_case_id ON letter (case_id)
--;
CREATE INDEX ix_letter_document_id ON letter (document_id)
--;
CREATE INDEX ix_letter_file_id ON letter (file_id)
--;
CREATE INDEX ix_letter_hearing_id ON letter (hearing_id)
--;
CREATE TABLE breach (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    bail_id CHAR(32) NOT NULL,
    condition_id CHAR(32),
    occurred_at VARCHAR(27),
    text TEXT DEFAULT '' NOT NULL,
    evidence TEXT DEFAULT '' NOT NULL,
    reported_at VARCHAR(27),
    police_ref TEXT DEFAULT '' NOT NULL,
    action_taken TEXT DEFAULT '' NOT NULL,
    is_charged BOOLEAN DEFAULT '0' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_breach PRIMARY KEY (id),
    CONSTRAINT fk_breach_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_breach_bail_id FOREIGN KEY(bail_id) REFERENCES bail (id),
    CONSTRAINT fk_breach_condition_id FOREIGN KEY(condition_id) REFERENCES condition (id)
)
--;
CREATE INDEX ix_breach_bail_id ON breach (bail_id)
--;
CREATE INDEX ix_breach_condition_id ON breach (condition_id)
--;
CREATE INDEX ix_breach_file_id ON breach (file_id)
--;
CREATE TABLE disclosure (
    id CHAR(32) NOT NULL,
    file_id CHAR(32) NOT NULL,
    created_at VARCHAR(27) NOT NULL,
    changed_at VARCHAR(27) NOT NULL,
    deleted_at VARCHAR(27),
    letter_id CHAR(32),
    to_whom TEXT DEFAULT '' NOT NULL,
    addressee_kind TEXT DEFAULT '' NOT NULL,
    what TEXT,
    gateway TEXT DEFAULT '' NOT NULL,
    consent TEXT DEFAULT '' NOT NULL,
    necessity TEXT DEFAULT '' NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    decided_at VARCHAR(27),
    client_agreed_on DATE,
    how TEXT DEFAULT '' NOT NULL,
    extra TEXT,
    synced_rev INTEGER,
    base TEXT,
    CONSTRAINT pk_disclosure PRIMARY KEY (id),
    CONSTRAINT fk_disclosure_file_id FOREIGN KEY(file_id) REFERENCES client_file (id),
    CONSTRAINT fk_disclosure_letter_id FOREIGN KEY(letter_id) REFERENCES letter (id)
)
--;
CREATE INDEX ix_disclosure_file_id ON disclosure (file_id)
--;
CREATE INDEX ix_disclosure_letter_id ON disclosure (letter_id)
--;
CREATE VIEW search_source AS SELECT e.entry AS entry, t."reference" AS body, e.kind AS kind FROM search_entry e JOIN "client_file" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."text" AS body, e.kind AS kind FROM search_entry e JOIN "contact_note" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."given_name" || ' ' || t."family_name" || ' ' || t."known_as" || ' ' || t."name_key" AS body, e.kind AS kind FROM search_entry e JOIN "person" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."referrer_name" || ' ' || t."sender_reference" || ' ' || t."incident_summary" || ' ' || t."crime_ref" AS body, e.kind AS kind FROM search_entry e JOIN "referral" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."value" AS body, e.kind AS kind FROM search_entry e JOIN "contact_method" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."crime_ref" || ' ' || t."urn" || ' ' || t."officer_name" AS body, e.kind AS kind FROM search_entry e JOIN "criminal_case" t ON t.id = e.record_id
--;
CREATE VIRTUAL TABLE search_text USING fts5(body, kind, content='search_source', content_rowid='entry', tokenize='unicode61 remove_diacritics 2')
--;
CREATE TRIGGER tr_client_file_keep_base AFTER UPDATE ON "client_file" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."reference" IS NOT NEW."reference" OR OLD."status" IS NOT NEW."status" OR OLD."allocated_to" IS NOT NEW."allocated_to" OR OLD."setting" IS NOT NEW."setting" OR OLD."site" IS NOT NEW."site" OR OLD."opened_on" IS NOT NEW."opened_on" OR OLD."closed_on" IS NOT NEW."closed_on" OR OLD."closure_reason" IS NOT NEW."closure_reason" OR OLD."is_restricted" IS NOT NEW."is_restricted" OR OLD."legal_hold" IS NOT NEW."legal_hold" OR OLD."conflict_note" IS NOT NEW."conflict_note" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "client_file" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'reference', OLD."reference", 'status', OLD."status", 'allocated_to', OLD."allocated_to", 'setting', OLD."setting", 'site', OLD."site", 'opened_on', OLD."opened_on", 'closed_on', OLD."closed_on", 'closure_reason', OLD."closure_reason", 'is_restricted', OLD."is_restricted", 'legal_hold', OLD."legal_hold", 'conflict_note', OLD."conflict_note", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_client_file_hold_rev BEFORE UPDATE OF synced_rev ON "client_file" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_client_file_hold_row BEFORE DELETE ON "client_file" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_client_file_search_add AFTER INSERT ON "client_file" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'reference') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_client_file_search_change AFTER UPDATE ON "client_file" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."reference" IS NOT NEW."reference") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."reference", 'reference' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'reference') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_client_file_search_hide AFTER UPDATE OF deleted_at ON "client_file" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."reference", 'reference' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_client_file_search_show AFTER UPDATE OF deleted_at ON "client_file" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'reference') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_access_need_keep_base AFTER UPDATE ON "access_need" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."kind" IS NOT NEW."kind" OR OLD."detail" IS NOT NEW."detail" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "access_need" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'kind', OLD."kind", 'detail', OLD."detail", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_access_need_hold_rev BEFORE UPDATE OF synced_rev ON "access_need" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_access_need_hold_row BEFORE DELETE ON "access_need" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_alert_keep_base AFTER UPDATE ON "alert" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."kind" IS NOT NEW."kind" OR OLD."text" IS NOT NEW."text" OR OLD."since_on" IS NOT NEW."since_on" OR OLD."ended_on" IS NOT NEW."ended_on" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "alert" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'kind', OLD."kind", 'text', OLD."text", 'since_on', OLD."since_on", 'ended_on', OLD."ended_on", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_alert_hold_rev BEFORE UPDATE OF synced_rev ON "alert" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_alert_hold_row BEFORE DELETE ON "alert" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_consent_keep_base AFTER UPDATE ON "consent" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."scope" IS NOT NEW."scope" OR OLD."decision" IS NOT NEW."decision" OR OLD."decided_on" IS NOT NEW."decided_on" OR OLD."method" IS NOT NEW."method" OR OLD."withdrawn_on" IS NOT NEW."withdrawn_on" OR OLD."note" IS NOT NEW."note" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "consent" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'scope', OLD."scope", 'decision', OLD."decision", 'decided_on', OLD."decided_on", 'method', OLD."method", 'withdrawn_on', OLD."withdrawn_on", 'note', OLD."note", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_consent_hold_rev BEFORE UPDATE OF synced_rev ON "consent" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_consent_hold_row BEFORE DELETE ON "consent" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_contact_note_keep_base AFTER UPDATE ON "contact_note" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."happened_at" IS NOT NEW."happened_at" OR OLD."method" IS NOT NEW."method" OR OLD."duration_min" IS NOT NEW."duration_min" OR OLD."setting" IS NOT NEW."setting" OR OLD."with_whom" IS NOT NEW."with_whom" OR OLD."spoke_with_client" IS NOT NEW."spoke_with_client" OR OLD."text" IS NOT NEW."text" OR OLD."written_by" IS NOT NEW."written_by" OR OLD."amends_id" IS NOT NEW."amends_id" OR OLD."amendment_reason" IS NOT NEW."amendment_reason" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "contact_note" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'happened_at', OLD."happened_at", 'method', OLD."method", 'duration_min', OLD."duration_min", 'setting', OLD."setting", 'with_whom', OLD."with_whom", 'spoke_with_client', OLD."spoke_with_client", 'text', OLD."text", 'written_by', OLD."written_by", 'amends_id', OLD."amends_id", 'amendment_reason', OLD."amendment_reason", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_contact_note_hold_rev BEFORE UPDATE OF synced_rev ON "contact_note" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_contact_note_hold_row BEFORE DELETE ON "contact_note" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_contact_note_frozen BEFORE UPDATE ON "contact_note" WHEN (SELECT is_applying FROM tracking) = 0 AND 1 AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."happened_at" IS NOT NEW."happened_at" OR OLD."method" IS NOT NEW."method" OR OLD."duration_min" IS NOT NEW."duration_min" OR OLD."setting" IS NOT NEW."setting" OR OLD."with_whom" IS NOT NEW."with_whom" OR OLD."spoke_with_client" IS NOT NEW."spoke_with_client" OR OLD."text" IS NOT NEW."text" OR OLD."written_by" IS NOT NEW."written_by" OR OLD."amends_id" IS NOT NEW."amends_id" OR OLD."amendment_reason" IS NOT NEW."amendment_reason" OR OLD."extra" IS NOT NEW."extra") BEGIN SELECT RAISE(ABORT, 'this record is final: an amendment is a new record'); END
--;
CREATE TRIGGER tr_contact_note_search_add AFTER INSERT ON "contact_note" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'note') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."text", 'note'); END
--;
CREATE TRIGGER tr_contact_note_search_change AFTER UPDATE ON "contact_note" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."text" IS NOT NEW."text") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."text", 'note' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'note') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."text", 'note'); END
--;
CREATE TRIGGER tr_contact_note_search_hide AFTER UPDATE OF deleted_at ON "contact_note" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."text", 'note' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_contact_note_search_show AFTER UPDATE OF deleted_at ON "contact_note" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'note') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."text", 'note'); END
--;
CREATE TRIGGER tr_person_keep_base AFTER UPDATE ON "person" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."role" IS NOT NEW."role" OR OLD."given_name" IS NOT NEW."given_name" OR OLD."family_name" IS NOT NEW."family_name" OR OLD."known_as" IS NOT NEW."known_as" OR OLD."name_key" IS NOT NEW."name_key" OR OLD."sort_key" IS NOT NEW."sort_key" OR OLD."born_on" IS NOT NEW."born_on" OR OLD."gender" IS NOT NEW."gender" OR OLD."language" IS NOT NEW."language" OR OLD."needs_interpreter" IS NOT NEW."needs_interpreter" OR OLD."occupation" IS NOT NEW."occupation" OR OLD."whereabouts" IS NOT NEW."whereabouts" OR OLD."immigration_note" IS NOT NEW."immigration_note" OR OLD."note" IS NOT NEW."note" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "person" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'role', OLD."role", 'given_name', OLD."given_name", 'family_name', OLD."family_name", 'known_as', OLD."known_as", 'name_key', OLD."name_key", 'sort_key', OLD."sort_key", 'born_on', OLD."born_on", 'gender', OLD."gender", 'language', OLD."language", 'needs_interpreter', OLD."needs_interpreter", 'occupation', OLD."occupation", 'whereabouts', OLD."whereabouts", 'immigration_note', OLD."immigration_note", 'note', OLD."note", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_person_hold_rev BEFORE UPDATE OF synced_rev ON "person" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_person_hold_row BEFORE DELETE ON "person" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_person_search_add AFTER INSERT ON "person" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_person_search_change AFTER UPDATE ON "person" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."given_name" IS NOT NEW."given_name" OR OLD."family_name" IS NOT NEW."family_name" OR OLD."known_as" IS NOT NEW."known_as" OR OLD."name_key" IS NOT NEW."name_key") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."given_name" || ' ' || OLD."family_name" || ' ' || OLD."known_as" || ' ' || OLD."name_key", 'person' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_person_search_hide AFTER UPDATE OF deleted_at ON "person" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."given_name" || ' ' || OLD."family_name" || ' ' || OLD."known_as" || ' ' || OLD."name_key", 'person' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_person_search_show AFTER UPDATE OF deleted_at ON "person" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_referral_keep_base AFTER UPDATE ON "referral" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."source" IS NOT NEW."source" OR OLD."referrer_name" IS NOT NEW."referrer_name" OR OLD."referrer_contact" IS NOT NEW."referrer_contact" OR OLD."sender_reference" IS NOT NEW."sender_reference" OR OLD."received_at" IS NOT NEW."received_at" OR OLD."incident_on" IS NOT NEW."incident_on" OR OLD."incident_summary" IS NOT NEW."incident_summary" OR OLD."risk_at_referral" IS NOT NEW."risk_at_referral" OR OLD."crime_ref" IS NOT NEW."crime_ref" OR OLD."location_status" IS NOT NEW."location_status" OR OLD."setting" IS NOT NEW."setting" OR OLD."site" IS NOT NEW."site" OR OLD."import_batch_id" IS NOT NEW."import_batch_id" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "referral" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'source', OLD."source", 'referrer_name', OLD."referrer_name", 'referrer_contact', OLD."referrer_contact", 'sender_reference', OLD."sender_reference", 'received_at', OLD."received_at", 'incident_on', OLD."incident_on", 'incident_summary', OLD."incident_summary", 'risk_at_referral', OLD."risk_at_referral", 'crime_ref', OLD."crime_ref", 'location_status', OLD."location_status", 'setting', OLD."setting", 'site', OLD."site", 'import_batch_id', OLD."import_batch_id", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_referral_hold_rev BEFORE UPDATE OF synced_rev ON "referral" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_referral_hold_row BEFORE DELETE ON "referral" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_referral_search_add AFTER INSERT ON "referral" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_referral_search_change AFTER UPDATE ON "referral" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."referrer_name" IS NOT NEW."referrer_name" OR OLD."sender_reference" IS NOT NEW."sender_reference" OR OLD."incident_summary" IS NOT NEW."incident_summary" OR OLD."crime_ref" IS NOT NEW."crime_ref") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."referrer_name" || ' ' || OLD."sender_reference" || ' ' || OLD."incident_summary" || ' ' || OLD."crime_ref", 'referral' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_referral_search_hide AFTER UPDATE OF deleted_at ON "referral" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."referrer_name" || ' ' || OLD."sender_reference" || ' ' || OLD."incident_summary" || ' ' || OLD."crime_ref", 'referral' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_referral_search_show AFTER UPDATE OF deleted_at ON "referral" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_safety_plan_keep_base AFTER UPDATE ON "safety_plan" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."version" IS NOT NEW."version" OR OLD."status" IS NOT NEW."status" OR OLD."made_on" IS NOT NEW."made_on" OR OLD."review_on" IS NOT NEW."review_on" OR OLD."kept_where" IS NOT NEW."kept_where" OR OLD."note" IS NOT NEW."note" OR OLD."supersedes_id" IS NOT NEW."supersedes_id" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "safety_plan" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'version', OLD."version", 'status', OLD."status", 'made_on', OLD."made_on", 'review_on', OLD."review_on", 'kept_where', OLD."kept_where", 'note', OLD."note", 'supersedes_id', OLD."supersedes_id", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_safety_plan_hold_rev BEFORE UPDATE OF synced_rev ON "safety_plan" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_safety_plan_hold_row BEFORE DELETE ON "safety_plan" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_stored_document_keep_base AFTER UPDATE ON "stored_document" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."title" IS NOT NEW."title" OR OLD."media_type" IS NOT NEW."media_type" OR OLD."size_bytes" IS NOT NEW."size_bytes" OR OLD."sha256" IS NOT NEW."sha256" OR OLD."content" IS NOT NEW."content" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "stored_document" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'title', OLD."title", 'media_type', OLD."media_type", 'size_bytes', OLD."size_bytes", 'sha256', OLD."sha256", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_stored_document_hold_rev BEFORE UPDATE OF synced_rev ON "stored_document" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_stored_document_hold_row BEFORE DELETE ON "stored_document" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_stored_document_frozen BEFORE UPDATE ON "stored_document" WHEN (SELECT is_applying FROM tracking) = 0 AND 1 AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."title" IS NOT NEW."title" OR OLD."media_type" IS NOT NEW."media_type" OR OLD."size_bytes" IS NOT NEW."size_bytes" OR OLD."sha256" IS NOT NEW."sha256" OR OLD."content" IS NOT NEW."content" OR OLD."extra" IS NOT NEW."extra") BEGIN SELECT RAISE(ABORT, 'this record is final: an amendment is a new record'); END
--;
CREATE TRIGGER tr_task_keep_base AFTER UPDATE ON "task" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."title" IS NOT NEW."title" OR OLD."due_on" IS NOT NEW."due_on" OR OLD."due_at" IS NOT NEW."due_at" OR OLD."origin" IS NOT NEW."origin" OR OLD."standard" IS NOT NEW."standard" OR OLD."origin_id" IS NOT NEW."origin_id" OR OLD."reason" IS NOT NEW."reason" OR OLD."owner" IS NOT NEW."owner" OR OLD."completed_at" IS NOT NEW."completed_at" OR OLD."completed_by" IS NOT NEW."completed_by" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "task" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'title', OLD."title", 'due_on', OLD."due_on", 'due_at', OLD."due_at", 'origin', OLD."origin", 'standard', OLD."standard", 'origin_id', OLD."origin_id", 'reason', OLD."reason", 'owner', OLD."owner", 'completed_at', OLD."completed_at", 'completed_by', OLD."completed_by", 'outcome', OLD."outcome", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_task_hold_rev BEFORE UPDATE OF synced_rev ON "task" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_task_hold_row BEFORE DELETE ON "task" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_contact_method_keep_base AFTER UPDATE ON "contact_method" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."person_id" IS NOT NEW."person_id" OR OLD."kind" IS NOT NEW."kind" OR OLD."value" IS NOT NEW."value" OR OLD."is_safe" IS NOT NEW."is_safe" OR OLD."may_text" IS NOT NEW."may_text" OR OLD."may_leave_voicemail" IS NOT NEW."may_leave_voicemail" OR OLD."safe_from" IS NOT NEW."safe_from" OR OLD."safe_until" IS NOT NEW."safe_until" OR OLD."safe_days" IS NOT NEW."safe_days" OR OLD."code_word" IS NOT NEW."code_word" OR OLD."who_may_answer" IS NOT NEW."who_may_answer" OR OLD."is_device_shared" IS NOT NEW."is_device_shared" OR OLD."do_not_contact_before" IS NOT NEW."do_not_contact_before" OR OLD."note" IS NOT NEW."note" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "contact_method" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'person_id', OLD."person_id", 'kind', OLD."kind", 'value', OLD."value", 'is_safe', OLD."is_safe", 'may_text', OLD."may_text", 'may_leave_voicemail', OLD."may_leave_voicemail", 'safe_from', OLD."safe_from", 'safe_until', OLD."safe_until", 'safe_days', OLD."safe_days", 'code_word', OLD."code_word", 'who_may_answer', OLD."who_may_answer", 'is_device_shared', OLD."is_device_shared", 'do_not_contact_before', OLD."do_not_contact_before", 'note', OLD."note", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_contact_method_hold_rev BEFORE UPDATE OF synced_rev ON "contact_method" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_contact_method_hold_row BEFORE DELETE ON "contact_method" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_contact_method_search_add AFTER INSERT ON "contact_method" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'contact') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_contact_method_search_change AFTER UPDATE ON "contact_method" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."value" IS NOT NEW."value") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."value", 'contact' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'contact') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_contact_method_search_hide AFTER UPDATE OF deleted_at ON "contact_method" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."value", 'contact' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_contact_method_search_show AFTER UPDATE OF deleted_at ON "contact_method" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'contact') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_relationship_keep_base AFTER UPDATE ON "relationship" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."client_id" IS NOT NEW."client_id" OR OLD."perpetrator_id" IS NOT NEW."perpetrator_id" OR OLD."kind" IS NOT NEW."kind" OR OLD."status" IS NOT NEW."status" OR OLD."separated_on" IS NOT NEW."separated_on" OR OLD."child_contact" IS NOT NEW."child_contact" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "relationship" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'client_id', OLD."client_id", 'perpetrator_id', OLD."perpetrator_id", 'kind', OLD."kind", 'status', OLD."status", 'separated_on', OLD."separated_on", 'child_contact', OLD."child_contact", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_relationship_hold_rev BEFORE UPDATE OF synced_rev ON "relationship" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_relationship_hold_row BEFORE DELETE ON "relationship" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_safety_action_keep_base AFTER UPDATE ON "safety_action" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."plan_id" IS NOT NEW."plan_id" OR OLD."section" IS NOT NEW."section" OR OLD."text" IS NOT NEW."text" OR OLD."reason" IS NOT NEW."reason" OR OLD."suggestion_key" IS NOT NEW."suggestion_key" OR OLD."owner" IS NOT NEW."owner" OR OLD."due_on" IS NOT NEW."due_on" OR OLD."status" IS NOT NEW."status" OR OLD."shared_with" IS NOT NEW."shared_with" OR OLD."position" IS NOT NEW."position" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "safety_action" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'plan_id', OLD."plan_id", 'section', OLD."section", 'text', OLD."text", 'reason', OLD."reason", 'suggestion_key', OLD."suggestion_key", 'owner', OLD."owner", 'due_on', OLD."due_on", 'status', OLD."status", 'shared_with', OLD."shared_with", 'position', OLD."position", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_safety_action_hold_rev BEFORE UPDATE OF synced_rev ON "safety_action" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_safety_action_hold_row BEFORE DELETE ON "safety_action" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_contact_attempt_keep_base AFTER UPDATE ON "contact_attempt" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."contact_method_id" IS NOT NEW."contact_method_id" OR OLD."attempted_at" IS NOT NEW."attempted_at" OR OLD."channel" IS NOT NEW."channel" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."text" IS NOT NEW."text" OR OLD."is_override" IS NOT NEW."is_override" OR OLD."override_reason" IS NOT NEW."override_reason" OR OLD."made_by" IS NOT NEW."made_by" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "contact_attempt" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'contact_method_id', OLD."contact_method_id", 'attempted_at', OLD."attempted_at", 'channel', OLD."channel", 'outcome', OLD."outcome", 'text', OLD."text", 'is_override', OLD."is_override", 'override_reason', OLD."override_reason", 'made_by', OLD."made_by", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_contact_attempt_hold_rev BEFORE UPDATE OF synced_rev ON "contact_attempt" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_contact_attempt_hold_row BEFORE DELETE ON "contact_attempt" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_criminal_case_keep_base AFTER UPDATE ON "criminal_case" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."relationship_id" IS NOT NEW."relationship_id" OR OLD."force" IS NOT NEW."force" OR OLD."crime_ref" IS NOT NEW."crime_ref" OR OLD."urn" IS NOT NEW."urn" OR OLD."officer_name" IS NOT NEW."officer_name" OR OLD."officer_contact" IS NOT NEW."officer_contact" OR OLD."reported_on" IS NOT NEW."reported_on" OR OLD."offence_on" IS NOT NEW."offence_on" OR OLD."stage" IS NOT NEW."stage" OR OLD."outcome_code" IS NOT NEW."outcome_code" OR OLD."outcome_on" IS NOT NEW."outcome_on" OR OLD."victim_supported" IS NOT NEW."victim_supported" OR OLD."note" IS NOT NEW."note" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "criminal_case" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'relationship_id', OLD."relationship_id", 'force', OLD."force", 'crime_ref', OLD."crime_ref", 'urn', OLD."urn", 'officer_name', OLD."officer_name", 'officer_contact', OLD."officer_contact", 'reported_on', OLD."reported_on", 'offence_on', OLD."offence_on", 'stage', OLD."stage", 'outcome_code', OLD."outcome_code", 'outcome_on', OLD."outcome_on", 'victim_supported', OLD."victim_supported", 'note', OLD."note", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_criminal_case_hold_rev BEFORE UPDATE OF synced_rev ON "criminal_case" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_criminal_case_hold_row BEFORE DELETE ON "criminal_case" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_criminal_case_search_add AFTER INSERT ON "criminal_case" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
--;
CREATE TRIGGER tr_criminal_case_search_change AFTER UPDATE ON "criminal_case" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."crime_ref" IS NOT NEW."crime_ref" OR OLD."urn" IS NOT NEW."urn" OR OLD."officer_name" IS NOT NEW."officer_name") BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."crime_ref" || ' ' || OLD."urn" || ' ' || OLD."officer_name", 'case' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
--;
CREATE TRIGGER tr_criminal_case_search_hide AFTER UPDATE OF deleted_at ON "criminal_case" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', entry, OLD."crime_ref" || ' ' || OLD."urn" || ' ' || OLD."officer_name", 'case' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_criminal_case_search_show AFTER UPDATE OF deleted_at ON "criminal_case" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_text (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
--;
CREATE TRIGGER tr_risk_assessment_keep_base AFTER UPDATE ON "risk_assessment" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."relationship_id" IS NOT NEW."relationship_id" OR OLD."instrument_key" IS NOT NEW."instrument_key" OR OLD."instrument_version" IS NOT NEW."instrument_version" OR OLD."started_on" IS NOT NEW."started_on" OR OLD."completed_on" IS NOT NEW."completed_on" OR OLD."completed_by" IS NOT NEW."completed_by" OR OLD."answers" IS NOT NEW."answers" OR OLD."professional" IS NOT NEW."professional" OR OLD."score" IS NOT NEW."score" OR OLD."dont_know_count" IS NOT NEW."dont_know_count" OR OLD."criteria" IS NOT NEW."criteria" OR OLD."alerts" IS NOT NEW."alerts" OR OLD."professional_grading" IS NOT NEW."professional_grading" OR OLD."grade" IS NOT NEW."grade" OR OLD."grading_reason" IS NOT NEW."grading_reason" OR OLD."finalised_at" IS NOT NEW."finalised_at" OR OLD."supersedes_id" IS NOT NEW."supersedes_id" OR OLD."amendment_reason" IS NOT NEW."amendment_reason" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "risk_assessment" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'relationship_id', OLD."relationship_id", 'instrument_key', OLD."instrument_key", 'instrument_version', OLD."instrument_version", 'started_on', OLD."started_on", 'completed_on', OLD."completed_on", 'completed_by', OLD."completed_by", 'answers', OLD."answers", 'professional', OLD."professional", 'score', OLD."score", 'dont_know_count', OLD."dont_know_count", 'criteria', OLD."criteria", 'alerts', OLD."alerts", 'professional_grading', OLD."professional_grading", 'grade', OLD."grade", 'grading_reason', OLD."grading_reason", 'finalised_at', OLD."finalised_at", 'supersedes_id', OLD."supersedes_id", 'amendment_reason', OLD."amendment_reason", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_risk_assessment_hold_rev BEFORE UPDATE OF synced_rev ON "risk_assessment" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_risk_assessment_hold_row BEFORE DELETE ON "risk_assessment" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_risk_assessment_frozen BEFORE UPDATE ON "risk_assessment" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.finalised_at IS NOT NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."relationship_id" IS NOT NEW."relationship_id" OR OLD."instrument_key" IS NOT NEW."instrument_key" OR OLD."instrument_version" IS NOT NEW."instrument_version" OR OLD."started_on" IS NOT NEW."started_on" OR OLD."completed_on" IS NOT NEW."completed_on" OR OLD."completed_by" IS NOT NEW."completed_by" OR OLD."answers" IS NOT NEW."answers" OR OLD."professional" IS NOT NEW."professional" OR OLD."score" IS NOT NEW."score" OR OLD."dont_know_count" IS NOT NEW."dont_know_count" OR OLD."criteria" IS NOT NEW."criteria" OR OLD."alerts" IS NOT NEW."alerts" OR OLD."professional_grading" IS NOT NEW."professional_grading" OR OLD."grade" IS NOT NEW."grade" OR OLD."grading_reason" IS NOT NEW."grading_reason" OR OLD."finalised_at" IS NOT NEW."finalised_at" OR OLD."supersedes_id" IS NOT NEW."supersedes_id" OR OLD."amendment_reason" IS NOT NEW."amendment_reason" OR OLD."extra" IS NOT NEW."extra") BEGIN SELECT RAISE(ABORT, 'this record is final: an amendment is a new record'); END
--;
CREATE TRIGGER tr_bail_keep_base AFTER UPDATE ON "bail" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."case_id" IS NOT NEW."case_id" OR OLD."kind" IS NOT NEW."kind" OR OLD."arrested_on" IS NOT NEW."arrested_on" OR OLD."started_on" IS NOT NEW."started_on" OR OLD."expires_on" IS NOT NEW."expires_on" OR OLD."is_expiry_counted" IS NOT NEW."is_expiry_counted" OR OLD."period" IS NOT NEW."period" OR OLD."is_clock_paused" IS NOT NEW."is_clock_paused" OR OLD."ended_on" IS NOT NEW."ended_on" OR OLD."end_reason" IS NOT NEW."end_reason" OR OLD."note" IS NOT NEW."note" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "bail" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'case_id', OLD."case_id", 'kind', OLD."kind", 'arrested_on', OLD."arrested_on", 'started_on', OLD."started_on", 'expires_on', OLD."expires_on", 'is_expiry_counted', OLD."is_expiry_counted", 'period', OLD."period", 'is_clock_paused', OLD."is_clock_paused", 'ended_on', OLD."ended_on", 'end_reason', OLD."end_reason", 'note', OLD."note", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_bail_hold_rev BEFORE UPDATE OF synced_rev ON "bail" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_bail_hold_row BEFORE DELETE ON "bail" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_charge_keep_base AFTER UPDATE ON "charge" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."case_id" IS NOT NEW."case_id" OR OLD."offence_code" IS NOT NEW."offence_code" OR OLD."offence_title" IS NOT NEW."offence_title" OR OLD."is_charged" IS NOT NEW."is_charged" OR OLD."charged_on" IS NOT NEW."charged_on" OR OLD."plea" IS NOT NEW."plea" OR OLD."plea_on" IS NOT NEW."plea_on" OR OLD."result" IS NOT NEW."result" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "charge" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'case_id', OLD."case_id", 'offence_code', OLD."offence_code", 'offence_title', OLD."offence_title", 'is_charged', OLD."is_charged", 'charged_on', OLD."charged_on", 'plea', OLD."plea", 'plea_on', OLD."plea_on", 'result', OLD."result", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_charge_hold_rev BEFORE UPDATE OF synced_rev ON "charge" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_charge_hold_row BEFORE DELETE ON "charge" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_hearing_keep_base AFTER UPDATE ON "hearing" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."case_id" IS NOT NEW."case_id" OR OLD."court_code" IS NOT NEW."court_code" OR OLD."court_name" IS NOT NEW."court_name" OR OLD."hearing_on" IS NOT NEW."hearing_on" OR OLD."listed_time" IS NOT NEW."listed_time" OR OLD."courtroom" IS NOT NEW."courtroom" OR OLD."kind" IS NOT NEW."kind" OR OLD."attends" IS NOT NEW."attends" OR OLD."client_wishes" IS NOT NEW."client_wishes" OR OLD."measures" IS NOT NEW."measures" OR OLD."outcome" IS NOT NEW."outcome" OR OLD."outcome_text" IS NOT NEW."outcome_text" OR OLD."outcome_recorded_at" IS NOT NEW."outcome_recorded_at" OR OLD."client_told_on" IS NOT NEW."client_told_on" OR OLD."adjourned_from_id" IS NOT NEW."adjourned_from_id" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "hearing" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'case_id', OLD."case_id", 'court_code', OLD."court_code", 'court_name', OLD."court_name", 'hearing_on', OLD."hearing_on", 'listed_time', OLD."listed_time", 'courtroom', OLD."courtroom", 'kind', OLD."kind", 'attends', OLD."attends", 'client_wishes', OLD."client_wishes", 'measures', OLD."measures", 'outcome', OLD."outcome", 'outcome_text', OLD."outcome_text", 'outcome_recorded_at', OLD."outcome_recorded_at", 'client_told_on', OLD."client_told_on", 'adjourned_from_id', OLD."adjourned_from_id", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_hearing_hold_rev BEFORE UPDATE OF synced_rev ON "hearing" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_hearing_hold_row BEFORE DELETE ON "hearing" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_stage_event_keep_base AFTER UPDATE ON "stage_event" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."case_id" IS NOT NEW."case_id" OR OLD."stage" IS NOT NEW."stage" OR OLD."happened_on" IS NOT NEW."happened_on" OR OLD."text" IS NOT NEW."text" OR OLD."client_told_on" IS NOT NEW."client_told_on" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "stage_event" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'case_id', OLD."case_id", 'stage', OLD."stage", 'happened_on', OLD."happened_on", 'text', OLD."text", 'client_told_on', OLD."client_told_on", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_stage_event_hold_rev BEFORE UPDATE OF synced_rev ON "stage_event" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_stage_event_hold_row BEFORE DELETE ON "stage_event" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_condition_keep_base AFTER UPDATE ON "condition" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."bail_id" IS NOT NEW."bail_id" OR OLD."code" IS NOT NEW."code" OR OLD."text" IS NOT NEW."text" OR OLD."started_on" IS NOT NEW."started_on" OR OLD."ended_on" IS NOT NEW."ended_on" OR OLD."fact_source" IS NOT NEW."fact_source" OR OLD."told_at" IS NOT NEW."told_at" OR OLD."fact_state" IS NOT NEW."fact_state" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "condition" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'bail_id', OLD."bail_id", 'code', OLD."code", 'text', OLD."text", 'started_on', OLD."started_on", 'ended_on', OLD."ended_on", 'fact_source', OLD."fact_source", 'told_at', OLD."told_at", 'fact_state', OLD."fact_state", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_condition_hold_rev BEFORE UPDATE OF synced_rev ON "condition" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_condition_hold_row BEFORE DELETE ON "condition" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_letter_keep_base AFTER UPDATE ON "letter" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."template" IS NOT NEW."template" OR OLD."template_version" IS NOT NEW."template_version" OR OLD."addressee_kind" IS NOT NEW."addressee_kind" OR OLD."addressee" IS NOT NEW."addressee" OR OLD."case_id" IS NOT NEW."case_id" OR OLD."hearing_id" IS NOT NEW."hearing_id" OR OLD."facts" IS NOT NEW."facts" OR OLD."document_id" IS NOT NEW."document_id" OR OLD."made_at" IS NOT NEW."made_at" OR OLD."made_by" IS NOT NEW."made_by" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "letter" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'template', OLD."template", 'template_version', OLD."template_version", 'addressee_kind', OLD."addressee_kind", 'addressee', OLD."addressee", 'case_id', OLD."case_id", 'hearing_id', OLD."hearing_id", 'facts', OLD."facts", 'document_id', OLD."document_id", 'made_at', OLD."made_at", 'made_by', OLD."made_by", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_letter_hold_rev BEFORE UPDATE OF synced_rev ON "letter" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_letter_hold_row BEFORE DELETE ON "letter" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_breach_keep_base AFTER UPDATE ON "breach" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."bail_id" IS NOT NEW."bail_id" OR OLD."condition_id" IS NOT NEW."condition_id" OR OLD."occurred_at" IS NOT NEW."occurred_at" OR OLD."text" IS NOT NEW."text" OR OLD."evidence" IS NOT NEW."evidence" OR OLD."reported_at" IS NOT NEW."reported_at" OR OLD."police_ref" IS NOT NEW."police_ref" OR OLD."action_taken" IS NOT NEW."action_taken" OR OLD."is_charged" IS NOT NEW."is_charged" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "breach" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'bail_id', OLD."bail_id", 'condition_id', OLD."condition_id", 'occurred_at', OLD."occurred_at", 'text', OLD."text", 'evidence', OLD."evidence", 'reported_at', OLD."reported_at", 'police_ref', OLD."police_ref", 'action_taken', OLD."action_taken", 'is_charged', OLD."is_charged", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_breach_hold_rev BEFORE UPDATE OF synced_rev ON "breach" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_breach_hold_row BEFORE DELETE ON "breach" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_disclosure_keep_base AFTER UPDATE ON "disclosure" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."letter_id" IS NOT NEW."letter_id" OR OLD."to_whom" IS NOT NEW."to_whom" OR OLD."addressee_kind" IS NOT NEW."addressee_kind" OR OLD."what" IS NOT NEW."what" OR OLD."gateway" IS NOT NEW."gateway" OR OLD."consent" IS NOT NEW."consent" OR OLD."necessity" IS NOT NEW."necessity" OR OLD."decided_by" IS NOT NEW."decided_by" OR OLD."decided_at" IS NOT NEW."decided_at" OR OLD."client_agreed_on" IS NOT NEW."client_agreed_on" OR OLD."how" IS NOT NEW."how" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "disclosure" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'letter_id', OLD."letter_id", 'to_whom', OLD."to_whom", 'addressee_kind', OLD."addressee_kind", 'what', OLD."what", 'gateway', OLD."gateway", 'consent', OLD."consent", 'necessity', OLD."necessity", 'decided_by', OLD."decided_by", 'decided_at', OLD."decided_at", 'client_agreed_on', OLD."client_agreed_on", 'how', OLD."how", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_disclosure_hold_rev BEFORE UPDATE OF synced_rev ON "disclosure" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_disclosure_hold_row BEFORE DELETE ON "disclosure" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_disclosure_frozen BEFORE UPDATE ON "disclosure" WHEN (SELECT is_applying FROM tracking) = 0 AND 1 AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."letter_id" IS NOT NEW."letter_id" OR OLD."to_whom" IS NOT NEW."to_whom" OR OLD."addressee_kind" IS NOT NEW."addressee_kind" OR OLD."what" IS NOT NEW."what" OR OLD."gateway" IS NOT NEW."gateway" OR OLD."consent" IS NOT NEW."consent" OR OLD."necessity" IS NOT NEW."necessity" OR OLD."decided_by" IS NOT NEW."decided_by" OR OLD."decided_at" IS NOT NEW."decided_at" OR OLD."client_agreed_on" IS NOT NEW."client_agreed_on" OR OLD."how" IS NOT NEW."how" OR OLD."extra" IS NOT NEW."extra") BEGIN SELECT RAISE(ABORT, 'this record is final: an amendment is a new record'); END
--;
CREATE TRIGGER tr_audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'the audit chain is only added to'); END
--;
CREATE TRIGGER tr_audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'the audit chain is only added to'); END
--;
INSERT INTO tracking (only, is_applying) VALUES (1, 0)
