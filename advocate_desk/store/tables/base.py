"""What every table shares: the metadata, the column types, and the columns of a record that is synced."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy import text as sql_text
from sqlalchemy.engine.interfaces import Dialect

from advocate_desk.domain.disclosure import Sensitivity

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

BOOKKEEPING = ("synced_rev", "base")
"""Columns of a record that tracking writes; they are no content and never travel inside an envelope."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC text that sorts: 2026-11-21T09:30:00.000000Z."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To text. Raises ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must carry its zone")
        return f"{value.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"  # a fifth of what strftime costs

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From text, aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC)


_COMPACT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class JsonText(TypeDecorator[Any]):
    """A JSON value as compact text with sorted keys, so that equal values are equal text."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401
        """To text; None stays NULL."""
        if value is None:
            return None
        said = _COMPACT(value)
        try:
            said.encode()
        except UnicodeEncodeError:  # half a character, as an input method leaves it for a moment: a draft keeps it
            return json.dumps(value, sort_keys=True, separators=(",", ":"))
        return said

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """From text."""
        return None if value is None else json.loads(value)


def column(
    name: str,
    kind: Any,  # noqa: ANN401 - a SQLAlchemy type or its class
    *,
    needed: bool = False,
    sensitivity: Sensitivity = Sensitivity.NONE,
    searched: bool = False,
    critical: bool = False,
    **options: Any,  # noqa: ANN401
) -> Column[Any]:
    """A column with its sensitivity, which `documents` reads before anything leaves the desk.

    `searched` text is put into the full-text index by triggers. Where two people change a `critical` field to different
    values, the screens that show it say so until one of them decides.
    """
    info = {"sensitivity": sensitivity, "searched": searched, "critical": critical}
    return Column(name, kind, nullable=not needed, info=info, **options)


def text(name: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """A text column that holds "" rather than NULL, so that there is one way to be empty."""
    sensitivity = options.pop("sensitivity", Sensitivity.NONE)
    return column(name, Text(), needed=True, sensitivity=sensitivity, default="", server_default="", **options)


def day(name: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """A calendar day, as the law counts it."""
    return column(name, Date(), **options)


def moment(name: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """A moment in UTC."""
    return column(name, Moment(), **options)


def flag(name: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """True or false, false unless said."""
    return column(name, Boolean(create_constraint=False), needed=True, default=False, server_default="0", **options)


def number(name: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """A whole number, or NULL."""
    return column(name, Integer(), **options)


def json_value(name: str, holds: type, **options: Any) -> Column[Any]:  # noqa: ANN401
    """A JSON value: a list of words, or a mapping, as `holds` says. What comes from a colleague is held to it."""
    made = column(name, JsonText(), **options)
    made.info["holds"] = holds
    return made


def record_id(name: str, target: str, **options: Any) -> Column[Any]:  # noqa: ANN401
    """The id of another record, as "table.id" names it. Indexed."""
    return Column(
        name,
        Uuid(native_uuid=False),
        ForeignKey(target),
        nullable=not options.pop("needed", False),
        index=options.pop("index", True),
        info={"sensitivity": Sensitivity.NONE, "searched": False},
        **options,
    )


def fact_columns() -> tuple[Column[Any], ...]:
    """Who told us, when, and whether it is heard, confirmed or out of date: see `domain.facts`."""
    return (text("fact_source"), moment("told_at"), text("fact_state"))


def record_table(
    name: str,
    *columns: Column[Any] | Any,  # noqa: ANN401
    searched_as: str = "",
    together: tuple[tuple[str, ...], ...] = (),
    decided: str = "",
) -> Table:
    """A table of synced records: identity, file, life, tracking and fields that a newer client sent us.

    `searched_as` names the kind of its entries in the full-text index, for a table with searched columns. `together`
    are groups of columns that say one thing, and that a merge takes from one side: a date and who told it, a number
    and whether it is safe. `decided` is the column that says what a person decided: two decisions are none.
    """
    own_file = (
        Column("file_id", Uuid(native_uuid=False), nullable=False, index=True)
        if name == "client_file"
        else Column("file_id", Uuid(native_uuid=False), ForeignKey("client_file.id"), nullable=False, index=True)
    )
    table = Table(
        name,
        metadata,
        Column("id", Uuid(native_uuid=False), primary_key=True),
        own_file,
        Column("created_at", Moment(), nullable=False),
        Column("changed_at", Moment(), nullable=False),
        Column("deleted_at", Moment()),
        *columns,
        Column("extra", JsonText()),
        Column("synced_rev", Integer()),
        Column("base", Text()),
        info={"record": True, "searched_as": searched_as, "together": together, "decided": decided},
    )
    partial_index(table, "unsent", "file_id", where="synced_rev IS NULL OR base IS NOT NULL")
    return table


def partial_index(table: Table, name: str, *columns: str, where: str) -> Index:
    """An index of the records that `where` holds for: what is done and gone does not slow down what waits."""
    return Index(f"ix_{table.name}_{name}", *(table.c[each] for each in columns), sqlite_where=sql_text(where))


def record_tables() -> tuple[Table, ...]:
    """Every table of synced records, parents first."""
    return tuple(table for table in metadata.sorted_tables if table.info.get("record"))


def content_columns(table: Table) -> tuple[str, ...]:
    """The columns of a record that are content: all but those that tracking writes."""
    return tuple(each.name for each in table.columns if each.name not in BOOKKEEPING)
