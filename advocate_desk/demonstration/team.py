"""The demonstration of a team: a manager's desk, eight advocates at three sites, and a hub on this computer alone.

Nothing in it is played: the organisation is founded, the colleagues are invited and join, and everything goes through
the hub sealed, as anywhere. Two colleagues have stores of their own, in which `team_at_work` goes on working.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, select

from advocate_desk import paths
from advocate_desk.casework import caseload_summary
from advocate_desk.casework.allocation import NOBODY, Advocate, allocate
from advocate_desk.casework.settings import put
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import Clock
from advocate_desk.demonstration.caseload import WORKER, YOU, fill, is_of_today, plots
from advocate_desk.demonstration.plot import Plot
from advocate_desk.demonstration.profile import COST, MADE_AT, PASSPHRASE, new_store
from advocate_desk.demonstration.team_process import TeamProcess
from advocate_desk.domain.caseload import initials
from advocate_desk.domain.identity import FileId
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import WORKER_KEY, to_json
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.store.tables.files import client_file
from advocate_desk.sync import enrol, membership, state
from advocate_desk.sync.address import Address, parse_address
from advocate_desk.sync.door import Door
from advocate_desk.sync.enrol import Offer
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.link import Link
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, Members, SetPerson, SetTeam
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import HttpHub, Line
from advocate_desk.vault.folder import has_vault
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault, open_vault

ORGANISATION = "Exampleford Domestic Abuse Service (demonstration)"
TEAMS = (("Court team", "Exampleford"), ("Hospital team", "Sampleton"), ("Community team", "Testham"))
ADVOCATES = (
    "Kit Example", "Sam Specimen", "Alex Invented", "Bo Fictional", "Chris Pretend", "Dana Notional", "Jo Imaginary",
    "Lee Placeholder",
)  # fmt: skip
AT_WORK = 2
"""The first so many advocates have desks of their own."""
JOINING = 8
"""What a colleague's joining and first exchange take, in files that are written."""
SHARES_OUT = (0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1, 4, 5, 0, None, 2, 6)
"""Whose each file is, over and over: some have much, some have room, and a few files nobody has."""
HOURS_PERCENT = (20, 25, 30, 20, 30, 15, 40, 20)
"""Of full-time, so that few files fill a caseload."""
PORT_FILE, COLLEAGUES = "port", "colleagues"
HANDOVER = "Referred late on a Friday. Nobody has taken her on yet."


@dataclass(frozen=True, slots=True)
class Seat:
    """An open desk of the team."""

    work: Work
    vault: OpenVault

    def alone(self) -> Link:
        """What is done before the desk belongs to the organisation stands on this."""
        write = partial(writing, is_stopped=lambda: False)
        return Link(self.work.engine, self.vault.device, None, self.work.clock, write, Line)

    @contextmanager
    def linked(self, address: Address) -> Iterator[Link]:
        """What is done as a member: with the hub at `address`, until the end of the block."""
        with membership.driver_of(self.alone()) as driver:
            organisation = membership.standing(driver).organisation
        device = self.vault.device
        hub = HttpHub(address, organisation, device.id.bytes, device.sign_seed)
        try:
            yield replace(self.alone(), hub=hub)
        finally:
            hub.close()

    def exchange(self, link: Link) -> None:
        """Exchange until nothing is left."""
        Exchange(self.work.engine, self.vault.device, membership.hub_of(link), self.work.clock).run()


def others_of(folder: Path) -> Path:
    """Where the hub and the colleagues of the demonstration in `folder` are kept."""
    return folder.with_name(f"{folder.name}-others")


def open_team(
    folder: Path, clock: Clock, progress: Callable[[int, int], None], started: Callable[[TeamProcess], object]
) -> OpenVault:
    """The manager's vault, with the hub and the colleagues at work; made anew when older than half a day.

    `started` is given what runs beside the desk as soon as it does: whoever keeps it ends it. Raises Unavailable.
    """
    others = others_of(folder)
    if has_vault(folder) and is_of_today(folder, clock) and (others / PORT_FILE).exists():
        port = int((others / PORT_FILE).read_text(encoding="ascii"))
        if _is_free(port):
            process = TeamProcess.start(others, port)
            started(process)
            process.await_hub()
            process.begin()
            return open_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=COST)
    for each in (folder, others):
        shutil.rmtree(each, ignore_errors=True)
    others.mkdir(parents=True, mode=0o700)
    port = _free_port()
    process = TeamProcess.start(others, port)  # its hub comes up while the caseload is written
    started(process)
    vault = _make(folder, others, process, clock, progress)
    (others / PORT_FILE).write_text(str(port), encoding="ascii")
    (folder / MADE_AT).write_text(clock.now().isoformat(), encoding="ascii")
    process.begin()
    return vault


@contextmanager
def seat(folder: Path, name: str, clock: Clock) -> Iterator[Seat]:
    """A desk of the team that is there, closed at the end but for its vault. `name` is who works at it."""
    vault = open_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=COST)
    engine = open_store(folder / DATABASE_NAME, vault.db_key.buffer)
    try:
        yield _seated(engine, vault, name, clock)
    finally:
        engine.dispose()


@contextmanager
def new_seat(folder: Path, name: str, clock: Clock) -> Iterator[Seat]:
    """A desk of the team that is made, and on the disk at the end of the block."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=COST).finish()
    with new_store(folder, vault, clock) as engine:
        yield _seated(engine, vault, name, clock)


def _seated(engine: Engine, vault: OpenVault, name: str, clock: Clock) -> Seat:
    return Seat(Work(engine, clock, Packs(paths.resources()), Actor(name, "advocate", str(vault.device.id))), vault)


def team_plots() -> tuple[Plot, ...]:
    """The demonstration's files, shared out among the advocates; the manager tells those that nobody has."""
    return tuple(replace(plot, allocated_to=_owner(plot.number)) for plot in plots())


