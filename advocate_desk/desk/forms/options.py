"""Where a form's choices come from: its opener, the rule packs' lists, and the registers that are searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advocate_desk.desk.forms.registry import OptionList
from advocate_desk.desk.widgets.option_picker import matching
from advocate_desk.domain.forms import Option
from advocate_desk.errors import BrokenResource
from advocate_desk.packs.packs import Packs


class FormOptions:
    """Choices for one open form. A name that the opener supplies wins over the packs' own."""

    def __init__(self, packs: Packs, supplied: Mapping[str, OptionList] | None = None) -> None:
        self._packs = packs
        self._supplied = dict(supplied or {})
        self._registers = {
            "court": packs.search_courts,
            "courts": packs.search_courts,
            "force": packs.search_forces,
            "forces": packs.search_forces,
            "offence": packs.search_offences,
            "offences": packs.search_offences,
        }

    def options(self, key: str) -> Sequence[Option]:
        """Every option of a list; empty for a register or for no name."""
        if not key or (key in self._registers and key not in self._supplied):
            return ()
        supplied = self._supplied.get(key)
        if supplied is not None:
            return () if callable(supplied) else supplied
        return self._packs.choices(key)

    def search(self, key: str, text: str) -> Sequence[Option]:
        """The options of a register or list that fit `text`."""
        supplied = self._supplied.get(key)
        if callable(supplied):
            return supplied(text)
        if supplied is None and key in self._registers:
            return self._registers[key](text)
        return matching(self.options(key), text)

    def label(self, key: str, option_key: str) -> str:
        """The label of one option, or "" when it is none of the list's."""
        if not option_key or not key:
            return ""
        supplied = self._supplied.get(key)
        if callable(supplied):
            return next((each.label for each in supplied("") if each.key == option_key), "")
        if supplied is None and key in self._registers:
            return self._register_label(key, option_key)
        try:
            listed = self.options(key)
        except BrokenResource:
            return ""
        return next((each.label for each in listed if each.key == option_key), "")

    def _register_label(self, key: str, option_key: str) -> str:
        if key.startswith("court"):
            court = self._packs.court(option_key)
            return court.name if court else ""
        if key.startswith("force"):
            force = self._packs.force(option_key)
            return force.name if force else ""
        offence = self._packs.offence(option_key)
        return offence.title if offence else ""
