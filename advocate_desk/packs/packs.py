"""The rule packs: everything under `resources/` that is law, practice or reference, read when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar, cast

from advocate_desk.domain.bail import BailKinds, BailPeriods, ConditionCodes
from advocate_desk.domain.caseload import CaseloadRules
from advocate_desk.domain.cases import CaseStages, OffenceNotes, OutcomeCodes
from advocate_desk.domain.choices import ChoiceList
from advocate_desk.domain.clocks import LawClocks
from advocate_desk.domain.days import Holidays
from advocate_desk.domain.disclosure import DisclosureRules
from advocate_desk.domain.forms import FormSpec, Option
from advocate_desk.domain.hearings import HearingOutcomes, SpecialMeasures
from advocate_desk.domain.marac import MaracRules
from advocate_desk.domain.plan import PlanSections, Suggestions
from advocate_desk.domain.reference import Court, Force, Offence
from advocate_desk.domain.risk import Instrument
from advocate_desk.domain.standards import ContactStandards
from advocate_desk.packs import lists
from advocate_desk.packs.reading import read_toml

T = TypeVar("T")


class Packs:
    """Resources of the folder `root`, each read once. Every method may raise BrokenResource.

    Reading the same file on two threads at once gives both an equal value; one of the two is kept.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kept: dict[object, object] = {}

    def read(self, relative: str, schema: type[T]) -> T:
        """The TOML file `relative` to the resources folder, as the frozen dataclass `schema`."""
        return self._once((relative, schema), lambda: read_toml(self.root, relative, schema))

    def choices(self, key: str) -> tuple[Option, ...]:
        """The options of the choice list `key`, in the order they are shown."""
        derived = DERIVED_CHOICES.get(key)
        if derived is None:
            return self.read(f"lists/choices/{key}.toml", ChoiceList).option
        return self._once(("choices", key), lambda: derived(self))

    def label(self, list_key: str, option_key: str) -> str:
        """What to show for a stored option; one that the list no longer has shows as its key."""
        labels = self._once(
            ("labels", list_key), lambda: {option.key: option.label for option in self.choices(list_key)}
        )
        return labels.get(option_key, option_key)

    def form(self, key: str) -> FormSpec:
        """The form `key` of `resources/forms/`."""
        return self.read(f"forms/{key}.toml", FormSpec)

    def holidays(self) -> Holidays:
        """Bank holidays of England and Wales."""
        return self._once("holidays", lambda: lists.read_holidays(self.root))

    def courts(self) -> tuple[Court, ...]:
        """Every court that the list knows."""
        return self._once("courts", lambda: lists.read_courts(self.root))

    def court(self, key: str) -> Court | None:
        """The court with this code; None for one that was typed by hand."""
        return self._once("courts by key", lambda: {court.key: court for court in self.courts()}).get(key)

    def forces(self) -> tuple[Force, ...]:
        """The 43 territorial forces and British Transport Police."""
        return self._once("forces", lambda: lists.read_forces(self.root))

    def force(self, key: str) -> Force | None:
        """The force with this key; None for one that was typed by hand."""
        return self._once("forces by key", lambda: {force.key: force for force in self.forces()}).get(key)

    def offences(self) -> tuple[Offence, ...]:
        """Every offence code but motoring ones: some 27,000, so the first call takes a moment."""
        return self._once("offences", lambda: lists.read_offences(self.root))

    def offence(self, code: str) -> Offence | None:
        """The offence with this code; None for one that was typed by hand."""
        return self._once("offences by code", lambda: {item.code: item for item in self.offences()}).get(code)

    def search_courts(self, text: str, limit: int = 20, kinds: Collection[str] = ()) -> list[Option]:
        """Courts that match every word of `text`; only of `kinds` (keys of court_kind) unless that is empty."""
        search = self._once("courts search", lambda: lists.courts_search(self.courts()))
        if not kinds:
            return search.find(text, limit)
        wanted = self._once(
            ("courts of", frozenset(kinds)), lambda: {court.key for court in self.courts() if court.kind in kinds}
        )
        return search.find(text, limit, lambda option: option.key in wanted)

    def search_forces(self, text: str, limit: int = 20) -> list[Option]:
        """Police forces that match every word of `text`."""
        return self._once("forces search", lambda: lists.forces_search(self.forces())).find(text, limit)

    def search_offences(self, text: str, limit: int = 20) -> list[Option]:
        """Offences that match every word of `text`: the common ones of this work first, attempts and the like last."""
        return self._once("offences search", lambda: lists.offences_search(self.offences(), self.offence_notes())).find(
            text, limit
        )

    def instrument(self, key: str, version: str | None = None) -> Instrument:
        """The risk instrument `key`: the current version, or the older one that a record was made with."""
        current = self.read(f"instruments/{key}.toml", Instrument)
        if version is None or version == current.version:
            return current
        return self.read(f"instruments/{key}-{version}.toml", Instrument)

    def marac_rules(self) -> MaracRules:
        """The Marac criteria's numbers, as most areas have them."""
        return self.read("practice/marac.toml", MaracRules)

    def warm(self) -> None:
        """Read everything before anybody waits for it: the rules, the choices, the long lists and their search.

        Half a second in all. What is not read here is read by the window's own thread, when a screen first wants it.
        """
        for rules in (
            self.case_stages, self.outcome_codes, self.offence_notes, self.hearing_outcomes, self.special_measures,
            self.bail_kinds, self.bail_periods, self.clocks, self.condition_codes, self.plan_sections,
            self.contact_standards, self.caseload_rules, self.disclosure_rules, self.plan_suggestions, self.marac_rules,
        ):  # fmt: skip
            rules()
        for path in sorted((self.root / "lists" / "choices").glob("*.toml")):
            self.choices(path.stem)
        self.instrument("dash")
        self.search_offences("")
        self.search_courts("")
        self.search_forces("")
        self.holidays()

    def case_stages(self) -> CaseStages:
        """The stages of a criminal case, in order."""
        return self.read("law/case_stages.toml", CaseStages)

    def outcome_codes(self) -> OutcomeCodes:
        """Police outcomes and what they mean for the client."""
        return self.read("law/outcome_codes.toml", OutcomeCodes)

    def offence_notes(self) -> OffenceNotes:
        """The offences that are common in this work."""
        return self.read("law/offences.toml", OffenceNotes)

    def hearing_outcomes(self) -> HearingOutcomes:
        """How a hearing may end."""
        return self.read("law/hearing_outcomes.toml", HearingOutcomes)

    def special_measures(self) -> SpecialMeasures:
        """Special measures and practical ones at court."""
        return self.read("law/special_measures.toml", SpecialMeasures)

    def bail_kinds(self) -> BailKinds:
        """Kinds of bail, release and remand."""
        return self.read("law/bail_kinds.toml", BailKinds)

    def bail_periods(self) -> BailPeriods:
        """Steps of police bail before charge."""
        return self.read("law/bail_periods.toml", BailPeriods)

    def clocks(self) -> LawClocks:
        """Time limits of law and practice."""
        return self.read("law/clocks.toml", LawClocks)

    def condition_codes(self) -> ConditionCodes:
        """What conditions forbid or demand."""
        return self.read("law/conditions.toml", ConditionCodes)

    def plan_sections(self) -> PlanSections:
        """The parts of a safety plan."""
        return self.read("safety_plan/sections.toml", PlanSections)

    def contact_standards(self) -> ContactStandards:
        """What events ask us to do, and by when."""
        return self.read("practice/contact_standards.toml", ContactStandards)

    def caseload_rules(self) -> CaseloadRules:
        """What a caseload weighs, and against what capacity."""
        return self.read("practice/caseload.toml", CaseloadRules)

    def disclosure_rules(self) -> DisclosureRules:
        """Who may be given what."""
        return self.read("disclosure/rules.toml", DisclosureRules)

    def plan_suggestions(self) -> Suggestions:
        """Actions that risk answers and facts suggest."""
        return self.read("safety_plan/suggestions.toml", Suggestions)

    def _once(self, key: object, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        return cast(T, self._kept[key])


DERIVED_CHOICES: dict[str, Callable[[Packs], tuple[Option, ...]]] = {
    "case_stage": lambda packs: tuple(Option(item.key, item.label, item.acts) for item in packs.case_stages().stage),
    "outcome_code": lambda packs: tuple(
        Option(item.key, item.label, item.note) for item in packs.outcome_codes().outcome
    ),
    "hearing_outcome": lambda packs: tuple(
        Option(item.key, item.label, item.help) for item in packs.hearing_outcomes().outcome
    ),
    "special_measure": lambda packs: tuple(
        Option(item.key, item.label, item.help) for item in packs.special_measures().measure
    ),
    "bail_kind": lambda packs: tuple(Option(item.key, item.label, item.granted_by) for item in packs.bail_kinds().kind),
    "bail_authority": lambda packs: tuple(
        Option(item.key, item.label, item.authority) for item in packs.bail_periods().period
    ),
    "condition_code": lambda packs: tuple(
        Option(item.key, item.label, item.help) for item in packs.condition_codes().condition
    ),
    "plan_section": lambda packs: tuple(Option(item.key, item.title) for item in packs.plan_sections().section),
}
"""Choice lists that are the keys of a rule pack, so that each is written down once."""
