"""What is known of the exchange at one moment: how the last one ended, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from advocate_desk.desk.team.places import has_hub, is_file
from advocate_desk.sync.attachments import Moved
from advocate_desk.sync.exchange import Report
from advocate_desk.sync.overview import Event, Overview


@dataclass(frozen=True, slots=True)
class Ended:
    """How an exchange ended.

    `kind`: "done", "stopped", "unreachable", "refused", "knocking" (nobody has let this desk in yet), "distrust",
    "lost", "left", "away" (the exchange file is not there now), "idle" (nothing has changed, in that file or here) or
    "trouble". `code` is the hub's word for its refusal, or what is not to be trusted; `advice` the words of an error
    that has them; `seen` how the desk stood afterwards.
    """

    kind: str
    code: str = ""
    detail: int = 0
    advice: str = ""
    report: Report = field(default_factory=Report)
    moved: Moved = field(default_factory=Moved)
    seen: Overview | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether there is something to be told."""
        return self.kind not in {"done", "stopped", "away", "idle"}


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """What is shown of the exchange.

    `progress`: how far of how much; None unless much is on its way. `waiting`: changes to be sent. `documents`: those
    whose bytes are still to come; `unsent_documents`: still to be sent; `is_at_documents`: bytes are on their way.
    `notes`: what the last exchange had to say though it ended well. `alarms`: what nobody has read yet, the newest
    first. `withheld_at`: when it was last told that the hub keeps something back. `has_file`: its desks meet in a file
    instead of a hub; `is_away`: that was not there when it was last looked for. `is_out`: the organisation has let
    this desk go. `statements`: how many of the members' chain are here.
    """

    is_enrolled: bool = False
    has_hub: bool = False
    has_file: bool = False
    is_away: bool = False
    is_paused: bool = False
    is_running: bool = False
    progress: tuple[int, int] | None = None
    last_at: datetime | None = None
    waiting: int = 0
    documents: int = 0
    unsent_documents: int = 0
    is_at_documents: bool = False
    withdrawn: int = 0
    trouble: Ended | None = None
    notes: tuple[str, ...] = ()
    alarms: tuple[Event, ...] = ()
    withheld_at: datetime | None = None
    is_out: bool = False
    statements: int = 0

    def after(self, seen: Overview | None) -> ExchangeState:
        """The state with how the desk stands now; all else as it was."""
        if seen is None:
            return ExchangeState()
        return replace(
            self,
            is_enrolled=True,
            has_hub=has_hub(seen.hub_address),
            has_file=is_file(seen.hub_address),
            is_paused=seen.is_paused,
            last_at=seen.exchanged_at,
            waiting=seen.waiting,
            documents=seen.documents,
            unsent_documents=seen.unsent_documents,
            withdrawn=seen.withdrawn,
            alarms=seen.alarms,
            withheld_at=seen.withheld_at,
            is_out=seen.is_out,
            statements=seen.statements,
        )
