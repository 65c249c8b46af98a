"""Every rule of the style sheet, in every theme: what it writes stands out from what it writes on, in every state."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from advocate_desk.desk.theme import Look, load_colours, style_sheet
from advocate_desk.settings import THEMES
from tests.desk.contrast import SIGN, TEXT, contrast

GROUNDS = ("canvas", "surface", "sunken", "raised")
WORDLESS = re.compile(r"handle|chunk|separator|indicator|arrow|box=\"(toast|rail|line|upright)")
"""What has no words of its own: lines and handles, and boxes whose words have rules of their own."""
ON_RAIL, ON_TOAST = "rail", "toast"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PART = re.compile(r"(\w+|\*)?((?:#\w+|\[[^\]]*\])*)((?:::?[\w-]+)*)$")


@dataclass(frozen=True)
class Selector:
    """The last part of a selector: a kind of widget, with the properties and states that it must have."""

    kind: str
    wants: frozenset[str]
    around: str

    def covers(self, other: Selector) -> bool:
        """Whether every widget that the other matches is matched by this too."""
        return self.kind in (other.kind, "QWidget") and self.wants <= other.wants and self.around in ("", other.around)


def rules(sheet: str) -> list[tuple[Selector, dict[str, str]]]:
    """The rules of a style sheet in their order, one a selector."""
    found = []
    for heads, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)):
        said = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+)", body))
        for head in heads.split(","):
            around, _, last = head.strip().rpartition(" ")
            part = _PART.match(last)
            assert part is not None, head
            wants = re.findall(r"#\w+|\[[^\]]*\]", part[2]) + re.findall(r"::?[\w-]+", part[3])
            found.append((Selector(part[1] or "", frozenset(wants), around), said))
    return found


def looks(sheet: str) -> list[tuple[Selector, dict[str, str]]]:
    """Each selector with all that holds for it: its own rule, and those more general that it stands on."""
    all_rules = rules(sheet)
    made = []
    for selector, _own in all_rules:
        under = [(len(each.wants), at, said) for at, (each, said) in enumerate(all_rules) if each.covers(selector)]
        merged: dict[str, str] = {}
        for _weight, _at, said in sorted(under, key=lambda one: one[:2]):
            merged |= said
        made.append((selector, merged))
    return made


def grounds(selector: Selector, said: dict[str, str], colours: object) -> list[str]:
    """What its words may stand on."""
    own = said.get("background", said.get("background-color", "transparent"))
    if own.startswith("#"):
        return [own]
    if "rail" in selector.around or '[role="rail"]' in selector.wants:
        return [getattr(colours, ON_RAIL)]
    if "toast" in selector.around:
        return [getattr(colours, ON_TOAST)]
    tone = re.search(r'tone="(\w+)"', selector.around)
    if tone is not None:
        return [getattr(colours, f"{tone[1]}_soft")]
    return [getattr(colours, each) for each in GROUNDS]


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_in_every_rule_and_state(theme: str) -> None:
    colours = load_colours(theme)
    checked, weak = 0, []
    for selector, said in looks(style_sheet(Look(theme, colours, 100))):
        if WORDLESS.search(" ".join(selector.wants)):
            continue
        pairs = [
            (said[name], ground) for name in ("color",) if name in said for ground in grounds(selector, said, colours)
        ]
        if "selection-background-color" in said and "selection-color" in said:
            pairs.append((said["selection-color"], said["selection-background-color"]))
        for ink, ground in pairs:
            checked += 1
            if contrast(ink, ground) < TEXT:
                weak.append(f"{contrast(ink, ground):.2f}: {selector}")
    assert checked > 100
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_edge_of_a_control_and_its_focus_stand_out(theme: str) -> None:
    colours = load_colours(theme)
    checked, weak = 0, []
    for selector, said in looks(style_sheet(Look(theme, colours, 100))):
        is_field = selector.kind in {"QLineEdit", "QPlainTextEdit", "QTextEdit", "QComboBox", "QSpinBox"}
        has_focus = ":focus" in selector.wants
        edge = re.search(r"#[0-9a-f]{6}", said.get("border", ""))
        if edge is None or ":disabled" in selector.wants or not (is_field or has_focus):
            continue
        if '[role="find"]' in selector.wants and not has_focus:  # its words and its sign say what it is
            continue
        around = [getattr(colours, ON_RAIL)] if '[role="rail"]' in selector.wants else []
        around = around or ([getattr(colours, ON_TOAST)] if "toast" in selector.around else [])
        for ground in around or [getattr(colours, each) for each in GROUNDS]:
            checked += 1
            if contrast(edge[0], ground) < SIGN:
                weak.append(f"{contrast(edge[0], ground):.2f}: {selector} on {ground}")
    assert checked > 30
    assert weak == []
