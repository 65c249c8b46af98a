-- The hub's tables. Every key begins with the organisation, and no statement joins two. `BYTES` is the database's
-- own type of raw bytes. Moments are whole seconds since 1970 by the hub's clock.

CREATE TABLE organisation (
  organisation BYTES PRIMARY KEY,
  root_public BYTES NOT NULL,
  sequence BIGINT NOT NULL,
  statements BIGINT NOT NULL,
  rights BIGINT NOT NULL,
  used_bytes BIGINT NOT NULL,
  founded_at BIGINT NOT NULL
);

CREATE TABLE statement (
  organisation BYTES NOT NULL,
  number BIGINT NOT NULL,
  body BYTES NOT NULL,
  PRIMARY KEY (organisation, number)
);

CREATE TABLE device (
  organisation BYTES NOT NULL,
  device BYTES NOT NULL,
  person BYTES NOT NULL,
  sign_public BYTES NOT NULL,
  revoked_by BIGINT NOT NULL,
  last_number BIGINT NOT NULL,
  last_hash BYTES NOT NULL,
  last_answer BYTES NOT NULL,
  PRIMARY KEY (organisation, device)
);

CREATE TABLE collection_right (
  organisation BYTES NOT NULL,
  number BIGINT NOT NULL,
  collection BYTES NOT NULL,
  epoch BIGINT NOT NULL,
  device BYTES NOT NULL,
  given_by BYTES NOT NULL,
  sealed BYTES NOT NULL,
  signature BYTES NOT NULL,
  links BIGINT NOT NULL,
  last_link BYTES NOT NULL,
  members BIGINT NOT NULL,
  PRIMARY KEY (organisation, number)
);

CREATE INDEX ix_collection_right_device ON collection_right (organisation, device, number);

CREATE UNIQUE INDEX ix_collection_right_key ON collection_right (organisation, collection, device, epoch, number);

-- The chain of links of each collection. `number` counts the organisation's rights and links together.
CREATE TABLE ownership (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  place BIGINT NOT NULL,
  number BIGINT NOT NULL,
  body BYTES NOT NULL,
  PRIMARY KEY (organisation, collection, place)
);

CREATE UNIQUE INDEX ix_ownership_number ON ownership (organisation, number);

-- Whose each collection is now. An audience is the hash of what says who may read; many collections have the same.
CREATE TABLE owned (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  number BIGINT NOT NULL,
  opener BYTES NOT NULL,
  audience BYTES NOT NULL,
  PRIMARY KEY (organisation, collection)
);

CREATE INDEX ix_owned_number ON owned (organisation, number);

CREATE INDEX ix_owned_audience ON owned (organisation, audience);

CREATE TABLE audience (
  organisation BYTES NOT NULL,
  audience BYTES NOT NULL,
  body BYTES NOT NULL,
  PRIMARY KEY (organisation, audience)
);

CREATE TABLE entitlement (
  organisation BYTES NOT NULL,
  audience BYTES NOT NULL,
  device BYTES NOT NULL,
  PRIMARY KEY (organisation, audience, device)
);

CREATE INDEX ix_entitlement_device ON entitlement (organisation, device);

-- Devices that were given a key and have not cleared the collection; `since` is the number of the right that began it.
CREATE TABLE reader (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  device BYTES NOT NULL,
  is_withdrawn BOOLEAN NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (organisation, collection, device)
);

CREATE INDEX ix_reader_device ON reader (organisation, device, since);

-- Devices that may read a collection and are no readers of it yet.
CREATE TABLE wanting (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  device BYTES NOT NULL,
  PRIMARY KEY (organisation, collection, device)
);

-- Readers that say of a collection that no key they were given opens it: several may give them one.
CREATE TABLE doubt (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  device BYTES NOT NULL,
  PRIMARY KEY (organisation, collection, device)
);

CREATE TABLE item (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  item BYTES NOT NULL,
  revision BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  place BIGINT NOT NULL,
  envelope BYTES NOT NULL,
  PRIMARY KEY (organisation, collection, item)
);

CREATE INDEX ix_item_sequence ON item (organisation, sequence, collection, place);

CREATE TABLE push (
  organisation BYTES NOT NULL,
  sequence BIGINT NOT NULL,
  device BYTES NOT NULL,
  manifest BYTES NOT NULL,
  manifest_hash BYTES NOT NULL,
  signature BYTES NOT NULL,
  envelope_bytes BIGINT NOT NULL,
  PRIMARY KEY (organisation, sequence)
);

CREATE TABLE part (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  sequence BIGINT NOT NULL,
  entries BYTES NOT NULL,
  envelope_bytes BIGINT NOT NULL,
  PRIMARY KEY (organisation, collection, sequence)
);

CREATE INDEX ix_part_sequence ON part (organisation, sequence);

CREATE TABLE hub_session (
  token_hash BYTES PRIMARY KEY,
  organisation BYTES NOT NULL,
  device BYTES NOT NULL,
  ends_at BIGINT NOT NULL
);

CREATE INDEX ix_hub_session_device ON hub_session (organisation, device);

CREATE TABLE invitation (
  name BYTES PRIMARY KEY,
  organisation BYTES NOT NULL,
  made_by BYTES NOT NULL,
  body BYTES NOT NULL,
  answer BYTES,
  ends_at BIGINT NOT NULL
);

CREATE TABLE piece (
  organisation BYTES NOT NULL,
  collection BYTES NOT NULL,
  document BYTES NOT NULL,
  number BIGINT NOT NULL,
  body BYTES NOT NULL,
  PRIMARY KEY (organisation, collection, document, number)
);

CREATE TABLE hub_secret (
  only_one BIGINT PRIMARY KEY,
  secret BYTES NOT NULL
);
