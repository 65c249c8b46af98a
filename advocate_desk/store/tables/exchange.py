"""What a desk keeps of its organisation and of the exchange with the hub. None of it is synced but the conflicts.

Identifiers are 16 raw bytes here, as they travel. The store is encrypted: keys of collections lie in it as they are.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text, Uuid

from advocate_desk.store.tables.base import (
    JsonText,
    Moment,
    column,
    flag,
    json_value,
    metadata,
    moment,
    partial_index,
    record_table,
    text,
)

conflict = record_table(
    "conflict",
    text("kind"),
    column("about_id", Uuid(native_uuid=False), needed=True, index=True),
    json_value("before", dict),
    json_value("ours", dict),
    json_value("theirs", dict),
    text("ours_by"),
    text("theirs_by"),
    moment("ours_at"),
    moment("theirs_at"),
    moment("found_at"),
    flag("is_critical"),
    moment("decided_at"),
    text("decided_by"),
    text("decision"),
    together=(("decided_at", "decided_by", "decision"),),
    decided="decision",
)
"""Two values of one field, or group of fields, of the record `about_id`, whose table is `kind`. Open: not decided.

`ours_by` and `theirs_by` are ids of people; `ours_at` and `theirs_at` say when each side last changed the record, by
its own clock. `decision` is "ours", "theirs", "combined", "standing" (left as the record said) or "later" (the exchange
took the one that the hub had, which was exchanged first: the field is not safety-critical).
"""

owners_to_check = Table(
    "owners_to_check",
    metadata,
    Column("file_id", Uuid(native_uuid=False), primary_key=True),
)
"""Files of which it may be that the columns that say whose they are and the last link do not agree, or that have none:
see `store/to_check.py`."""

keys_to_check = Table(
    "keys_to_check",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
)
"""Collections whose keys somebody who may read them may lack; zeros: all of them."""

organisation = Table(
    "organisation",
    metadata,
    Column("only", Integer(), primary_key=True),
    Column("organisation", LargeBinary(16), nullable=False),
    Column("root_public", LargeBinary(32), nullable=False),
    Column("person", LargeBinary(16), nullable=False),
    Column("hub_address", Text(), nullable=False),
    Column("name", Text(), nullable=False, server_default=""),
    Column("joined_at", Moment(), nullable=False),
    Column("is_paused", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("tip_sequence", Integer(), nullable=False, server_default="0"),
    Column("tip_hash", LargeBinary(32), nullable=False),
    Column("rights_number", Integer(), nullable=False, server_default="0"),
    Column("push_number", Integer(), nullable=False, server_default="0"),
    Column("push_hash", LargeBinary(32), nullable=False),
    Column("push_after", Integer(), nullable=False, server_default="0"),
    Column("exchanged_at", Moment()),
    Column("rights_mark", LargeBinary(32)),
    Column("links_members", Integer(), nullable=False, server_default="0"),
    Column("cleared_files", Integer(), nullable=False, server_default="0"),
)
"""One row once the desk is enrolled: where it stands in the organisation's history, and in its own chain.

`rights_mark`: the mark of the right or link numbered `rights_number`, the last that the hub has shown. `links_members`:
how many statements were known when all links of ownership were here. `cleared_files`: how many files others have taken
from this desk since its user last agreed to that.
"""

invitation = Table(
    "invitation",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("offer", LargeBinary(), nullable=False),
    Column("ends_at", Moment(), nullable=False),
)
"""Invitations that this desk made and that are still open: what opens the newcomer's answer. Never the code itself."""

member_statement = Table(
    "member_statement",
    metadata,
    Column("number", Integer(), primary_key=True),
    Column("body", LargeBinary(), nullable=False),
)

