"""What a desk believes of the hub: chains, named changes, and what the hub leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nacl.signing import SigningKey

from advocate_desk.sync import manifest as manifests
from advocate_desk.sync import wire
from advocate_desk.sync.manifest import MEMBERS, NONE, Chains, Claim, Distrust, Manifest, Seen
from advocate_desk.sync.wire import Change, Current, PulledPart, PulledPush

ORGANISATION, FILE, OTHER_FILE = b"o" * 16, b"f" * 16, b"g" * 16
SEEDS = {b"a" * 16: b"\x01" * 32, b"b" * 16: b"\x02" * 32}
PUBLIC = {device: bytes(SigningKey(seed).verify_key) for device, seed in SEEDS.items()}
ANN, BEN = sorted(SEEDS)


def key_of(device: bytes, _number: int) -> bytes | None:
    return PUBLIC.get(device)


def changes(count: int, start: int = 0) -> list[Change]:
    return [Change(bytes([start + each]) * 16, each, 1, b"envelope %d" % (start + each)) for each in range(count)]


class Device:
    """Writes pushes as a device does, and shows them as the hub does."""

    def __init__(self, device: bytes) -> None:
        self.device, self.number, self.last = device, 0, NONE

    def push(
        self,
        batch: list[Change],
        *,
        seen: tuple[Seen, ...] = (),
        number: int | None = None,
        after: int | None = None,
        organisation: bytes = ORGANISATION,
        seed: bytes | None = None,
        members: int = 0,
    ) -> PulledPush:
        self.number = number if number is not None else self.number + 1
        body, signature = manifests.sign(
            Manifest(
                organisation,
                self.device,
                self.number,
                after if after is not None else self.number - 1,
                self.last,
                list(seen),
                [manifests.named(FILE, batch)],
                members,
            ),
            seed or SEEDS[self.device],
        )
        self.last = wire.digest(body)
        part = PulledPart(FILE, [Current(each.item, each.expected + 1, each.epoch, each.envelope) for each in batch])
        return PulledPush(self.number, body, signature, [part])


@pytest.fixture
def chains() -> Chains:
    return Chains(ORGANISATION, key_of)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Distrust) as refusal:
        act()
    return refusal.value.what


def test_a_chain_is_taken_link_by_link(chains: Chains) -> None:
    ann = Device(ANN)
    for _ in range(3):
        pulled = ann.push(changes(2))
        listed = manifests.check_part(chains.take(pulled), pulled.parts[0])
        assert [each.is_here for each in listed] == [True, True]
    assert chains.ends[ANN].number == 3


def test_a_manifest_of_nobody_or_by_another_hand_is_refused(chains: Chains) -> None:
    assert refused(lambda: chains.take(Device(ANN).push(changes(1), seed=SEEDS[BEN]))) == "signature"
    stranger = Chains(ORGANISATION, lambda _device, _number: None)
    assert refused(lambda: stranger.take(Device(ANN).push(changes(1)))) == "no member"
    assert refused(lambda: chains.take(Device(ANN).push(changes(1), organisation=b"x" * 16))) == "another organisation"
    assert refused(lambda: chains.take(PulledPush(1, b"junk", bytes(64), []))) == "malformed"
    assert chains.ends == {}


def test_a_replayed_manifest_is_refused(chains: Chains) -> None:
    ann = Device(ANN)
    first = ann.push(changes(1))
    chains.take(first)
    chains.take(ann.push(changes(1)))
    assert refused(lambda: chains.take(first)) == "replayed"


def test_a_left_out_manifest_is_a_gap(chains: Chains) -> None:
    ann = Device(ANN)
    chains.take(ann.push(changes(1)))
    ann.push(changes(1))
    assert refused(lambda: chains.take(ann.push(changes(1)))) == "gap"


def test_two_manifests_of_one_number_do_not_both_fit(chains: Chains) -> None:
    ann = Device(ANN)
    chains.take(ann.push(changes(1)))
    twin = Device(ANN)
    twin.push(changes(2))
    assert refused(lambda: chains.take(twin.push(changes(1)))) == "another history"


def test_a_device_may_say_itself_that_the_hub_lost_what_lay_between(chains: Chains) -> None:
    ann = Device(ANN)
    chains.take(ann.push(changes(1)))
    ann.push(changes(1))
    chains.take(ann.push(changes(1), after=1))
    assert chains.ends[ANN].number == 3


@pytest.mark.parametrize("spoil", ["envelope", "revision", "item", "order", "twice", "extra", "missing"])
def test_a_change_that_the_manifest_does_not_name_is_refused(chains: Chains, spoil: str) -> None:
    pulled = Device(ANN).push(changes(3))
    one, two, three = pulled.parts[0].items
    given = {
        "envelope": [Current(one.item, one.revision, 1, b"another"), two, three],
        "revision": [Current(one.item, one.revision + 1, 1, one.envelope), two, three],
        "item": [Current(two.item, one.revision, 1, one.envelope), two, three],
        "order": [two, one, three],
        "twice": [one, two, two],
        "extra": [one, two, three, Current(b"z" * 16, 1, 1, b"forged")],
        "missing": [one, two],
    }[spoil]
    checked = chains.take(pulled)
    assert refused(lambda: manifests.check_part(checked, PulledPart(FILE, given))) in {"entries", "repeated"}


def test_what_was_overtaken_is_listed_and_checked_by_its_entry(chains: Chains) -> None:
    batch = changes(3)
    pulled = Device(ANN).push(batch)
    part = PulledPart(FILE, pulled.parts[0].items[1:], wire.entries_of(batch))
    checked = chains.take(pulled)
    assert [each.is_here for each in manifests.check_part(checked, part)] == [False, True, True]
    forged = PulledPart(FILE, [Current(b"z" * 16, 1, 1, b"forged")], wire.entries_of(batch))
    assert refused(lambda: manifests.check_part(checked, forged)) == "not named"


def test_a_whole_collection_left_out_is_noticed(chains: Chains) -> None:
    checked = chains.take(Device(ANN).push(changes(1)))
    assert manifests.unaccounted(checked, [], lambda _file: True) == [FILE]
    assert manifests.unaccounted(checked, [], lambda _file: False) == []


def test_a_colleague_who_has_seen_more_shows_what_the_hub_withholds(chains: Chains) -> None:
    ann, ben = Device(ANN), Device(BEN)
    chains.take(ann.push(changes(1)))
    hidden = ann.push(changes(1, start=5))
    chains.take(ben.push(changes(1, start=9), seen=(Seen(ANN, 2),)))
    assert chains.unmet() == {(ANN, BEN): Claim(2, 1)}
    chains.take(hidden)
    assert chains.unmet() == {}


def test_a_claim_is_settled_by_the_next_word_of_the_device_that_it_is_about(chains: Chains) -> None:
    ann, ben = Device(ANN), Device(BEN)
    chains.take(ann.push(changes(1)))
    chains.take(ben.push(changes(1, start=9), seen=(Seen(ANN, 10**6),)))
    chains.take(ann.push(changes(1)))
    assert chains.unmet() == {(ANN, BEN): Claim(10**6, 1)}
    chains.take(ann.push(changes(1), seen=(Seen(BEN, 1),)))
    assert chains.unmet() == {}
    assert chains.contradicted == {BEN}
    chains.take(ben.push(changes(1, start=9), seen=(Seen(ANN, 10**6),)))
    assert chains.unmet() == {}


def test_a_claim_that_its_device_has_gone_past_speaks_against_nobody(chains: Chains) -> None:
    ann, ben = Device(ANN), Device(BEN)
    chains.take(ann.push(changes(1)))
    hidden = ann.push(changes(1))
    chains.take(ben.push(changes(1, start=9), seen=(Seen(ANN, 2),)))
    chains.take(hidden)
    chains.take(ann.push(changes(1), seen=(Seen(BEN, 1),)))
    assert chains.unmet() == {}
    assert chains.contradicted == set()


def test_nothing_can_be_claimed_of_a_device_that_there_is_not(chains: Chains) -> None:
    ben = Device(BEN)
    chains.take(ben.push(changes(1), seen=(Seen(b"z" * 16, 5), Seen(BEN, 99))))
    assert chains.unmet() == {}


def test_a_members_chain_that_is_said_to_be_longer_is_a_claim_like_any_other(chains: Chains) -> None:
    ann = Device(ANN)
    chains.members = 3
    chains.take(ann.push(changes(1), members=3))
    assert chains.unmet() == {}
    chains.take(ann.push(changes(1), members=4))
    assert chains.unmet() == {(MEMBERS, ANN): Claim(4, 2)}
    chains.members = 4
    assert chains.unmet() == {}


def test_a_manifest_tells_only_what_is_news(chains: Chains) -> None:
    chains.take(Device(ANN).push(changes(1)))
    chains.take(Device(BEN).push(changes(1)))
    assert chains.seen({ANN: 1}) == [Seen(BEN, 1)]
