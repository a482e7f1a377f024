"""What do SQLite and PostgreSQL say differently?  Said once here, in one way that both understand."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.sql.functions import GenericFunction

# An insert that says what becomes of a row that is there already: SQLite took over PostgreSQL's own words for it.
__all__ = ["all_as_json", "as_json", "of_the_latest", "texts_in", "upsert"]


class as_json(FunctionElement[str]):  # noqa: N801 - stands in statements as a function does
    """A JSON object of names and values, given in turn."""

    inherit_cache = True
    type = String()


class all_as_json(FunctionElement[str]):  # noqa: N801
    """The JSON objects of all rows as one list, in a text; `[]` for none."""

    inherit_cache = True
    type = String()


class texts_in(GenericFunction[Any]):  # noqa: N801
    """The rows (key, value) of a JSON object, the values as texts."""

    name = "json_each"
    inherit_cache = True


class of_the_latest(FunctionElement[Any]):  # noqa: N801
    """Of a group's rows, the column of the one that is latest by another column, whose maximum is asked for as well."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], by: ColumnElement[Any]) -> None:
        super().__init__(column, by)
        self.type = column.type


@compiles(as_json)
def _(element: as_json, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **more)})"


@compiles(as_json, "postgresql")
def _(element: as_json, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **more)})"


@compiles(all_as_json)
def _(element: all_as_json, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **more)})"


@compiles(all_as_json, "postgresql")
def _(element: all_as_json, compiler: SQLCompiler, **more: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **more)})::text, '[]')"


@compiles(texts_in, "postgresql")
def _(element: texts_in, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_each_text({compiler.process(element.clauses, **more)})"


@compiles(of_the_latest)
def _(element: of_the_latest, compiler: SQLCompiler, **more: Any) -> str:
    column, _by = element.clauses  # SQLite takes a column that is not grouped from the row that has the maximum
    return compiler.process(column, **more)


@compiles(of_the_latest, "postgresql")
def _(element: of_the_latest, compiler: SQLCompiler, **more: Any) -> str:
    column, by = (compiler.process(each, **more) for each in element.clauses)
    return f"(array_agg({column} ORDER BY {by} DESC))[1]"
