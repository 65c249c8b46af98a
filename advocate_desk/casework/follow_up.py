"""stub."""

from __future__ import annotations

from typing import Any


def after(act: Any, file_id: Any, event: str, **given: Any) -> None: ...
def after_attempt(act: Any, file_id: Any, outcome: str, origin_id: Any) -> None: ...