chain_end = Table(
    "chain_end",
    metadata,
    Column("device", LargeBinary(16), primary_key=True),
    Column("number", Integer(), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("told", Integer(), nullable=False, server_default="0"),
    Column("grew_at", Moment()),
    Column("is_contradicted", Boolean(create_constraint=False), nullable=False, server_default="0"),
)
"""The end of each device's chain, how far our own manifests told of it, and when this desk saw it grow last.
Contradicted: it claimed of another's chain what that one's own manifest says was not so; its claims count no more."""

chain_claim = Table(
    "chain_claim",
    metadata,
    Column("device", LargeBinary(16), primary_key=True),
    Column("by", LargeBinary(16), primary_key=True),
    Column("number", Integer(), nullable=False),
    Column("made_at", Integer(), nullable=False),
    Column("tries", Integer(), nullable=False, server_default="0"),
)
"""Chains (zeros: the members') of which somebody has seen more than came here: how far, by which of the claimant's own
manifests, and in how many exchanges it has been missed since. Only while it is so."""

seen_push = Table(
    "seen_push",
    metadata,
    Column("sequence", Integer(), primary_key=True),
    Column("manifest_hash", LargeBinary(32), nullable=False),
    Column("device", LargeBinary(16), nullable=False),
    Column("number", Integer(), nullable=False),
)
"""The pushes that this desk has seen, and which manifest of which device's chain each was."""

named_part = Table(
    "named_part",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("sequence", Integer(), primary_key=True),
    Column("changes", Integer(), nullable=False),
    Column("entries_hash", LargeBinary(32), nullable=False),
)
"""Where manifests named which files, and what they named of them: a file that is filled later must bring just this."""

taken_right = Table(
    "taken_right",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
)
"""Rights that were taken in: none of them counts a second time, whatever number the hub gives it."""

collection_key = Table(
    "collection_key",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("epoch", Integer(), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("is_proven", Boolean(create_constraint=False), nullable=False, server_default="0"),
)
"""The key of each epoch. Proven: made here, or it has opened something."""

other_key = Table(
    "other_key",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("epoch", Integer(), primary_key=True),
    Column("by", LargeBinary(16), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
)
"""Keys that others gave for an epoch of which this desk has another key already: the last of each giver."""

collection_state = Table(
    "collection_state",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("filled_to", Integer(), nullable=False),
    Column("fill_until", Integer(), nullable=False),
    Column("is_withdrawn", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("is_stale", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("is_cleared", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("taken_by", LargeBinary(16)),
    Column("is_parted", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("gave_way", LargeBinary()),
)
"""How far a collection that was given later is filled from its beginning; whether this desk's person may read it no
more, and who saw to that; whether its key is to be made anew because somebody who held it may read it no more; whether
it is gone from here and the hub is to hear of it; whether the hub has another branch of its owners;
and the last link of a branch that gave way, until another link follows."""
partial_index(
    collection_state,
    "open",
    "collection",
    where="is_withdrawn OR is_cleared OR is_parted OR gave_way IS NOT NULL OR filled_to < fill_until",
)

file_ownership = Table(
    "file_ownership",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("number", Integer(), primary_key=True),
    Column("body", LargeBinary(), nullable=False),
    Column("taken", Integer(), nullable=False),
)
"""The chain of signed links that says whose a file is. `taken`: 0 where it was made here and the hub has not answered,
1 where the hub has taken it as it answered, 2 where the hub has shown it since."""
partial_index(file_ownership, "unshown", "collection", "number", where="taken < 2")

unseen_link = Table(
    "unseen_link",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("by", LargeBinary(16), primary_key=True),
    Column("epoch", Integer(), nullable=False),
    Column("links", Integer(), nullable=False),
    Column("last_link", LargeBinary(32), nullable=False),
    Column("members", Integer(), nullable=False),
)
"""By which link and which statement devices gave keys, as far as these are not known here: something is withheld."""

doubted_key = Table(
    "doubted_key",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("epoch", Integer(), primary_key=True),
    Column("tries", Integer(), nullable=False),
)
"""Keys of files that open nothing, and in how many exchanges since the hub was told first: it is told again."""

given_right = Table(
    "given_right",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("epoch", Integer(), primary_key=True),
    Column("device", LargeBinary(16), primary_key=True),
    Column("is_seen", Boolean(create_constraint=False), nullable=False, server_default="0"),
)
"""Keys that this desk has given on, so that it does not give them again at each exchange. Seen: its own, which the hub
has shown since."""

outgoing_push = Table(
    "outgoing_push",
    metadata,
    Column("only", Integer(), primary_key=True),
    Column("body", LargeBinary(), nullable=False),
    Column("sent", LargeBinary(), nullable=False),
)
"""The push under way, byte for byte, until it is answered; `sent` is of which kind each of its records is."""

expected_item = Table(
    "expected_item",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("item", LargeBinary(16), primary_key=True),
    Column("revision", Integer(), nullable=False),
)
"""Changes that a manifest names and that have not come: each must be here, or overtaken, once all is pulled."""

unreadable_item = Table(
    "unreadable_item",
    metadata,
    Column("collection", LargeBinary(16), primary_key=True),
    Column("item", LargeBinary(16), primary_key=True),
    Column("revision", Integer(), nullable=False),
    Column("epoch", Integer(), nullable=False),
    Column("envelope", LargeBinary(), nullable=False),
    Column("reason", Text(), nullable=False),
)
"""What came and could not be made a record of: kept as it came, for a key or a version that can."""

attachment = Table(
    "attachment",
    metadata,
    Column("document", LargeBinary(16), primary_key=True),
    Column("is_sent", Boolean(create_constraint=False), nullable=False),
)
"""Documents whose bytes the hub has, as far as this desk knows."""

attachment_piece = Table(
    "attachment_piece",
    metadata,
    Column("document", LargeBinary(16), primary_key=True),
    Column("number", Integer(), primary_key=True),
    Column("body", LargeBinary(), nullable=False),
)
"""Pieces of a document that have come, until all have."""

exchange_event = Table(
    "exchange_event",
    metadata,
    Column("number", Integer(), primary_key=True),
    Column("happened_at", Moment(), nullable=False),
    Column("kind", Text(), nullable=False),
    Column("detail", JsonText(), nullable=False),
)
"""What the exchange has to tell the user: troubles, what was given back, what was cleared. No content."""
