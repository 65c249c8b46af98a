"""When the hub has lost its tail, restored from a backup: find where we still agree, and give back what it lost.

Every desk is a full copy of the files that it holds. What the hub has at a lower revision than this desk, or not at
all, is marked unsent from the hub's revision on; what another desk has written there since is merged, and keeps both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import groupby

from advocate_desk.sync import ownership, owning, state, statements
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.manifest import CERTAIN, NONE, Distrust
from advocate_desk.sync.messages import AskRevisions, Held
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.wire import ACCEPTED, MOST_LINKS, Page, Pull, SignedOwnership, Tip

MOST_PAGES = 1_000
"""Of what the hub has: twenty million records, as a hub fills its pages."""
MOST_ON_A_PAGE = 50_000
LATEST = 2**52
"""Beyond every place of a history: whatever this desk has seen of it may be agreed on."""
NOTHING_AGREED = "{}"
"""The base of a record that is given back: what both sides had is not known, so that a merge keeps every value."""


def give_statements(driver: Driver, hub: Hub) -> int:
    """Say again what the hub has lost of the members' chain; how many statements it would not take."""
    there = _bare(hub, Tip(0, NONE)).members
    rows = driver.execute("SELECT body FROM member_statement WHERE number > ? ORDER BY number", (there,)).fetchall()
    for at, (body,) in enumerate(rows if there else ()):
        try:
            hub.statement(bytes(body))
        except HubRefused as refusal:
            if refusal.code not in {"taken", "no_right", "malformed"}:
                raise
            return len(rows) - at
    return 0


def tell_other_members(
    driver: Driver, troubles: list[str], writing: Callable[[Driver], AbstractContextManager[None]], at: datetime
) -> None:
    """Tell, once an exchange, that the hub says that it has another last statement than the one that is here.

    It is the hub's word alone: nothing else follows from it. What is told names what was said here last, and by whom:
    that at least the hub does not have.
    """
    if "statements_refused" in troubles:
        return
    row = driver.execute("SELECT body FROM member_statement ORDER BY number DESC LIMIT 1").fetchone()
    signer, last = statements.said(bytes(row[0]))
    with writing(driver):
        detail = {"number": last.number, "last": statements.kind_of(last), "by": [signer.hex()]}
        state.tell(driver, at, "statements_refused", detail)
    troubles.append("statements_refused")


def give_links(driver: Driver, hub: Hub, collections: Collection[bytes] | None = None) -> set[bytes]:
    """Say again the links of ownership, of all files or of these; the files of which the hub has others and keeps them.

    What of them it does not take comes back with the pulls that follow, and is judged there.
    """
    batch: list[SignedOwnership] = []
    refused: set[bytes] = set()
    for _, chain in groupby(owning.told(driver, collections), key=lambda each: ownership.known(each).link.collection):
        whole = list(chain)
        if len(batch) + len(whole) > MOST_LINKS:  # a hub that has lost all of a chain takes it whole
            refused |= _give_batch(hub, batch)
            batch = []
        batch += whole
    return refused | _give_batch(hub, batch)


def _give_batch(hub: Hub, links: Sequence[SignedOwnership]) -> set[bytes]:
    refused: set[bytes] = set()
    for start in range(0, len(links), MOST_LINKS):
        said = links[start : start + MOST_LINKS]
        answers = zip(said, hub.owners(said), strict=False)
        refused |= {ownership.known(each).link.collection for each, outcome in answers if outcome.state != ACCEPTED}
    return refused


def find_agreement(driver: Driver, hub: Hub, head: int) -> Tip:
    """The newest point of this desk's history that the hub, whose newest is `head`, has too. Asks some dozen times."""
    seen = [
        Tip(sequence, bytes(digest))
        for sequence, digest in driver.execute(
            "SELECT sequence, manifest_hash FROM seen_push WHERE sequence <= ? ORDER BY sequence", (head,)
        )
    ]
    agreed, first_not = Tip(0, NONE), len(seen)
    low = 0
    while low < first_not:
        middle = (low + first_not) // 2
        if _has(hub, seen[middle]):
            agreed, low = seen[middle], middle + 1
        else:
            first_not = middle
    return agreed


def _has(hub: Hub, tip: Tip) -> bool:
    try:
        _bare(hub, tip)
    except HubRefused as refusal:
        if refusal.code == "other_history":
            return False
        raise
    return True


def _bare(hub: Hub, tip: Tip) -> Page:
    return hub.pull(Pull(tip, LATEST, LATEST, is_bare=True, most_bytes=1))


def see_ours(driver: Driver, hub: Hub, own: bytes) -> None:
    """See, once all was pulled, that the hub has every push of ours that it answered. Raises HubRefused if not.

    One that was answered and never pulled is in no tip: a hub restored to before it has every tip that this desk names,
    and where nothing more is to be sent, nothing else shows it. A hub that has a push of ours and hides it is given
    nothing back: that is told as withheld.
    """
    stand = state.standing(driver)
    if stand is None:
        return
    shown = driver.execute("SELECT number FROM chain_end WHERE device = ?", (own,)).fetchone()
    if stand.push_number <= (shown[0] if shown else 0):
        return
    beyond_all = b"\xff" * len(own)  # its word on the last manifest alone, and no record
    if hub.revisions(AskRevisions(beyond_all, beyond_all)).last_number < stand.push_number:
        raise HubRefused("other_history", LATEST)


