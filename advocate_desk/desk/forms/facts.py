"""The two fields that every fact carries: who said so, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advocate_desk.desk.forms.convert import text_of
from advocate_desk.domain.forms import Field, FieldKind

SOURCE = Field("fact_source", FieldKind.CHOICE, "Who said so", options="fact_source", wide=False)
STATE = Field("fact_state", FieldKind.CHOICE, "How sure is it", options="fact_state", wide=False)
FACT_FIELDS = (SOURCE, STATE)


def fact_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The columns of a fact's state."""
    return {"fact_source": text_of(values, "fact_source"), "fact_state": text_of(values, "fact_state")}
