ALTER TABLE client_file ADD COLUMN allocated_person CHAR(32)
--;
ALTER TABLE client_file ADD COLUMN team CHAR(32)
--;
ALTER TABLE client_file ADD COLUMN readers TEXT
--;
DROP TRIGGER tr_client_file_keep_base
--;
CREATE TABLE "conflict" (
	id CHAR(32) NOT NULL, 
	file_id CHAR(32) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	changed_at VARCHAR(27) NOT NULL, 
	deleted_at VARCHAR(27), 
	kind TEXT DEFAULT '' NOT NULL, 
	about_id CHAR(32) NOT NULL, 
	"before" TEXT, 
	ours TEXT, 
	theirs TEXT, 
	ours_by TEXT DEFAULT '' NOT NULL, 
	theirs_by TEXT DEFAULT '' NOT NULL, 
	ours_at VARCHAR(27), 
	theirs_at VARCHAR(27), 
	found_at VARCHAR(27), 
	is_critical BOOLEAN DEFAULT '0' NOT NULL, 
	decided_at VARCHAR(27), 
	decided_by TEXT DEFAULT '' NOT NULL, 
	decision TEXT DEFAULT '' NOT NULL, 
	extra TEXT, 
	synced_rev INTEGER, 
	base TEXT, 
	CONSTRAINT pk_conflict PRIMARY KEY (id), 
	CONSTRAINT fk_conflict_file_id FOREIGN KEY(file_id) REFERENCES client_file (id)
)
--;
CREATE INDEX ix_conflict_about_id ON "conflict" (about_id)
--;
CREATE INDEX ix_conflict_file_id ON "conflict" (file_id)
--;
CREATE INDEX ix_conflict_unsent ON "conflict" (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE TABLE owners_to_check (
	file_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_owners_to_check PRIMARY KEY (file_id)
)
--;
CREATE TABLE keys_to_check (
	collection BLOB NOT NULL, 
	CONSTRAINT pk_keys_to_check PRIMARY KEY (collection)
)
--;
CREATE TABLE organisation (
	only INTEGER NOT NULL, 
	organisation BLOB NOT NULL, 
	root_public BLOB NOT NULL, 
	person BLOB NOT NULL, 
	hub_address TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	joined_at VARCHAR(27) NOT NULL, 
	is_paused BOOLEAN DEFAULT '0' NOT NULL, 
	tip_sequence INTEGER DEFAULT '0' NOT NULL, 
	tip_hash BLOB NOT NULL, 
	rights_number INTEGER DEFAULT '0' NOT NULL, 
	push_number INTEGER DEFAULT '0' NOT NULL, 
	push_hash BLOB NOT NULL, 
	push_after INTEGER DEFAULT '0' NOT NULL, 
	exchanged_at VARCHAR(27), 
	rights_mark BLOB, 
	links_members INTEGER DEFAULT '0' NOT NULL, 
	cleared_files INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_organisation PRIMARY KEY (only)
)
--;
CREATE TABLE invitation (
	name BLOB NOT NULL, 
	"key" BLOB NOT NULL, 
	offer BLOB NOT NULL, 
	ends_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (name)
)
--;
CREATE TABLE member_statement (
	number INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_member_statement PRIMARY KEY (number)
)
--;
CREATE TABLE chain_end (
	device BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	told INTEGER DEFAULT '0' NOT NULL, 
	grew_at VARCHAR(27), 
	is_contradicted BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_chain_end PRIMARY KEY (device)
)
--;
CREATE TABLE chain_claim (
	device BLOB NOT NULL, 
	"by" BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	made_at INTEGER NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_chain_claim PRIMARY KEY (device, "by")
)
--;
CREATE TABLE seen_push (
	sequence INTEGER NOT NULL, 
	manifest_hash BLOB NOT NULL, 
	device BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_seen_push PRIMARY KEY (sequence)
)
--;
CREATE TABLE named_part (
	collection BLOB NOT NULL, 
	sequence INTEGER NOT NULL, 
	changes INTEGER NOT NULL, 
	entries_hash BLOB NOT NULL, 
	CONSTRAINT pk_named_part PRIMARY KEY (collection, sequence)
)
--;
CREATE TABLE taken_right (
	digest BLOB NOT NULL, 
	CONSTRAINT pk_taken_right PRIMARY KEY (digest)
)
--;
CREATE TABLE collection_key (
	collection BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	"key" BLOB NOT NULL, 
	is_proven BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_collection_key PRIMARY KEY (collection, epoch)
)
--;
CREATE TABLE other_key (
	collection BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	"by" BLOB NOT NULL, 
	"key" BLOB NOT NULL, 
	CONSTRAINT pk_other_key PRIMARY KEY (collection, epoch, "by")
)
--;
CREATE TABLE collection_state (
	collection BLOB NOT NULL, 
	filled_to INTEGER NOT NULL, 
	fill_until INTEGER NOT NULL, 
	is_withdrawn BOOLEAN DEFAULT '0' NOT NULL, 
	is_stale BOOLEAN DEFAULT '0' NOT NULL, 
	is_cleared BOOLEAN DEFAULT '0' NOT NULL, 
	taken_by BLOB, 
	is_parted BOOLEAN DEFAULT '0' NOT NULL, 
	gave_way BLOB, 
	CONSTRAINT pk_collection_state PRIMARY KEY (collection)
)
--;
CREATE INDEX ix_collection_state_open ON collection_state (collection) WHERE is_withdrawn OR is_cleared OR is_parted OR gave_way IS NOT NULL OR filled_to < fill_until
--;
CREATE TABLE file_ownership (
	collection BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	taken INTEGER NOT NULL, 
	CONSTRAINT pk_file_ownership PRIMARY KEY (collection, number)
)
--;
CREATE INDEX ix_file_ownership_unshown ON file_ownership (collection, number) WHERE taken < 2
--;
CREATE TABLE unseen_link (
	collection BLOB NOT NULL, 
	"by" BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	links INTEGER NOT NULL, 
	last_link BLOB NOT NULL, 
	members INTEGER NOT NULL, 
	CONSTRAINT pk_unseen_link PRIMARY KEY (collection, "by")
)
--;
CREATE TABLE doubted_key (
	collection BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	CONSTRAINT pk_doubted_key PRIMARY KEY (collection, epoch)
)
--;
CREATE TABLE given_right (
	collection BLOB NOT NULL, 
	epoch INTEGER NOT NULL, 
	device BLOB NOT NULL, 
	is_seen BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_given_right PRIMARY KEY (collection, epoch, device)
)
--;
CREATE TABLE outgoing_push (
	only INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	sent BLOB NOT NULL, 
	CONSTRAINT pk_outgoing_push PRIMARY KEY (only)
)
--;
CREATE TABLE expected_item (
	collection BLOB NOT NULL, 
	item BLOB NOT NULL, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_expected_item PRIMARY KEY (collection, item)
)
--;
CREATE TABLE unreadable_item (
	collection BLOB NOT NULL, 
	item BLOB NOT NULL, 
	revision INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	envelope BLOB NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_unreadable_item PRIMARY KEY (collection, item)
)
--;
CREATE TABLE attachment (
	document BLOB NOT NULL, 
	is_sent BOOLEAN NOT NULL, 
	CONSTRAINT pk_attachment PRIMARY KEY (document)
)
--;
CREATE TABLE attachment_piece (
	document BLOB NOT NULL, 
	number INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_attachment_piece PRIMARY KEY (document, number)
)
--;
CREATE TABLE exchange_event (
	number INTEGER NOT NULL, 
	happened_at VARCHAR(27) NOT NULL, 
	kind TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_exchange_event PRIMARY KEY (number)
)
--;
CREATE INDEX ix_client_file_unsent ON client_file (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_access_need_unsent ON access_need (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_alert_unsent ON alert (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_consent_unsent ON consent (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_contact_note_unsent ON contact_note (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_person_unsent ON person (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_referral_unsent ON referral (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_safety_plan_unsent ON safety_plan (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_stored_document_unsent ON stored_document (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_task_unsent ON task (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_contact_method_unsent ON contact_method (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_relationship_unsent ON relationship (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_safety_action_unsent ON safety_action (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_contact_attempt_unsent ON contact_attempt (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_criminal_case_unsent ON criminal_case (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_risk_assessment_unsent ON risk_assessment (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_bail_unsent ON bail (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_charge_unsent ON charge (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_hearing_unsent ON hearing (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_stage_event_unsent ON stage_event (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_condition_unsent ON condition (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_letter_unsent ON letter (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_breach_unsent ON breach (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE INDEX ix_disclosure_unsent ON disclosure (file_id) WHERE synced_rev IS NULL OR base IS NOT NULL
--;
CREATE TRIGGER tr_client_file_keep_base AFTER UPDATE ON "client_file" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."reference" IS NOT NEW."reference" OR OLD."status" IS NOT NEW."status" OR OLD."allocated_to" IS NOT NEW."allocated_to" OR OLD."allocated_person" IS NOT NEW."allocated_person" OR OLD."team" IS NOT NEW."team" OR OLD."readers" IS NOT NEW."readers" OR OLD."setting" IS NOT NEW."setting" OR OLD."site" IS NOT NEW."site" OR OLD."opened_on" IS NOT NEW."opened_on" OR OLD."closed_on" IS NOT NEW."closed_on" OR OLD."closure_reason" IS NOT NEW."closure_reason" OR OLD."is_restricted" IS NOT NEW."is_restricted" OR OLD."legal_hold" IS NOT NEW."legal_hold" OR OLD."conflict_note" IS NOT NEW."conflict_note" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "client_file" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'reference', OLD."reference", 'status', OLD."status", 'allocated_to', OLD."allocated_to", 'allocated_person', OLD."allocated_person", 'team', OLD."team", 'readers', OLD."readers", 'setting', OLD."setting", 'site', OLD."site", 'opened_on', OLD."opened_on", 'closed_on', OLD."closed_on", 'closure_reason', OLD."closure_reason", 'is_restricted', OLD."is_restricted", 'legal_hold', OLD."legal_hold", 'conflict_note', OLD."conflict_note", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_conflict_keep_base AFTER UPDATE ON "conflict" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND (OLD."id" IS NOT NEW."id" OR OLD."file_id" IS NOT NEW."file_id" OR OLD."created_at" IS NOT NEW."created_at" OR OLD."deleted_at" IS NOT NEW."deleted_at" OR OLD."kind" IS NOT NEW."kind" OR OLD."about_id" IS NOT NEW."about_id" OR OLD."before" IS NOT NEW."before" OR OLD."ours" IS NOT NEW."ours" OR OLD."theirs" IS NOT NEW."theirs" OR OLD."ours_by" IS NOT NEW."ours_by" OR OLD."theirs_by" IS NOT NEW."theirs_by" OR OLD."ours_at" IS NOT NEW."ours_at" OR OLD."theirs_at" IS NOT NEW."theirs_at" OR OLD."found_at" IS NOT NEW."found_at" OR OLD."is_critical" IS NOT NEW."is_critical" OR OLD."decided_at" IS NOT NEW."decided_at" OR OLD."decided_by" IS NOT NEW."decided_by" OR OLD."decision" IS NOT NEW."decision" OR OLD."extra" IS NOT NEW."extra") BEGIN UPDATE "conflict" SET base = json_object('id', OLD."id", 'file_id', OLD."file_id", 'created_at', OLD."created_at", 'changed_at', OLD."changed_at", 'deleted_at', OLD."deleted_at", 'kind', OLD."kind", 'about_id', OLD."about_id", 'before', OLD."before", 'ours', OLD."ours", 'theirs', OLD."theirs", 'ours_by', OLD."ours_by", 'theirs_by', OLD."theirs_by", 'ours_at', OLD."ours_at", 'theirs_at', OLD."theirs_at", 'found_at', OLD."found_at", 'is_critical', OLD."is_critical", 'decided_at', OLD."decided_at", 'decided_by', OLD."decided_by", 'decision', OLD."decision", 'extra', OLD."extra") WHERE id = OLD.id; END
--;
CREATE TRIGGER tr_conflict_hold_rev BEFORE UPDATE OF synced_rev ON "conflict" WHEN (SELECT is_applying FROM tracking) = 0 AND OLD.synced_rev IS NOT NEW.synced_rev BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END
--;
CREATE TRIGGER tr_conflict_hold_row BEFORE DELETE ON "conflict" WHEN (SELECT is_applying FROM tracking) = 0 BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END
--;
CREATE TRIGGER tr_organisation_check_add AFTER INSERT ON "organisation" BEGIN INSERT INTO owners_to_check (file_id) SELECT id FROM client_file WHERE true ON CONFLICT DO NOTHING; INSERT INTO keys_to_check (collection) VALUES (x'00000000000000000000000000000000') ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_client_file_check_add AFTER INSERT ON "client_file" WHEN EXISTS (SELECT 1 FROM organisation) BEGIN INSERT INTO owners_to_check (file_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_client_file_check_change AFTER UPDATE OF allocated_person, team, is_restricted, readers ON "client_file" WHEN EXISTS (SELECT 1 FROM organisation) AND (OLD."allocated_person" IS NOT NEW."allocated_person" OR OLD."team" IS NOT NEW."team" OR OLD."is_restricted" IS NOT NEW."is_restricted" OR OLD."readers" IS NOT NEW."readers") BEGIN INSERT INTO owners_to_check (file_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_file_ownership_check_add AFTER INSERT ON "file_ownership" BEGIN INSERT INTO owners_to_check (file_id) VALUES (lower(hex(NEW.collection))) ON CONFLICT DO NOTHING; INSERT INTO keys_to_check (collection) VALUES (NEW.collection) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_file_ownership_check_change AFTER UPDATE ON "file_ownership" BEGIN INSERT INTO owners_to_check (file_id) VALUES (lower(hex(NEW.collection))) ON CONFLICT DO NOTHING; INSERT INTO keys_to_check (collection) VALUES (NEW.collection) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_file_ownership_check_drop AFTER DELETE ON "file_ownership" BEGIN INSERT INTO owners_to_check (file_id) VALUES (lower(hex(OLD.collection))) ON CONFLICT DO NOTHING; INSERT INTO keys_to_check (collection) VALUES (OLD.collection) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_collection_key_check_add AFTER INSERT ON "collection_key" BEGIN INSERT INTO keys_to_check (collection) VALUES (NEW.collection) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_given_right_check_drop AFTER DELETE ON "given_right" BEGIN INSERT INTO keys_to_check (collection) VALUES (OLD.collection) ON CONFLICT DO NOTHING; END
--;
CREATE TRIGGER tr_member_statement_check_add AFTER INSERT ON "member_statement" BEGIN INSERT INTO keys_to_check (collection) VALUES (x'00000000000000000000000000000000') ON CONFLICT DO NOTHING; END
