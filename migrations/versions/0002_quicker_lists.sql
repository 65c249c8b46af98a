ALTER TABLE search_entry ADD COLUMN figures TEXT DEFAULT '' NOT NULL
--;
ALTER TABLE file_summary ADD COLUMN search_key TEXT DEFAULT '' NOT NULL
--;
UPDATE search_entry SET figures = (
  SELECT lower(replace(f."reference", '-', '')) FROM client_file f WHERE f.id = record_id)
WHERE kind = 'reference'
--;
UPDATE search_entry SET figures = (
  SELECT replace(replace(replace(replace(replace(m."value", ' ', ''), '-', ''), '(0)', ''), '(', ''), ')', '')
  FROM contact_method m WHERE m.id = record_id)
WHERE kind = 'contact'
--;
UPDATE file_summary SET search_key = coalesce((
  SELECT p.name_key FROM person p
  WHERE p.file_id = file_summary.file_id AND p.role = 'client' AND p.deleted_at IS NULL
  ORDER BY p.created_at LIMIT 1), '')
--;
CREATE INDEX ix_bail_running ON bail (expires_on, file_id) WHERE ended_on IS NULL AND deleted_at IS NULL
--;
CREATE INDEX ix_criminal_case_reported_on ON criminal_case (reported_on, file_id) WHERE deleted_at IS NULL
--;
CREATE INDEX ix_file_summary_all ON file_summary (next_on, sort_name, file_id)
--;
CREATE INDEX ix_file_summary_allocated_to ON file_summary (allocated_to) WHERE status <> 'closed' OR open_tasks > 0 OR next_on IS NOT NULL
--;
CREATE INDEX ix_file_summary_open ON file_summary (next_on, sort_name, file_id, status, search_key) WHERE status <> 'closed'
--;
CREATE INDEX ix_hearing_hearing_on ON hearing (hearing_on, listed_time, file_id) WHERE deleted_at IS NULL
--;
CREATE INDEX ix_hearing_without_outcome ON hearing (hearing_on, file_id) WHERE outcome = '' AND deleted_at IS NULL
--;
CREATE INDEX ix_person_client_name ON person (name_key) WHERE role = 'client' AND deleted_at IS NULL
--;
CREATE INDEX ix_safety_plan_current ON safety_plan (review_on, file_id) WHERE status = 'current' AND deleted_at IS NULL
--;
CREATE INDEX ix_search_entry_figures ON search_entry (figures) WHERE figures <> ''
--;
CREATE INDEX ix_task_open ON task (due_on, due_at, file_id) WHERE completed_at IS NULL AND deleted_at IS NULL
--;
CREATE INDEX ix_task_open_of ON task (owner, due_on) WHERE completed_at IS NULL AND deleted_at IS NULL
--;
CREATE VIEW search_source AS SELECT e.entry AS entry, t."text" AS body, e.kind AS kind FROM search_entry e JOIN "contact_note" t ON t.id = e.record_id
--;
CREATE VIEW searched_records AS SELECT e.entry AS entry, t."reference" AS body, e.kind AS kind FROM search_entry e JOIN "client_file" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."given_name" || ' ' || t."family_name" || ' ' || t."known_as" || ' ' || t."name_key" AS body, e.kind AS kind FROM search_entry e JOIN "person" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."referrer_name" || ' ' || t."sender_reference" || ' ' || t."incident_summary" || ' ' || t."crime_ref" AS body, e.kind AS kind FROM search_entry e JOIN "referral" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."value" AS body, e.kind AS kind FROM search_entry e JOIN "contact_method" t ON t.id = e.record_id UNION ALL SELECT e.entry AS entry, t."crime_ref" || ' ' || t."urn" || ' ' || t."officer_name" AS body, e.kind AS kind FROM search_entry e JOIN "criminal_case" t ON t.id = e.record_id
--;
CREATE VIRTUAL TABLE search_record USING fts5(body, kind, content='searched_records', content_rowid='entry', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')
--;
CREATE TRIGGER tr_client_file_search_add AFTER INSERT ON "client_file" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'reference', lower(replace(NEW."reference", '-', ''))) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_client_file_search_change AFTER UPDATE ON "client_file" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."reference" IS NOT NEW."reference") BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."reference", 'reference' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'reference', lower(replace(NEW."reference", '-', ''))) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_client_file_search_hide AFTER UPDATE OF deleted_at ON "client_file" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."reference", 'reference' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_client_file_search_show AFTER UPDATE OF deleted_at ON "client_file" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'reference', lower(replace(NEW."reference", '-', ''))) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."reference", 'reference'); END
--;
CREATE TRIGGER tr_referral_search_add AFTER INSERT ON "referral" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_referral_search_change AFTER UPDATE ON "referral" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."referrer_name" IS NOT NEW."referrer_name" OR OLD."sender_reference" IS NOT NEW."sender_reference" OR OLD."incident_summary" IS NOT NEW."incident_summary" OR OLD."crime_ref" IS NOT NEW."crime_ref") BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."referrer_name" || ' ' || OLD."sender_reference" || ' ' || OLD."incident_summary" || ' ' || OLD."crime_ref", 'referral' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_referral_search_hide AFTER UPDATE OF deleted_at ON "referral" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."referrer_name" || ' ' || OLD."sender_reference" || ' ' || OLD."incident_summary" || ' ' || OLD."crime_ref", 'referral' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_referral_search_show AFTER UPDATE OF deleted_at ON "referral" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'referral') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."referrer_name" || ' ' || NEW."sender_reference" || ' ' || NEW."incident_summary" || ' ' || NEW."crime_ref", 'referral'); END
--;
CREATE TRIGGER tr_person_search_add AFTER INSERT ON "person" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_person_search_change AFTER UPDATE ON "person" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."given_name" IS NOT NEW."given_name" OR OLD."family_name" IS NOT NEW."family_name" OR OLD."known_as" IS NOT NEW."known_as" OR OLD."name_key" IS NOT NEW."name_key") BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."given_name" || ' ' || OLD."family_name" || ' ' || OLD."known_as" || ' ' || OLD."name_key", 'person' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_person_search_hide AFTER UPDATE OF deleted_at ON "person" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."given_name" || ' ' || OLD."family_name" || ' ' || OLD."known_as" || ' ' || OLD."name_key", 'person' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_person_search_show AFTER UPDATE OF deleted_at ON "person" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'person') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."given_name" || ' ' || NEW."family_name" || ' ' || NEW."known_as" || ' ' || NEW."name_key", 'person'); END
--;
CREATE TRIGGER tr_contact_method_search_add AFTER INSERT ON "contact_method" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'contact', replace(replace(replace(replace(replace(NEW."value", ' ', ''), '-', ''), '(0)', ''), '(', ''), ')', '')) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_contact_method_search_change AFTER UPDATE ON "contact_method" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."value" IS NOT NEW."value") BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."value", 'contact' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'contact', replace(replace(replace(replace(replace(NEW."value", ' ', ''), '-', ''), '(0)', ''), '(', ''), ')', '')) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_contact_method_search_hide AFTER UPDATE OF deleted_at ON "contact_method" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."value", 'contact' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_contact_method_search_show AFTER UPDATE OF deleted_at ON "contact_method" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind, figures) VALUES (NEW.id, NEW.file_id, 'contact', replace(replace(replace(replace(replace(NEW."value", ' ', ''), '-', ''), '(0)', ''), '(', ''), ')', '')) ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."value", 'contact'); END
--;
CREATE TRIGGER tr_criminal_case_search_add AFTER INSERT ON "criminal_case" WHEN NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
--;
CREATE TRIGGER tr_criminal_case_search_change AFTER UPDATE ON "criminal_case" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND (OLD."crime_ref" IS NOT NEW."crime_ref" OR OLD."urn" IS NOT NEW."urn" OR OLD."officer_name" IS NOT NEW."officer_name") BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."crime_ref" || ' ' || OLD."urn" || ' ' || OLD."officer_name", 'case' FROM search_entry WHERE record_id = OLD.id; INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
--;
CREATE TRIGGER tr_criminal_case_search_hide AFTER UPDATE OF deleted_at ON "criminal_case" WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN INSERT INTO search_record (search_record, rowid, body, kind) SELECT 'delete', entry, OLD."crime_ref" || ' ' || OLD."urn" || ' ' || OLD."officer_name", 'case' FROM search_entry WHERE record_id = OLD.id; DELETE FROM search_entry WHERE record_id = OLD.id; END
--;
CREATE TRIGGER tr_criminal_case_search_show AFTER UPDATE OF deleted_at ON "criminal_case" WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, 'case') ON CONFLICT (record_id) DO NOTHING; INSERT INTO search_record (rowid, body, kind) VALUES ((SELECT entry FROM search_entry WHERE record_id = NEW.id), NEW."crime_ref" || ' ' || NEW."urn" || ' ' || NEW."officer_name", 'case'); END
