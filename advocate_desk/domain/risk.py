"""Risk instruments: what they ask, what they find, and how a person's judgement stands beside the score.

A score is a count of answers, never a prediction. "Don't know" is counted and shown, never hidden. Judgement may raise
a grade and never lower one that the score reached.

Answers are form values (see `domain.forms`): {item key: {"answer": "yes"|"no"|"dont_know"|"", "detail": {...},
"source": str}, closing field key: value}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.domain.sources import Source

Answers = Mapping[str, object]
GRADES = ("standard", "medium", "high")


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `group` is the key of its group; `follow_up` asks more when the answer is yes."""

    key: str
    group: str
    label: str
    help: str = ""
    follow_up: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are asked together."""

    key: str
    title: str
    intro: str = ""


@dataclass(frozen=True, slots=True)
class DetailCheck:
    """True when the follow-up `field` of `item` is (or includes) `value`; with `item` "" a closing field."""

    item: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class AlertRule:
    """Raised whatever the score: every item of `all_of` is yes, one of `any_of`, and one of the details (if any)."""

    key: str
    label: str
    advice: str
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    any_detail: tuple[DetailCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """`resources/instruments/<key>.toml`.

    `high_from`: the score that reaches high. `incomplete_above_unknown`: with more "don't know" than this the
    assessment is incomplete. `not_prediction` is shown beside every score.
    """

    source: Source
    key: str
    version: str
    title: str
    intro: str
    not_prediction: str
    high_from: int
    incomplete_above_unknown: int
    review_after_days: int
    group: tuple[Group, ...]
    item: tuple[Item, ...]
    closing: Section
    alert: tuple[AlertRule, ...]

    def form_spec(self) -> FormSpec:
        """The form that asks it: a section for each group, then the professional's own section."""
        groups = tuple(
            Section(
                group.key,
                group.title,
                tuple(_field(item) for item in self.item if item.group == group.key),
                group.intro,
            )
            for group in self.group
        )
        return FormSpec(
            f"instrument.{self.key}", self.title, (*groups, self.closing), self.version, self.intro, "Save assessment"
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What the answers say. `floor` is the grade that the score reached, "" below the threshold.

    `could_reach` is True when the unknowns, if confirmed, could bring the score to the threshold.
    """

    score: int
    dont_know_count: int
    unanswered: tuple[str, ...]
    is_complete: bool
    could_reach: bool
    alerts: tuple[AlertRule, ...]
    floor: str


@dataclass(frozen=True, slots=True)
class Grading:
    """The grade that stands. `refusal` says why a lower choice was not taken; `needs_reason`: judgement raised it."""

    grade: str
    refusal: str = ""
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An item whose answer is not what it was. `is_worse`: it became yes; `is_detail_only`: only the details differ."""

    key: str
    label: str
    before: str
    after: str
    is_worse: bool = False
    is_detail_only: bool = False


def answer_to(answers: Answers, key: str) -> str:
    """Answer "yes", "no", "dont_know" or "" for the item `key`."""
    value = answers.get(key)
    said = value.get("answer", "") if isinstance(value, Mapping) else ""
    return said if said in ("yes", "no", "dont_know") else ""


def assess(instrument: Instrument, answers: Answers) -> Finding:
    """Score, unknowns, completeness and alerts of `answers`, which may be half done.

    Source: SafeLives Dash, scoring by the number of yes answers; the rest is this program's own convention.
    """
    said = {item.key: answer_to(answers, item.key) for item in instrument.item}
    score = sum(answer == "yes" for answer in said.values())
    unknown = sum(answer == "dont_know" for answer in said.values())
    unanswered = tuple(key for key, answer in said.items() if not answer)
    reached = score >= instrument.high_from
    return Finding(
        score=score,
        dont_know_count=unknown,
        unanswered=unanswered,
        is_complete=not unanswered and unknown <= instrument.incomplete_above_unknown,
        could_reach=not reached and score + unknown + len(unanswered) >= instrument.high_from,
        alerts=tuple(rule for rule in instrument.alert if _is_raised(rule, said, answers)),
        floor="high" if reached else "",
    )


def effective_grade(finding: Finding, chosen: str) -> Grading:
    """The grade that stands when a person chose `chosen` ("" if she has not yet).

    Judgement may raise, never lower: a choice below the floor is refused, in words, and the floor stands.
    """
    if not chosen:
        return Grading(finding.floor)
    if finding.floor and GRADES.index(chosen) < GRADES.index(finding.floor):
        return Grading(
            finding.floor,
            refusal=f"The score of {finding.score} has reached {finding.floor} risk. Judgement can raise a grade but "
            "not lower one that the score reached. A manager can note why the risk is seen differently.",
        )
    return Grading(chosen, needs_reason=chosen == "high" and not finding.floor)


def asks_for_judgement(finding: Finding, other_grade: str) -> bool:
    """True if another agency graded higher than this score did, so that both are kept and a person is asked."""
    return other_grade in GRADES and GRADES.index(other_grade) > GRADES.index(finding.floor or "standard")


def band(finding: Finding, bands: Mapping[str, int]) -> str:
    """The band an area prints for this score, from `bands` {grade: lowest score}. "" when incomplete or none fits.

    Bands are an area's own setting and no part of the instrument; without the setting there are none.
    """
    if not finding.is_complete:
        return ""
    fitting = [(lowest, grade) for grade, lowest in bands.items() if finding.score >= lowest]
    return max(fitting)[1] if fitting else ""


def changes(instrument: Instrument, before: Answers, after: Answers) -> tuple[Change, ...]:
    """What changed since the last assessment, item by item in the instrument's order."""
    found = []
    for item in instrument.item:
        was, now = answer_to(before, item.key), answer_to(after, item.key)
        if was != now:
            found.append(Change(item.key, item.label, was, now, is_worse=now == "yes"))
        elif _detail(before, item.key) != _detail(after, item.key):
            found.append(Change(item.key, item.label, was, now, is_detail_only=True))
    return tuple(found)


def _field(item: Item) -> Field:
    return Field(item.key, FieldKind.ANSWER, item.label, item.help, fields=item.follow_up)


def _detail(answers: Answers, key: str) -> dict[str, object]:
    value = answers.get(key)
    detail = value.get("detail") if isinstance(value, Mapping) else None
    return {name: said for name, said in detail.items() if said} if isinstance(detail, Mapping) else {}


def _is_raised(rule: AlertRule, said: Mapping[str, str], answers: Answers) -> bool:
    if any(said.get(key) != "yes" for key in rule.all_of):
        return False
    if rule.any_of and not any(said.get(key) == "yes" for key in rule.any_of):
        return False
    return not rule.any_detail or any(has_detail(check, answers) for check in rule.any_detail)


def has_detail(check: DetailCheck, answers: Answers) -> bool:
    """True if `answers` give the detail that `check` looks for; a follow-up counts only while its item is yes."""
    if not check.item:
        value = answers.get(check.field)
    elif answer_to(answers, check.item) == "yes":
        value = _detail(answers, check.item).get(check.field)
    else:
        return False
    return check.value in value if isinstance(value, (list, tuple)) else value == check.value
