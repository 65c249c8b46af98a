"""Founding, inviting, joining and removing through a real hub, as the team's pages do it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from advocate_desk.casework.intake import open_file
from advocate_desk.casework.membership import adopt_files
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.team import changing, enrolment
from advocate_desk.desk.team.enrolment import FoundingWishes, Guest
from advocate_desk.desk.team.roster import PersonLine, Roster, roster
from advocate_desk.errors import Blocked, Invalid, Refused
from advocate_desk.sync import overview, share_codes, shares
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import Removed, Unreachable
from advocate_desk.sync.link import Link
from advocate_desk.sync.share_codes import ShareCode
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, SUPERVISOR
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import HttpHub, Line
from advocate_desk.vault.device import new_device
from advocate_desk.vault.recovery import RecoveryCode
from tests.builders import NOON, a_work, an_intake
from tests.running_hub import running_hub


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_hub(tmp_path_factory.mktemp("hub"), "sesame") as found:
        yield found


class Desk:
    """A store, a device, and what the pages stand on."""

    everyone: list[Desk] = []  # noqa: RUF012 - closed by the fixture below

    def __init__(self, folder: Path, name: str) -> None:
        (folder / name).mkdir()
        made = a_work(folder / name, NOON)
        self.device = new_device()
        self.work = Work(made.engine, FixedClock(NOON), made.packs, Actor(name, "advocate", str(self.device.id)))
        self.hub: HttpHub | None = None
        self.everyone.append(self)

    def link(self) -> Link:
        seen = overview.read(self.work.engine)
        if self.hub is None and seen is not None:
            at = parse_address(seen.hub_address)
            self.hub = HttpHub(at, seen.organisation, self.device.id.bytes, self.device.sign_seed)
        write = partial(writing, is_stopped=lambda: False)
        return Link(self.work.engine, self.device, self.hub, self.work.clock, write, Line)

    def exchange(self) -> Report:
        hub = self.link().hub
        assert hub is not None
        return Exchange(self.work.engine, self.device, hub, self.work.clock).run()

    def roster(self) -> Roster:
        found = roster(self.work)
        assert found is not None
        return found

    def me(self) -> PersonLine:
        found = self.roster().person(self.roster().me)
        assert found is not None
        return found

    def file_count(self) -> int:
        with self.work.engine.connect() as conn:
            return int(conn.exec_driver_sql("SELECT count(*) FROM client_file").scalar_one())

    def close(self) -> None:
        if self.hub is not None:
            self.hub.close()
        self.work.engine.dispose()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while Desk.everyone:
        Desk.everyone.pop().close()


def wishes(address: str) -> FoundingWishes:
    return FoundingWishes("Harbour Service", address, "Ann Organiser", "Office", (ADVOCATE,), founding_code="sesame")


@pytest.fixture
def ann(tmp_path: Path, address: str) -> Desk:
    desk = Desk(tmp_path, "Ann")
    person = enrolment.found(desk.link(), enrolment.prepare(desk.link(), wishes(address)))
    adopt_files(desk.work, person)
    return desk


def invited(ann: Desk, desk: Desk, guest: Guest, address: str) -> UUID:
    """Invite, answer, admit."""
    code, kept = enrolment.invite(ann.link(), guest, "Ann Organiser")
    seen = enrolment.look_at_invitation(desk.link(), address, " ".join(code.groups))
    person = enrolment.join(desk.link(), seen, "Laptop")
    enrolment.admit(ann.link(), kept.ticket.name)
    return person


def test_the_founder_is_listed_with_her_device_and_her_roles(ann: Desk, address: str) -> None:
    found = ann.roster()
    assert (found.name, found.hub_address, found.shares) == ("Harbour Service", address, (2, 3))
    assert found.is_admitted and found.is_administrator
    me = ann.me()
    assert (me.name, me.initials, me.roles) == ("Ann Organiser", "AO", (ADVOCATE, ADMINISTRATOR))
    assert [(each.name, each.is_this) for each in me.devices] == [("Office", True)]
    assert [(each.kind, each.about, each.at) for each in found.log] == [("founded", "Ann Organiser", NOON)]


def test_a_hub_with_a_founding_code_takes_no_other(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path, "Ann")
    draft = enrolment.prepare(desk.link(), replace(wishes(address), founding_code="open"))
    with pytest.raises(Refused, match="founding code"):
        enrolment.found(desk.link(), draft)
    assert roster(desk.work) is None


def test_a_founding_whose_answer_was_lost_may_be_repeated(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path, "Ann")
    draft = enrolment.prepare(desk.link(), wishes(address))
    enrolment.found(desk.link(), draft)
    with desk.work.engine.begin() as conn:
        for table in ("organisation", "member_statement", "collection_key"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
    enrolment.found(desk.link(), draft)
    assert desk.roster().is_administrator


def test_names_and_numbers_that_make_no_organisation_are_refused_by_field(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path, "Ann")
    for change, field in (
        ({"name": " "}, "name"),
        ({"person_name": ""}, "person_name"),
        ({"needed": 1}, "made"),
        ({"needed": 4}, "made"),
        ({"hub_address": "http://hub.example.org"}, "address"),
    ):
        with pytest.raises(Invalid) as refused:
            enrolment.prepare(desk.link(), replace(wishes(address), **change))
        assert field in refused.value.problems


def test_an_address_where_nobody_or_somebody_else_answers_is_said_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "Ann")
    with pytest.raises(Unreachable, match="Nothing answered"):
        enrolment.prepare(desk.link(), wishes("http://127.0.0.1:9"))
    with nonsense() as there:
        with pytest.raises(Unreachable, match="other than a hub"):
            enrolment.prepare(desk.link(), wishes(there))
        code = " ".join(no_code())
        with pytest.raises(Unreachable, match="other than a hub"):
            enrolment.look_at_invitation(desk.link(), there, code)


def no_code() -> tuple[str, ...]:
    return RecoveryCode.new().groups


class nonsense:  # noqa: N801 - reads as what it is
    """A web server that is no hub."""

    def __enter__(self) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<html>Welcome to our portal</html>")

            do_POST = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def test_an_invited_person_receives_the_files_of_the_team(tmp_path: Path, ann: Desk, address: str) -> None:
    open_file(ann.work, an_intake())
    ben = Desk(tmp_path, "Ben")
    code, kept = enrolment.invite(ann.link(), Guest("Ben Newcomer", (SUPERVISOR,)), "Ann Organiser")
    seen = enrolment.look_at_invitation(ben.link(), address, "".join(code.groups).lower())
    assert (seen.offer.organisation_name, seen.offer.inviter_name) == ("Harbour Service", "Ann Organiser")
    assert [each.is_answered for each in enrolment.answers(ann.link())] == [False]
    person = enrolment.join(ben.link(), seen, "Ben's laptop")
    assert not ben.roster().is_admitted
    assert [each.device_name for each in enrolment.answers(ann.link())] == ["Ben's laptop"]
    enrolment.admit(ann.link(), kept.ticket.name)
    assert ann.roster().invitations == ()
    for desk in (ann, ben, ann, ben):
        desk.exchange()
    assert ben.file_count() == 1
    assert ben.me().person == person.hex and ben.me().roles == (SUPERVISOR,)
    assert {each.name for each in ben.roster().people} == {"Ann Organiser", "Ben Newcomer"}
    assert [each.kind for each in ben.roster().log] == ["device", "joined", "founded"]
    assert ann.roster().person(person.hex).devices[0].heard_at is None  # type: ignore[union-attr]


def test_a_second_device_of_ones_own_has_ones_own_files(tmp_path: Path, ann: Desk, address: str) -> None:
    open_file(ann.work, an_intake())
    adopt_files(ann.work, UUID(ann.roster().me))
    other = Desk(tmp_path, "Ann's other")
    person = invited(ann, other, Guest("Ann Organiser", person=ann.roster().me), address)
    assert person.hex == ann.roster().me
    for desk in (ann, other, ann, other):
        desk.exchange()
    assert other.file_count() == 1
    assert {each.name for each in other.me().devices} == {"Office", "Laptop"}


def test_a_wrong_a_used_an_expired_and_a_withdrawn_code_fail_clearly(tmp_path: Path, ann: Desk, address: str) -> None:
    ben, thief = Desk(tmp_path, "Ben"), Desk(tmp_path, "Thief")
    with pytest.raises(Refused, match="no invitation under this code"):
        enrolment.look_at_invitation(ben.link(), address, " ".join(no_code()))
    with pytest.raises(Invalid, match="mistake in the first group"):
        enrolment.look_at_invitation(ben.link(), address, "00001 " + " ".join(no_code()[1:]))
    code, kept = enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")
    both = [enrolment.look_at_invitation(each.link(), address, " ".join(code.groups)) for each in (ben, thief)]
    enrolment.join(ben.link(), both[0], "Laptop")
    with pytest.raises(Refused, match="used already"):
        enrolment.join(thief.link(), both[1], "Laptop")
    with pytest.raises(Refused, match="used already"):
        enrolment.look_at_invitation(thief.link(), address, " ".join(code.groups))
    assert roster(thief.work) is None
    enrolment.take_back(ann.link(), kept.ticket.name)
    with pytest.raises(Refused, match="no invitation under this code"):
        enrolment.look_at_invitation(thief.link(), address, " ".join(code.groups))
    with pytest.raises(Refused, match="no invitation"):
        enrolment.admit(ann.link(), kept.ticket.name)
    enrolment.give_up_joining(ben.link())
    assert roster(ben.work) is None


def test_an_invitation_that_has_ended_is_shown_as_over(ann: Desk) -> None:
    _, kept = enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")
    assert isinstance(ann.work.clock, FixedClock)
    ann.work.clock.advance(kept.ends_at - ann.work.clock.now() + timedelta(seconds=1))
    assert [each.is_over for each in enrolment.answers(ann.link())] == [True]


def test_only_an_administrator_changes_the_organisation(tmp_path: Path, ann: Desk, address: str) -> None:
    ben = Desk(tmp_path, "Ben")
    person = invited(ann, ben, Guest("Ben", (ADVOCATE,)), address)
    ben.exchange()
    for act in (
        lambda: changing.set_person(ben.link(), person.hex, [ADMINISTRATOR], []),
        lambda: changing.set_team(ben.link(), "", "Night team", ""),
        lambda: enrolment.invite(ben.link(), Guest("Cat", (ADVOCATE,)), "Ben"),
        lambda: changing.revoke(ben.link(), ann.me().devices[0].device, is_lost=True),
    ):
        with pytest.raises(Refused):
            act()
    assert ben.me().roles == (ADVOCATE,)
    assert len(ann.roster().log) == 3


def test_the_last_administrator_stays(ann: Desk) -> None:
    with pytest.raises(Blocked, match="last one"):
        changing.set_person(ann.link(), ann.roster().me, [ADVOCATE], [])
    with pytest.raises(Blocked, match="device you are at"):
        changing.revoke(ann.link(), ann.me().devices[0].device, is_lost=True)


def test_teams_and_roles_are_changed_and_told(tmp_path: Path, ann: Desk, address: str) -> None:
    ben = Desk(tmp_path, "Ben")
    person = invited(ann, ben, Guest("Ben", (ADVOCATE,)), address)
    changing.set_team(ann.link(), "", "Court team", "Leeds")
    team = ann.roster().teams[0]
    assert (team.name, team.site, team.is_active) == ("Court team", "Leeds", True)
    changing.set_person(ann.link(), person.hex, [ADVOCATE, SUPERVISOR], [team.team])
    changing.set_person(ann.link(), person.hex, [ADVOCATE, SUPERVISOR], [team.team])
    changing.set_team(ann.link(), team.team, "Court team", "York")
    for desk in (ann, ben):
        desk.exchange()
    assert ben.me().roles == (ADVOCATE, SUPERVISOR)
    assert ben.roster().team_names(ben.me().teams) == ("Court team",)
    told = [(each.kind, each.about, each.teams) for each in ann.roster().log[:3]]
    assert told == [("team", "Court team", ()), ("changed", "Ben", ("Court team",)), ("team_made", "Court team", ())]


def test_two_administrators_who_speak_at_once_are_both_heard(tmp_path: Path, ann: Desk, address: str) -> None:
    ben = Desk(tmp_path, "Ben")
    invited(ann, ben, Guest("Ben", (ADMINISTRATOR,)), address)
    for desk in (ben, ann, ben):
        desk.exchange()
    changing.set_team(ann.link(), "", "Days", "")
    changing.set_team(ben.link(), "", "Nights", "")
    assert [each.name for each in ben.roster().teams] == ["Days", "Nights"]
    ann.exchange()
    assert [each.name for each in ann.roster().teams] == ["Days", "Nights"]


def test_a_lost_device_is_out_at_once_and_its_honest_work_stays(tmp_path: Path, ann: Desk, address: str) -> None:
    ben = Desk(tmp_path, "Ben")
    person = invited(ann, ben, Guest("Ben", (SUPERVISOR,)), address)
    for desk in (ann, ben, ann):
        desk.exchange()
    open_file(ben.work, an_intake())
    ben.exchange()
    changing.revoke(ann.link(), ben.device.id.hex, is_lost=True)
    with pytest.raises(Removed) as removed:
        ben.exchange()
    assert removed.value.is_lost
    assert ann.exchange().troubles == []
    line = ann.roster().person(person.hex)
    assert line is not None and line.devices[0].is_out and line.devices[0].is_lost
    assert line.devices[0].heard_at == NOON
    assert ann.roster().log[0].kind == "lost"


def test_a_member_who_leaves_delivers_and_is_out(tmp_path: Path, ann: Desk, address: str) -> None:
    ben = Desk(tmp_path, "Ben")
    person = invited(ann, ben, Guest("Ben", (SUPERVISOR,)), address)
    for desk in (ann, ben, ann):
        desk.exchange()
    changing.set_person(ann.link(), person.hex, [SUPERVISOR], [], is_active=False)
    with pytest.raises(Removed) as removed:
        ben.exchange()
    assert not removed.value.is_lost
    assert ann.roster().log[0].kind == "left"


def test_the_sheets_rebuild_the_secret_and_each_notices_its_mistakes(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path, "Ann")
    draft = enrolment.prepare(desk.link(), wishes(address))
    sheets = draft.sheets
    assert len(sheets) == 3 and len({each.mark for each in sheets}) == 1
    typed: tuple[ShareCode, ...] = ()
    for each in sheets[1:]:
        typed = share_codes.add(typed, " ".join(each.groups).lower())
    assert typed == sheets[1:]
    joined = shares.join({each.number: each.share for each in typed})
    assert bytes(joined) == bytes(shares.join(draft.founding.shares))
    with pytest.raises(Invalid, match="typed already"):
        share_codes.add(typed, " ".join(sheets[1].groups))
    other = enrolment.prepare(desk.link(), wishes(address)).sheets[0]
    with pytest.raises(Invalid, match="another organisation"):
        share_codes.add(typed, " ".join(other.groups))
    groups = list(sheets[0].groups)
    groups[12] = groups[12][1] + groups[12][0] + groups[12][2:] if groups[12][0] != groups[12][1] else "00001"
    with pytest.raises(Invalid, match="thirteenth"):
        ShareCode.parse(" ".join(groups))
    draft.discard()
    assert draft.sheets == () and draft.founding.shares == {}
    with pytest.raises(ValueError, match="wiped"):
        draft.founding.key.buffer.clear()


def test_two_sheets_make_a_member_administrator_when_nobody_else_can_act(tmp_path: Path, address: str) -> None:
    ann, ben, new = Desk(tmp_path, "Ann"), Desk(tmp_path, "Ben"), Desk(tmp_path, "Ann's new")
    draft = enrolment.prepare(ann.link(), wishes(address))
    sheets = draft.sheets
    enrolment.found(ann.link(), draft)
    open_file(ann.work, an_intake())
    adopt_files(ann.work, UUID(ann.roster().me))
    invited(ann, ben, Guest("Ben", (SUPERVISOR,)), address)
    for desk in (ann, ben, ann, ben):
        desk.exchange()
    strangers = enrolment.prepare(ann.link(), wishes(address)).sheets
    assert not changing.take_over(ben.link(), sheets[:1])
    assert not changing.take_over(ben.link(), strangers[:2])
    assert not ben.roster().is_administrator
    assert changing.take_over(ben.link(), sheets[1:])
    assert ben.roster().is_administrator
    told = ben.roster().log[0]
    assert (told.kind, told.signer, told.about, told.roles) == ("changed", "", "Ben", (SUPERVISOR, ADMINISTRATOR))
    lost = next(each for each in ben.roster().people if each.name == "Ann Organiser")
    changing.revoke(ben.link(), lost.devices[0].device, is_lost=True)
    invited(ben, new, Guest("Ann Organiser", person=lost.person), address)
    for desk in (ben, new, ben, new):
        desk.exchange()
    assert new.file_count() == 1
    assert new.me().name == "Ann Organiser" and new.roster().is_administrator


def test_what_a_device_sends_while_it_is_taken_out_stays_believed(
    tmp_path: Path, ann: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = Desk(tmp_path, "Ben")
    changing.set_person(ann.link(), ann.roster().me, [ADMINISTRATOR, SUPERVISOR], [])
    invited(ann, ben, Guest("Ben", (SUPERVISOR,)), address)
    for desk in (ann, ben, ann):
        desk.exchange()
    fetch = Exchange.run

    def then_sends(exchange: Exchange) -> Report:
        report = fetch(exchange)
        monkeypatch.undo()
        open_file(ben.work, an_intake())
        ben.exchange()
        return report

    monkeypatch.setattr(Exchange, "run", then_sends)
    changing.revoke(ann.link(), ben.device.id.hex, is_lost=True)
    assert ann.exchange().troubles == [] and ann.file_count() == 1


def test_names_are_sealed_anew_to_nobody_who_is_out(tmp_path: Path, ann: Desk, address: str) -> None:
    ben, cat = Desk(tmp_path, "Ben"), Desk(tmp_path, "Cat")
    for desk, name in ((ben, "Ben"), (cat, "Cat")):
        invited(ann, desk, Guest(name, (SUPERVISOR,)), address)
    for desk in (ann, ben, cat):
        desk.exchange()
    changing.revoke(ann.link(), ben.device.id.hex, is_lost=True)
    ann.exchange()
    changing.set_team(ann.link(), "", "After the loss", "")
    for desk in (ann, cat, ann, cat):
        desk.exchange()
    assert [each.name for each in cat.roster().teams] == ["After the loss"]
    assert epochs(ann) == epochs(cat) == [1, 2]
    assert epochs(ben) == [1]


def epochs(desk: Desk) -> list[int]:
    """Those of the organisation's own key that a desk holds."""
    with desk.work.engine.connect() as conn:
        held = "SELECT epoch FROM collection_key k JOIN organisation o ON o.organisation = k.collection ORDER BY epoch"
        return [row[0] for row in conn.exec_driver_sql(held)]
