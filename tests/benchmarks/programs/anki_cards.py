"""Anki's own client with its server, in an environment of its own: prints how long records took there and back.

A line as it begins, and one each way, with the processor's work.

    python anki_cards.py PORT FILE FOLDER

FILE holds one record a line, as JSON: each becomes a note. Both sides are joined to the server while they are empty, so
that what is timed goes record by record, as it does for whoever has exchanged before, and is no copy of a database.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found]


def joined(path: Path, address: str, *, is_first: bool) -> tuple[Collection, object]:
    """A collection that the server knows, and what it shows the server."""
    cards = Collection(str(path))
    shown = cards.sync_login("bench", "bench", address)
    cards.sync_collection(shown, False)
    cards.close_for_full_sync()
    cards.full_upload_or_download(auth=shown, server_usn=None, upload=is_first)
    cards.reopen(after_full_sync=True)
    return cards, shown


def timed_sync(way: str, cards: Collection, shown: object) -> None:
    """Print the milliseconds of one exchange."""
    start, worked = time.perf_counter(), time.process_time()
    cards.sync_collection(shown, False)
    took_ms, work_ms = (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000
    print(json.dumps({f"{way}_ms": took_ms, f"{way}_work_ms": work_ms}), flush=True)


def main(port: str, file: str, folder: str) -> None:
    """Time both ways."""
    address = f"http://127.0.0.1:{port}/"
    one, shown_by_one = joined(Path(folder) / "one.anki2", address, is_first=True)
    two, shown_by_two = joined(Path(folder) / "two.anki2", address, is_first=False)
    kind, deck = one.models.by_name("Basic"), one.decks.id("Default")
    asked = []
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        note = one.new_note(kind)
        note["Front"], note["Back"] = line, "x"
        asked.append(AddNoteRequest(note, deck))
    one.add_notes(asked)
    print("{}", flush=True)
    timed_sync("push", one, shown_by_one)
    timed_sync("pull", two, shown_by_two)
    if two.note_count() != len(asked):
        raise SystemExit(f"{two.note_count()} of {len(asked)} came")


if __name__ == "__main__":
    main(*sys.argv[1:])
