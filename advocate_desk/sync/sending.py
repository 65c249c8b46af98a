"""Reading and sealing what waits, push after push: the next one while the hub answers for the one before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from advocate_desk.sync import keeping, outbox, seal, state, wire
from advocate_desk.sync.manifest import Manifest
from advocate_desk.sync.outbox import Driver, Sealed, Sent, Unsent
from advocate_desk.sync.seal import Forged, Place
from advocate_desk.sync.wire import Change, Push

Ahead = Callable[[], Sealed | None]


@dataclass
class Reader:
    """Reads the records that wait, in the order of their files. `refused` are files whose records the hub refuses."""

    driver: Driver
    organisation: bytes
    refused: Collection[bytes]
    has_more: bool = False
    _written: int = 0
    _after: bytes = b""

    def read(self) -> list[Unsent]:
        """The next records that may be sent: those of files whose key is here."""
        self._written = outbox.writes_of_others(self.driver)
        while True:
            found, self.has_more = outbox.unsent(self.driver, wire.MOST_CHANGES, self.refused, self._after)
            if found:
                self._after = found[-1].collection
            fit = [each for each in found if each.collection in self._keys]
            if fit or not self.has_more:
                return fit

    @cached_property
    def _keys(self) -> Mapping[bytes, tuple[int, bytes]]:
        return keeping.keys_to_write_with(self.driver)

    def seal(self, records: list[Unsent]) -> Sealed:
        """As many of these as a push holds."""
        return outbox.seal_records(records, self._keys, self.organisation, self._written)

    def ahead(self) -> Sealed | None:
        """The push after the last: None where nothing follows, or a key has to be made first."""
        records = self.read()
        if not records or state.stale_files(self.driver, {each.collection for each in records}):
            self.has_more = False
            return None
        return self.seal(records)


def sent_again(driver: Driver, push: Push, kinds: Sequence[str]) -> list[Sent]:
    """What each record said in a push that was under way when the program ended: its envelopes are opened again."""
    organisation = wire.unpack(Manifest, push.manifest).organisation
    asked = [(part.collection, change) for part in push.parts for change in part.changes]
    return [
        Sent(kind, change.item, _said(driver, organisation, collection, change))
        for kind, (collection, change) in zip(kinds, asked, strict=True)
    ]


def _said(driver: Driver, organisation: bytes, collection: bytes, change: Change) -> dict[str, Any] | None:
    """What an envelope of this desk says; None where its key is here no more."""
    place = Place(organisation, collection, change.item, change.epoch, change.expected + 1)
    first = state.keys(driver, [collection]).get(collection, {}).get(change.epoch)
    for key in ([first] if first else []) + state.other_keys(driver, collection, change.epoch):
        with suppress(Forged):
            return seal.unseal(change.envelope, place, key).values
    return None
