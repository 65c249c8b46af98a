"""Every file under `resources/`: it is what its schema says, names its source, and refers only to what exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from advocate_desk import paths
from advocate_desk.demonstration.people import Cast
from advocate_desk.desk.theme import load_colours
from advocate_desk.documents.card import CardFile
from advocate_desk.documents.card import telling_words as words_that_tell
from advocate_desk.documents.caseload_page import CaseloadFile
from advocate_desk.documents.in_force import InForceFile
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.documents.sheets.columns import ColumnsResource
from advocate_desk.domain.bail import BailKinds, BailPeriods, ConditionCodes
from advocate_desk.domain.caseload import CaseloadRules
from advocate_desk.domain.cases import CaseStages, OffenceNotes, OutcomeCodes
from advocate_desk.domain.choices import ChoiceList
from advocate_desk.domain.clocks import TRIGGERS, UNIT_WORDS, LawClocks
from advocate_desk.domain.contact import CHANNELS_OF, WEEKDAYS, Channel
from advocate_desk.domain.disclosure import DisclosureRules
from advocate_desk.domain.forms import Field, FormSpec
from advocate_desk.domain.hearings import HearingOutcomes, SpecialMeasures
from advocate_desk.domain.marac import MaracRules
from advocate_desk.domain.plan import PlanSections, Suggestions
from advocate_desk.domain.risk import GRADES, DetailCheck, Instrument
from advocate_desk.domain.sources import Source
from advocate_desk.domain.standards import EVENTS, UNITS, ContactStandards
from advocate_desk.errors import BrokenResource
from advocate_desk.packs.packs import DERIVED_CHOICES, Packs
from advocate_desk.packs.reading import read_toml

ROOT = paths.resources()
SCHEMAS: dict[str, type] = {
    "lists/choices/*.toml": ChoiceList,
    "forms/*.toml": FormSpec,
    "instruments/*.toml": Instrument,
    "law/bail_kinds.toml": BailKinds,
    "law/bail_periods.toml": BailPeriods,
    "law/case_stages.toml": CaseStages,
    "law/clocks.toml": LawClocks,
    "law/conditions.toml": ConditionCodes,
    "law/hearing_outcomes.toml": HearingOutcomes,
    "law/offences.toml": OffenceNotes,
    "law/outcome_codes.toml": OutcomeCodes,
    "law/special_measures.toml": SpecialMeasures,
    "practice/caseload.toml": CaseloadRules,
    "practice/contact_standards.toml": ContactStandards,
    "practice/marac.toml": MaracRules,
    "safety_plan/sections.toml": PlanSections,
    "safety_plan/suggestions.toml": Suggestions,
    "disclosure/rules.toml": DisclosureRules,
    "letters/card.toml": CardFile,
    "letters/caseload_summary.toml": CaseloadFile,
    "letters/in_force.toml": InForceFile,
    "letters/l_*.toml": LetterTemplate,
    "import/columns.toml": ColumnsResource,
    "demonstration/people.toml": Cast,
}
THEMES = "theme/*.toml"  # read before the packs are, by the theme itself
FILES = sorted(str(path.relative_to(ROOT).as_posix()) for path in ROOT.rglob("*.toml"))
PACKED = [name for name in FILES if not PurePosixPath(name).match(THEMES)]
CHOICES = sorted(path.stem for path in (ROOT / "lists" / "choices").glob("*.toml"))


@pytest.fixture(scope="module")
def packs() -> Packs:
    return Packs(ROOT)


def schema_of(name: str) -> type | None:
    fitting = [schema for pattern, schema in SCHEMAS.items() if PurePosixPath(name).match(pattern)]
    return fitting[0] if len(fitting) == 1 else None


def keys(packs: Packs, list_key: str) -> set[str]:
    return {option.key for option in packs.choices(list_key)}


def fields_of(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from fields_of(field.fields)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_what_its_schema_says(name: str) -> None:
    if PurePosixPath(name).match(THEMES):
        load_colours(PurePosixPath(name).stem)
        return
    schema = schema_of(name)
    assert schema is not None, "a resource without a schema: add it to SCHEMAS"
    read_toml(ROOT, name, schema)


@pytest.mark.parametrize("name", PACKED)
def test_every_file_names_its_source(name: str) -> None:
    said = tomllib.loads((ROOT / name).read_text("utf-8"))["source"]
    source = Source(**said)
    assert source.title
    assert source.licence
    assert source.read_on is not None or source.as_of is not None
    if source.in_force_from and source.in_force_to:
        assert source.in_force_from <= source.in_force_to


@pytest.mark.parametrize("name", PACKED)
def test_a_key_too_many_is_refused_with_its_file_and_place(name: str, tmp_path: Path) -> None:
    schema = schema_of(name)
    assert schema is not None
    text = (ROOT / name).read_text("utf-8")
    copy = tmp_path / name
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace("[source]\n", '[source]\nunheard_of = "x"\n', 1), encoding="utf-8")
    with pytest.raises(BrokenResource) as raised:
        read_toml(tmp_path, name, schema)
    assert f"resources/{name}" in raised.value.advice
    assert "$.source.unheard_of" in raised.value.advice


def test_every_long_list_is_named_in_the_page_of_sources() -> None:
    page = (ROOT / "SOURCES.md").read_text("utf-8")
    assert [path.name for path in (ROOT / "lists").glob("*.csv") if f"`lists/{path.name}`" not in page] == []
    for name, rows in re.findall(r"\| `lists/(\w+\.csv)` \| ([\d,]+) \|", page):
        lines = (ROOT / "lists" / name).read_text("utf-8").splitlines()
        assert len(lines) - 1 == int(rows.replace(",", "")), name


@pytest.mark.parametrize("key", [*CHOICES, *DERIVED_CHOICES])
def test_every_choice_list_has_options_that_can_be_told_apart(key: str, packs: Packs) -> None:
    options = packs.choices(key)
    assert len(options) >= 2
    assert len({option.key for option in options}) == len(options)
    assert len({option.label for option in options}) == len(options)
    assert all(option.label.strip() == option.label != "" for option in options)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", option.key) for option in options)
    assert packs.label(key, options[0].key) == options[0].label
    assert packs.label(key, "unheard_of") == "unheard_of"


def test_a_list_is_written_down_once(packs: Packs) -> None:
    assert set(CHOICES).isdisjoint(DERIVED_CHOICES)


def test_every_form_asks_from_lists_that_exist(packs: Packs) -> None:
    specs = [packs.instrument(path.stem).form_spec() for path in (ROOT / "instruments").glob("*.toml")]
    specs += [packs.form(path.stem) for path in (ROOT / "forms").glob("*.toml")]
    for spec in specs:
        for section in spec.sections:
            names = {field.key for field in section.fields}
            for field in fields_of(section.fields):
                if field.options:
                    assert packs.choices(field.options)
                if field.kind in ("choice", "choices"):
                    assert field.options, field.key
            shown = [field.shown_when.key for field in section.fields if field.shown_when]
            assert set(shown) <= names


def detail_exists(check: DetailCheck, instrument: Instrument, packs: Packs) -> bool:
    if check.item:
        asked = next(item.follow_up for item in instrument.item if item.key == check.item)
    else:
        asked = instrument.closing.fields
    field = next((field for field in asked if field.key == check.field), None)
    if field is None:
        return False
    return check.value in (keys(packs, field.options) if field.options else {"yes", "no"})


def test_an_instruments_groups_alerts_and_numbers_fit_together(packs: Packs) -> None:
    dash = packs.instrument("dash")
    items = {item.key for item in dash.item}
    groups = {group.key for group in dash.group}
    assert {item.group for item in dash.item} == groups
    assert items.isdisjoint({field.key for field in dash.closing.fields})
    assert 0 < dash.high_from <= len(items)
    for rule in dash.alert:
        assert {*rule.all_of, *rule.any_of} <= items
        assert rule.all_of or rule.any_of
        assert all(detail_exists(check, dash, packs) for check in rule.any_detail)
    order = [item.group for item in dash.item]
    assert order == sorted(order, key=[group.key for group in dash.group].index)


def test_a_suggestion_names_items_sections_owners_and_facts_that_exist(packs: Packs) -> None:
    pack, dash = packs.plan_suggestions(), packs.instrument("dash")
    items = {item.key for item in dash.item}
    facts = {fact.key for fact in pack.fact}
    for each in pack.suggestion:
        assert each.section in keys(packs, "plan_section"), each.key
        assert each.owner in keys(packs, "action_owner"), each.key
        assert set(each.when_yes) <= items, each.key
        assert {*each.when_fact, *each.needs} <= facts, each.key
        assert all(detail_exists(check, dash, packs) for check in each.when_detail), each.key
        assert each.always or each.when_yes or each.when_detail or each.when_fact, each.key
        assert each.due_days is None or 0 <= each.due_days <= 28, each.key
        assert len(each.text) <= 320, each.key


def test_every_section_of_the_plan_and_every_item_of_the_dash_suggests_something(packs: Packs) -> None:
    pack = packs.plan_suggestions()
    assert {each.section for each in pack.suggestion} == keys(packs, "plan_section")
    answered = {key for each in pack.suggestion for key in each.when_yes}
    answered |= {check.item for each in pack.suggestion for check in each.when_detail}
    silent = {item.key for item in packs.instrument("dash").item} - answered
    assert silent == {"police_history"}  # nothing for the client to do
    used = {fact for each in pack.suggestion for fact in (*each.when_fact, *each.needs)}
    assert {fact.key for fact in pack.fact} == used


def test_the_discreet_card_has_headings_that_tell_nothing(packs: Packs) -> None:
    rules = read_toml(ROOT, "letters/card.toml", CardFile).card
    headings = " / ".join(section.card_title for section in packs.plan_sections().section)
    assert words_that_tell((), rules, headings) == ()


def test_a_contact_standard_names_events_units_origins_and_facts_that_exist(packs: Packs) -> None:
    pack = packs.contact_standards()
    for each in pack.standard:
        assert each.event in EVENTS, each.key
        assert each.unit in UNITS, each.key
        assert each.origin in keys(packs, "task_origin"), each.key
        assert set(each.grades) <= {*GRADES, "unknown"}, each.key
        assert {*each.needs, *each.unless} <= set(pack.fact), each.key
        assert each.length >= 0
    assert {each.event for each in pack.standard} == set(EVENTS) - {"contact_made"}
    fulfilled = [key for each in pack.fulfilled for key in each.standards]
    assert set(fulfilled) <= {each.key for each in pack.standard}
    assert len(fulfilled) == len(set(fulfilled))
    days = [each.length for each in pack.standard if each.event == "report"]
    assert tuple(days) == pack.first_days_contact
    assert max(days) == pack.first_days


def test_a_clock_counts_by_a_known_rule_and_never_overlaps_itself(packs: Packs) -> None:
    clocks = packs.clocks().clock
    assert {clock.rule for clock in clocks} <= set(UNIT_WORDS)
    assert {trigger for clock in clocks for trigger in clock.after} == set(TRIGGERS)
    for clock in clocks:
        assert clock.length > 0
        others = [each for each in clocks if each.key == clock.key and each is not clock]
        for other in others:
            first, second = sorted((clock, other), key=lambda each: each.in_force_from or date.min)
            assert first.in_force_to is not None
            assert second.in_force_from is not None
            assert first.in_force_to < second.in_force_from


def test_bail_steps_grow_and_name_who_may_authorise_them(packs: Packs) -> None:
    pack = packs.bail_periods()
    standard = [period.months for period in pack.period if period.standard]
    assert standard == sorted(set(standard)) == [3, 6, 9, 12]
    assert {period.counts_from for period in pack.period} == {"start", "previous_end"}
    assert all(period.authority and period.section for period in pack.period)
    assert pack.source.in_force_from == date(2022, 10, 28)


def test_common_offences_have_codes_that_the_list_has(packs: Packs) -> None:
    codes = [code for note in packs.offence_notes().offence for code in note.cjs_codes]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if packs.offence(code) is None] == []
    limits = {note.summary_limit for note in packs.offence_notes().offence}
    assert limits == {"", "six_months", "domestic_abuse"}


def test_lists_that_the_rules_speak_of_have_the_same_keys(packs: Packs) -> None:
    assert tuple(option.key for option in packs.choices("weekday")) == WEEKDAYS
    assert keys(packs, "contact_channel") == {channel.value for channel in Channel}
    assert set(CHANNELS_OF) | {"other"} == keys(packs, "contact_kind")
    assert tuple(option.key for option in packs.choices("risk_grade")) == GRADES
    assert {packs.marac_rules().repeat_definition, "older"} == keys(packs, "marac_definition")


def test_no_wording_supposes_who_the_client_is() -> None:
    """Clients and perpetrators are of every gender: what is shown says "the client", "the perpetrator" or "they"."""
    owned = [name for name in FILES if name.split("/")[0] in ("law", "practice", "safety_plan", "instruments")]
    told = [
        name for name in owned if re.search(r"\b(she|her|hers|he|him|his)\b", (ROOT / name).read_text("utf-8"), re.I)
    ]
    assert told == []
