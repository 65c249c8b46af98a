"""The hub's schema: numbered steps in `migrations/`, each taken once by each database."""

from __future__ import annotations

from importlib import resources

FOLDER = resources.files("advocate_desk.hub") / "migrations"


class NewerSchema(Exception):
    """The database was written by a later version of the hub."""


def pending_steps(done: int, bytes_type: str) -> list[tuple[int, list[str]]]:
    """The steps that a database at version `done` still has to take: number and statements. Raises NewerSchema.

    `bytes_type` is what the database calls raw bytes.
    """
    steps = sorted((int(each.name[:4]), each) for each in FOLDER.iterdir() if each.name.endswith(".sql"))
    if done > steps[-1][0]:
        raise NewerSchema
    return [
        (number, _statements(each.read_text(encoding="utf-8").replace("BYTES", bytes_type)))
        for number, each in steps
        if number > done
    ]


def _statements(sql: str) -> list[str]:
    code = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    return [each.strip() for each in code.split(";") if each.strip()]