def _owner(number: int) -> str:
    whose = SHARES_OUT[number % len(SHARES_OUT)]
    return YOU if whose is None else ADVOCATES[whose]


def _make(
    folder: Path, others: Path, process: TeamProcess, clock: Clock, progress: Callable[[int, int], None]
) -> OpenVault:
    address, told = parse_address(f"http://127.0.0.1:{process.port}"), team_plots()
    whole = len(told) + AT_WORK * JOINING
    with new_seat(folder, YOU, clock) as manager:
        device, written = str(manager.vault.device.id), lambda done, _all: progress(done, whole)
        fill(manager.work.engine, manager.work.packs, clock, device, written, told)
        worker = replace(WORKER, role="the manager of an advocacy service", job_title="Service Manager")
        put(manager.work, WORKER_KEY, to_json(worker))
        process.await_hub()
        _found(manager, address)
        with manager.linked(address) as link:
            people = _people(link)
            _share_out(manager.work, people)
            for number in range(AT_WORK):
                name = ADVOCATES[number]
                with new_seat(others / COLLEAGUES / str(number), name, clock) as colleague:
                    _join(link, colleague, people[name], address)
                    manager.exchange(link)
                    with colleague.linked(address) as joined:
                        colleague.exchange(joined)
                colleague.vault.close()
                progress(len(told) + (number + 1) * JOINING, whole)
            manager.exchange(link)
    return manager.vault


def _found(manager: Seat, address: Address) -> None:
    at = int(manager.work.clock.now().timestamp())
    founding = enrol.found(
        manager.vault.device, Name(YOU, initials(YOU)), (SUPERVISOR,), 2, 3, device_name="Manager’s computer", at=at
    )
    with closing(Door(address)) as door:
        door.found("", founding.statement)
    membership.begin(manager.alone(), founding, address.text, ORGANISATION)


def _people(link: Link) -> dict[str, Advocate]:
    """Make the teams and say who is in them. Those with desks of their own come by invitation."""
    with membership.driver_of(link) as driver:
        stand = membership.standing(driver)
        keys = state.keys(driver)[stand.organisation]
    teams = [os.urandom(16) for _ in TEAMS]
    for team, (name, site) in zip(teams, TEAMS, strict=True):
        act = SetTeam(team, True, seal_name(Name(name, site), stand.organisation, team, keys))
        membership.say(link, partial(_once, act))

    def lead(members: Members) -> SetPerson | None:
        """The manager leads every team: a supervisor reads the files of her teams."""
        own = members.people[stand.person]
        is_said = own.teams == frozenset(teams)
        return None if is_said else SetPerson(own.person, sorted(own.roles), teams, True, own.sealed)

    membership.say(link, lead)
    found = {}
    for number, name in enumerate(ADVOCATES):
        person, team = os.urandom(16), teams[number % len(teams)]
        found[name] = Advocate(name, UUID(bytes=person), (UUID(bytes=team),))
        if number >= AT_WORK:
            sealed = seal_name(Name(name, initials(name)), stand.organisation, person, keys)
            membership.say(link, partial(_once, SetPerson(person, [ADVOCATE], [team], True, sealed)))
    return found


def _once(act: SetTeam | SetPerson, members: Members) -> SetTeam | SetPerson | None:
    """What is still to be said of `act`: a lost answer of the hub asks twice."""
    is_said = act.team in members.teams if isinstance(act, SetTeam) else act.person in members.people
    return None if is_said else act


def _join(link: Link, colleague: Seat, person: Advocate, address: Address) -> None:
    """Invite a colleague, answer for her, and let her in."""
    with membership.driver_of(link) as driver:
        stand = membership.standing(driver)
    code = RecoveryCode.new()
    ticket = enrol.ticket(code)
    code.wipe()
    if person.person is None:
        raise ValueError("an advocate of the team has an id")
    teams = [each.bytes for each in person.teams]
    offer = Offer(
        stand.organisation,
        stand.root_public,
        address.text,
        ORGANISATION,
        person.person.bytes,
        person.name,
        [ADVOCATE],
        teams,
        YOU,
    )
    kept = membership.invite(link, ticket, offer)
    with closing(Door(address)) as door:
        door.answer(ticket.name, enrol.reply(ticket, colleague.vault.device, "Laptop"))
    membership.begin_joining(colleague.alone(), offer, address.text)
    put(colleague.work, WORKER_KEY, to_json(replace(WORKER, name=person.name, email="")))
    answered = membership.hub_of(link).answer_to(ticket.name)
    membership.admit(link, kept, enrol.open_reply(ticket, answered.answer))


def _share_out(work: Work, people: dict[str, Advocate]) -> None:
    """Say of each file whose it is, by her id; and set the hours of everybody."""
    with work.engine.connect() as conn:
        rows = conn.execute(select(client_file.c.id, client_file.c.allocated_to)).all()
    for file_id, name in rows:
        if name in people:
            allocate(work, FileId(file_id), people[name])
        else:
            allocate(work, FileId(file_id), NOBODY, HANDOVER)
    hours = {
        each.person.hex: percent
        for each, percent in zip(people.values(), HOURS_PERCENT, strict=True)
        if each.person is not None
    }
    caseload_summary.save_rules(work, replace(caseload_summary.rules(work), full_time_percent=hours), for_all=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
