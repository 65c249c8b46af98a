"""What may leave a file: the firewall, the consent, and the tick on this very document."""

from __future__ import annotations

import pytest

from advocate_desk.domain.disclosure import (
    AddresseeKind,
    DisclosureItem,
    DisclosureRules,
    Objection,
    ObjectionKind,
    Sensitivity,
    check,
    may_be_given,
)
from advocate_desk.packs.packs import Packs

OWN = (AddresseeKind.CLIENT, AddresseeKind.INTERNAL)
NAME = DisclosureItem("name", "Name")


@pytest.fixture(scope="session")
def rules(packs: Packs) -> DisclosureRules:
    return packs.disclosure_rules()


def everything(packs: Packs) -> list[str]:
    return [option.key for option in packs.choices("consent_scope")]


def objections(item: DisclosureItem, addressee: str, packs: Packs, gateway: str = "consent") -> list[ObjectionKind]:
    found = check([item], addressee, everything(packs), gateway, packs.disclosure_rules())
    return [each.kind for each in found]


def test_a_plain_fact_with_consent_meets_no_objection(packs: Packs) -> None:
    assert objections(NAME, "court", packs) == []


@pytest.mark.parametrize("gateway", ["consent", "crime", "court_order", "vital_interests"])
@pytest.mark.parametrize("addressee", [kind for kind in AddresseeKind if kind not in (*OWN, "immigration_solicitor")])
def test_no_consent_tick_or_ground_opens_the_immigration_firewall(addressee: str, gateway: str, packs: Packs) -> None:
    status = DisclosureItem("status", "Immigration status", Sensitivity.IMMIGRATION, is_ticked=True)
    assert ObjectionKind.REFUSED in objections(status, addressee, packs, gateway)
    assert not may_be_given(status, addressee, packs.disclosure_rules())


def test_the_clients_immigration_solicitor_may_have_it_with_that_consent(rules: DisclosureRules) -> None:
    status = DisclosureItem("status", "Immigration status", Sensitivity.IMMIGRATION, is_ticked=True)
    to = AddresseeKind.IMMIGRATION_SOLICITOR
    assert check([status], to, ["share_immigration"], "consent", rules) == ()
    assert any(each.blocks for each in check([status], to, ["share_police"], "crime", rules))


@pytest.mark.parametrize("addressee", ["court", "cps", "probation", "prison", "employer", "school"])
def test_where_she_is_never_goes_into_these_letters(addressee: str, packs: Packs) -> None:
    address = DisclosureItem("address", "Home address", Sensitivity.LOCATION, is_ticked=True)
    assert objections(address, addressee, packs) == [ObjectionKind.REFUSED]


def test_an_address_for_the_police_needs_its_tick(packs: Packs) -> None:
    address = DisclosureItem("address", "Home address", Sensitivity.LOCATION, "client_address")
    ticked = DisclosureItem("address", "Home address", Sensitivity.LOCATION, "client_address", is_ticked=True)
    assert objections(address, "police", packs) == [ObjectionKind.NEEDS_TICK]
    assert objections(ticked, "police", packs) == []


@pytest.mark.parametrize(
    "topic",
    ["other_clients", "refuge_location", "informant", "dash_form", "marac", "dvds", "sexual_history",
     "health_diagnosis", "substance_use", "children_details", "perpetrator_health", "evidence_account"],
)  # fmt: skip
def test_what_is_blocked_by_default_stays_out_of_a_court_letter(topic: str, packs: Packs) -> None:
    item = DisclosureItem("x", "Something", Sensitivity.NONE, topic, is_ticked=True)
    assert objections(item, "court", packs) == [ObjectionKind.REFUSED]


def test_without_a_ground_nothing_is_shared(rules: DisclosureRules) -> None:
    found = check([NAME], "court", ["share_court"], "", rules)
    assert [each.kind for each in found] == [ObjectionKind.REFUSED]


def test_consent_as_the_ground_must_be_recorded_for_this_addressee(rules: DisclosureRules) -> None:
    assert check([NAME], "police", ["share_police"], "consent", rules) == ()
    assert any(each.blocks for each in check([NAME], "police", ["share_court"], "consent", rules))


def test_another_ground_without_consent_is_a_warning_to_write_down_why(rules: DisclosureRules) -> None:
    found = check([NAME], "police", [], "vital_interests", rules)
    assert [each.kind for each in found] == [ObjectionKind.WARNING]
    assert not found[0].blocks


def test_the_client_may_have_her_own_facts_without_a_ground(rules: DisclosureRules) -> None:
    items = [DisclosureItem(kind, kind, kind) for kind in Sensitivity]
    assert check(items, "client", [], "", rules) == ()


def test_an_objection_names_the_item_and_never_its_content(rules: DisclosureRules) -> None:
    found = check([DisclosureItem("a", "Diagnosis", Sensitivity.HEALTH)], "gp", ["share_health"], "consent", rules)
    assert found == (Objection(ObjectionKind.NEEDS_TICK, "Diagnosis: tick it on this document if it must be in.", "a"),)


def test_an_unknown_addressee_is_an_error(rules: DisclosureRules) -> None:
    with pytest.raises(ValueError, match="addressee"):
        check([NAME], "neighbour", [], "consent", rules)


def test_every_addressee_and_sensitivity_has_its_rule(rules: DisclosureRules, packs: Packs) -> None:
    assert [rule.key for rule in rules.addressee] == [kind.value for kind in AddresseeKind]
    assert {option.key for option in packs.choices("addressee_kind")} == {kind.value for kind in AddresseeKind}
    assert {rule.key for rule in rules.sensitivity} == {kind.value for kind in Sensitivity} - {"none"}
    named = [key for rule in rules.sensitivity for key in (*rule.only, *rule.never, *rule.free)]
    named += [key for rule in rules.topic for key in (*rule.free, *rule.allowed)]
    assert set(named) <= {kind.value for kind in AddresseeKind}
    assert {rule.scope for rule in rules.addressee} - {""} <= set(everything(packs))
