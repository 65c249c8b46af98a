"""The demonstration's hub, and colleagues who go on working: `python -m advocate_desk.demonstration.team_at_work`.

Started by `team_process` with a folder and a port. The hub is the real one; each colleague has an encrypted store of
her own, in which a note is written or a task done now and then, and exchanges with the hub. Ends with its input.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from random import Random

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.tasks import complete_task
from advocate_desk.clock import SystemClock
from advocate_desk.demonstration.team import ADVOCATES, AT_WORK, COLLEAGUES, Seat, seat
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import DeskError
from advocate_desk.hub import server
from advocate_desk.store.queries.caseload import CaseloadFilter, caseload_page
from advocate_desk.store.queries.today import open_tasks
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.manifest import Distrust

EVERY_S = 20.0
"""How long a colleague works on something before she exchanges."""
SAID = (
    ("phone", "", "Called at the agreed time. She is well; we went through the plan. (Demonstration)"),
    ("phone", "", "She asked when the next hearing is. Told her the date that we have. (Demonstration)"),
    (
        "professional",
        "Officer in the case",
        "Spoke with the officer in the case: no news yet, will call on Thursday. (Demonstration)",
    ),
    ("in_person", "", "Met at the usual place. The locks are changed. (Demonstration)"),
)
"""What is written meanwhile: how the contact was, with whom if not with her, and the text."""
log = logging.getLogger(__name__)


def work_once(colleague: Seat, chance: Random) -> None:
    """One thing that an advocate does: a note about a call, or a task done."""
    work = colleague.work
    tasks = work.read(open_tasks, work.actor.name)
    if tasks and chance.random() < 0.5:
        complete_task(work, RecordId(chance.choice(tasks).task_id))
        return
    now = work.clock.now()
    keep = CaseloadFilter(allocated_to=(work.actor.name,))
    lines = work.read(caseload_page, keep, now.date(), now).lines
    if lines:
        method, whom, text = chance.choice(SAID)
        note = NoteDetails(now, method, text, duration_min=10, with_whom=whom, spoke_with_client=not whom)
        write_note(work, FileId(chance.choice(lines).file_id), note)


def go_on(folder: Path, port: int, ended: threading.Event) -> None:
    """Work and exchange in turn until `ended`. What the hub refuses is tried again later."""
    chance, clock = Random(), SystemClock()
    address = parse_address(f"http://127.0.0.1:{port}")
    number = 0
    while not ended.wait(EVERY_S):
        place = folder / COLLEAGUES / str(number % AT_WORK)
        try:
            with seat(place, ADVOCATES[number % AT_WORK], clock) as colleague:
                work_once(colleague, chance)
                with colleague.linked(address) as link:
                    colleague.exchange(link)
            colleague.vault.close()
        except (DeskError, HubRefused, Distrust):
            log.exception("a colleague could not work")
        number += 1


def main(argv: Sequence[str]) -> int:
    """Run the hub on the main thread, the colleagues beside it; gives the hub's exit status."""
    folder, port = Path(argv[1]), int(argv[2])
    ended = threading.Event()

    def listen() -> None:
        if sys.stdin.buffer.readline():
            colleagues = threading.Thread(target=go_on, args=(folder, port, ended), name="colleagues", daemon=True)
            colleagues.start()
            sys.stdin.buffer.read()
        ended.set()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=listen, name="input", daemon=True).start()
    return server.main(["--host", "127.0.0.1", "--port", str(port), "--database", str(folder / "hub.db")])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