def ask_revisions(
    driver: Driver, hub: Hub, is_stopped: Callable[[], bool] = lambda: False
) -> tuple[dict[bytes, Held], int]:
    """What the hub has of what this desk holds, by item; and the number of this device's last manifest there.

    Raises Distrust where the hub's pages do not follow one another, or come to no end: what a hub makes up costs time,
    and no memory. Stops early where it is asked to: the caller's next transaction says so.
    """
    own = {bytes.fromhex(key) for name in shapes() for (key,) in driver.execute(f'SELECT id FROM "{name}"')}  # noqa: S608
    found: dict[bytes, Held] = {}
    asked = AskRevisions()
    for _ in range(MOST_PAGES):
        page = hub.revisions(asked)
        if len(page.held) > MOST_ON_A_PAGE:
            raise Distrust("no end")
        for each in page.held:
            if (each.collection, each.item) <= (asked.collection, asked.item):
                raise Distrust("order")
            asked = AskRevisions(each.collection, each.item)
            if each.item in own:
                found[each.item] = each
        if not page.has_more or not page.held or is_stopped():
            return found, page.last_number
    raise Distrust("no end")


def rewind(driver: Driver, own: bytes, agreed: Tip, held: Mapping[bytes, Held], last_number: int, at: datetime) -> int:
    """Go back to the agreed point and mark unsent what the hub lost; how many records. In the caller's transaction.

    What the hub was given after that point is another's work, which comes with the pulls that follow: such a record is
    marked as one revision behind it, so that it is merged whatever its number. So is one that an earlier restore marked
    and that was not merged since: the revision that it names was never seen here.
    """
    lost = 0
    for name in shapes():
        rows = driver.execute(f'SELECT id, synced_rev, base FROM "{name}" WHERE synced_rev IS NOT NULL').fetchall()  # noqa: S608
        behind: list[tuple[int | None, str | None, str]] = []
        for key, revision, base in rows:
            there = held.get(bytes.fromhex(key))
            if there is None:
                behind.append((None, None, key))
            elif there.sequence > agreed.sequence or base == NOTHING_AGREED:
                behind.append((there.revision - 1, NOTHING_AGREED, key))
            elif there.revision < revision:
                behind.append((there.revision, NOTHING_AGREED, key))
        driver.executemany(f'UPDATE "{name}" SET synced_rev = ?, base = ? WHERE id = ?', behind)  # noqa: S608
        lost += len(behind)
    _rewind_chains(driver, own, agreed)
    driver.execute("DELETE FROM named_part WHERE sequence > ?", (agreed.sequence,))
    driver.execute(
        "UPDATE collection_state SET fill_until = min(fill_until, ?), filled_to = min(filled_to, ?)",
        (agreed.sequence, agreed.sequence),
    )
    for table in ("outgoing_push", "given_right", "attachment"):
        driver.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    driver.execute("UPDATE doubted_key SET tries = 0")
    state.change(driver, tip_sequence=agreed.sequence, tip_hash=agreed.manifest_hash)
    state.change(driver, rights_number=0, rights_mark=None, links_members=0)
    stand = state.standing(driver)
    if stand is not None and last_number <= stand.push_number:  # else it has more of ours than we know of
        state.change(driver, push_after=last_number)
    state.tell(driver, at, "gave_back", {"records": lost})
    return lost


def look_again(driver: Driver, own: bytes, devices: Sequence[bytes]) -> None:
    """Go back to where these devices were last seen, to ask for what came after. In the caller's transaction."""
    if not devices:
        return
    ends = [
        driver.execute("SELECT coalesce(max(sequence), 0) FROM seen_push WHERE device = ?", (each,)).fetchone()[0]
        for each in devices
    ]
    found = driver.execute("SELECT manifest_hash FROM seen_push WHERE sequence = ?", (min(ends),)).fetchone()
    agreed = Tip(min(ends), bytes(found[0])) if found else Tip(0, NONE)
    _rewind_chains(driver, own, agreed)
    driver.execute("DELETE FROM named_part WHERE sequence > ?", (agreed.sequence,))
    driver.execute(
        "UPDATE collection_state SET fill_until = min(fill_until, ?), filled_to = min(filled_to, ?)",
        (agreed.sequence, agreed.sequence),
    )
    state.change(driver, tip_sequence=agreed.sequence, tip_hash=agreed.manifest_hash)


def _rewind_chains(driver: Driver, own: bytes, agreed: Tip) -> None:
    """Every chain ends where it ended at the agreed point. What we have seen beyond it is claimed, and so is missed."""
    driver.execute(
        "INSERT INTO chain_claim (device, by, number, made_at) "
        "SELECT device, ?, number, ? FROM chain_end WHERE device <> ? AND number > 0 "
        "ON CONFLICT (device, by) DO UPDATE SET number = max(number, excluded.number)",
        (own, CERTAIN, own),
    )
    driver.execute("UPDATE chain_end SET number = 0, hash = ?", (NONE,))
    driver.execute("DELETE FROM seen_push WHERE sequence > ?", (agreed.sequence,))
    driver.execute(
        "UPDATE chain_end SET (number, hash) = (SELECT s.number, s.manifest_hash FROM seen_push s "
        "WHERE s.device = chain_end.device ORDER BY s.number DESC LIMIT 1) "
        "WHERE device IN (SELECT device FROM seen_push)"
    )
    driver.execute("UPDATE chain_end SET told = min(told, number)")
