"""The plan as papers: what the full plan says, and which short lines a discreet card could carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from advocate_desk.casework.settings import get
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.plan.presenter import PlanPicture
from advocate_desk.documents.card import CardFile, CardPart, CardRules, card_pdf, telling_words
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.safety_plan import PlanAction, PlanPart, SafetyPlan, safety_plan_pdf
from advocate_desk.domain.contact import banner
from advocate_desk.packs.packs import Packs

HER_OWN = ("client", "family_friend", "")  # what others do is no note to carry
_ROW_LETTERS = 44  # characters that one row of the card holds, roughly
_ROWS = 15  # of both halves, title and headings included, roughly


@dataclass(frozen=True)
class PlanWishes:
    """What the client wants on the full plan."""

    title: str = "My plan"
    contact: str = ""
    names_service: bool = False


@dataclass(frozen=True)
class CardLine:
    """A line that a card could carry, under the plain heading of its part. `key` is the action's."""

    key: str
    heading: str
    text: str
    is_on: bool


def contact_rule(found: PlanPicture) -> str:
    """How the client may be reached, without the number or address."""
    file = found.view.file.banner
    methods = [each.method for each in file.contacts]
    parts = banner(methods, found.today, [each.kind for each in file.alerts])
    return " · ".join(part.text for part in parts if not part.is_private)


def full_plan(office: Office, found: PlanPicture, wishes: PlanWishes) -> bytes:
    """The full plan as PDF. On the store's thread. Raises Refused for a character that no font has."""
    plan = found.current
    if plan is None:
        raise AssertionError("a plan is printed only when there is one")
    packs = office.packs
    letterhead: dict[str, Any] = get(office.work, "letterhead") or {}
    parts = tuple(
        PlanPart(
            part.title,
            tuple(
                PlanAction(
                    each.text,
                    packs.label("action_owner", each.owner) if each.owner else "",
                    each.due_on,
                    packs.label("action_status", each.status),
                    each.shared_with,
                )
                for each in lines
            ),
        )
        for part, lines in found.areas
    )
    client = found.view.file.client
    paper = SafetyPlan(
        client_name=client.name if client else "",
        made_on=plan.made_on or found.today,
        review_on=plan.review_on,
        version=plan.version,
        parts=parts,
        title=wishes.title.strip() or PlanWishes().title,
        kept_where=plan.kept_where,
        contact=wishes.contact,
        service_name=str(letterhead.get("service_name") or "") if wishes.names_service else "",
    )
    return finish_pdf(safety_plan_pdf(office.fonts, paper))


def card_rules(packs: Packs) -> CardRules:
    """What a card is called, and the words that would tell."""
    return packs.read("letters/card.toml", CardFile).card


def telling(text: str, packs: Packs) -> str:
    """The first word of a line that would say what the card is about; "" for none."""
    return next(iter(telling_words((CardPart("", (text,)),), card_rules(packs))), "")


def card_lines(found: PlanPicture, packs: Packs) -> tuple[CardLine, ...]:
    """A line for each action still to do, in its first sentence; hers are on while they tell nothing and fit."""
    lines: list[CardLine] = []
    rows, headings = 1, set[str]()
    for part, many in found.areas:
        for action in many:
            if action.status == "done":
                continue
            text = short_line(action.text)
            more = 1 + len(text) // _ROW_LETTERS + (part.card_title not in headings)
            is_on = action.owner in HER_OWN and not telling(text, packs) and rows + more <= _ROWS
            if is_on:
                rows += more
                headings.add(part.card_title)
            lines.append(CardLine(str(action.action_id), part.card_title, text, is_on))
    return tuple(lines)


def short_line(text: str) -> str:
    """The first sentence of an action."""
    return " ".join(text.split()).split(". ")[0].rstrip(".")


def card_parts(lines: Iterable[CardLine]) -> tuple[CardPart, ...]:
    """The lines that are on, by heading in their order."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.is_on and line.text.strip():
            found.setdefault(line.heading, []).append(line.text.strip())
    return tuple(CardPart(heading, tuple(many)) for heading, many in found.items())


def card(office: Office, lines: Sequence[CardLine], title: str) -> bytes:
    """The discreet card as PDF. Raises Refused for a word that tells, or for too much."""
    return finish_pdf(card_pdf(office.fonts, card_parts(lines), card_rules(office.packs), title))
