from __future__ import annotations

from dataclasses import replace

import pytest

from advocate_desk.documents.disclosure import Preflight, Secrets, Sharing, preflight
from advocate_desk.documents.letter import default_included
from advocate_desk.documents.letter_template import Include, LetterFact, LetterTemplate
from advocate_desk.domain.disclosure import ObjectionKind, Sensitivity
from tests.unit.documents.papers import court_facts, rules, template

TO_COURT = Sharing("court", frozenset({"share_court"}), "consent")
TICKED = frozenset({"effect_words", "practical_requests"})


def listed(**changes: object) -> Preflight:
    arguments: dict[str, object] = {
        "template": template(),
        "values": court_facts().values(),
        "included": default_included(template()),
        "ticked": TICKED,
        "sharing": TO_COURT,
        "rules": rules(),
    }
    return preflight(**{**arguments, **changes})  # type: ignore[arg-type]


def item(found: Preflight, key: str) -> object:
    return next(each for each in found.items if each.key == key)


def test_a_letter_with_all_its_facts_and_ticks_may_be_made() -> None:
    found = listed()
    assert found.may_be_made
    assert found.objections == ()
    assert "Client’s name" in found.disclosed
    assert "Defendant’s name" not in found.disclosed


def test_what_is_sensitive_must_be_confirmed_on_this_letter() -> None:
    found = listed(ticked=frozenset())
    assert not found.may_be_made
    assert [objection.item_key for objection in found.objections] == ["effect_words", "practical_requests"]
    assert found.objections[0].kind is ObjectionKind.NEEDS_TICK


def test_what_is_left_out_needs_no_tick_and_is_not_told() -> None:
    found = listed(ticked=frozenset(), included=default_included(template()) - TICKED)
    assert found.may_be_made
    assert "effect_words" not in found.included


def test_each_fact_is_listed_with_its_value_and_reason() -> None:
    found = listed()
    assert [each.key for each in found.items] == [fact.key for fact in template().fact]
    assert all(each.why for each in found.items)
    assert item(found, "urn").value == "13LD1234526"  # type: ignore[attr-defined]
    assert item(found, "urn").is_fixed  # type: ignore[attr-defined]


def test_missing_required_facts_are_asked_for_as_a_form() -> None:
    found = listed(values={**court_facts().values(), "urn": "", "supported_since": ""})
    assert not found.may_be_made
    assert found.questions is not None
    fields = found.questions.sections[0].fields
    assert [field.key for field in fields] == ["urn", "supported_since"]
    assert all(field.required for field in fields)


def with_immigration() -> LetterTemplate:
    fact = LetterFact("status", "Immigration status", Include.ALWAYS, "None.", Sensitivity.IMMIGRATION)
    return replace(template(), fact=(*template().fact, fact))


@pytest.mark.parametrize("addressee", ["court", "cps", "witness_care"])
def test_immigration_status_cannot_be_put_in_by_any_choice(addressee: str) -> None:
    sharing = Sharing(addressee, frozenset({"share_court", "share_immigration", "share_police"}), "consent")
    found = listed(
        template=with_immigration(),
        values={**court_facts().values(), "status": "planted status"},
        included={"status", *default_included(template())},
        ticked={"status", *TICKED},
        sharing=sharing,
    )
    assert "status" not in found.included
    assert not item(found, "status").is_allowed  # type: ignore[attr-defined]
    assert "Immigration status" not in found.disclosed


def test_without_recorded_consent_another_ground_is_needed() -> None:
    assert not listed(sharing=replace(TO_COURT, consents=frozenset())).may_be_made
    assert not listed(sharing=replace(TO_COURT, gateway="")).may_be_made
    found = listed(sharing=Sharing("court", frozenset(), "court_order"))
    assert found.may_be_made
    assert [objection.kind for objection in found.objections] == [ObjectionKind.WARNING]


def test_another_addressee_is_refused() -> None:
    found = listed(sharing=Sharing("police", frozenset({"share_police"}), "consent"))
    assert not found.may_be_made


@pytest.mark.parametrize(
    "text",
    [
        "I live at 12 Planted Street now.",
        "Write to 12, PLANTED  street!",
        "Ring me on 07700-900 123.",
        "I moved to LS7  4QQ.",
    ],
)
def test_an_address_or_number_in_a_free_text_is_found_and_refused(text: str) -> None:
    kept_out = {"home address": ("12 Planted Street\nLS7 4QQ",), "phone number": ("07700 900123",)}
    found = listed(values=court_facts(effect_words=text).values(), secrets=Secrets(kept_out))
    assert not found.may_be_made
    refused = [objection for objection in found.objections if objection.kind is ObjectionKind.REFUSED]
    assert [objection.item_key for objection in refused] == ["effect_words"]
    assert "lanted" not in refused[0].text


def test_words_that_judge_are_pointed_out_but_not_forbidden() -> None:
    found = listed(values=court_facts(effect_words="He is guilty and my abuser.").values())
    assert found.may_be_made
    assert {objection.kind for objection in found.objections} == {ObjectionKind.WARNING}
    assert len(found.objections) == 2
