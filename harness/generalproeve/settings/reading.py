"""Read a table of a TOML file into a msgspec struct by the struct's own annotations.

A field is `Annotated[TYPE, Setting(...)]`. The type and its `msgspec.Meta` constrain the value; the `Setting` holds what a
type cannot: the wording of the rule in an error message, the flag and its help, a check in code. All mistakes of a table
are collected before they are reported together.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from generalproeve.base.exit_codes import CannotRun

Table = TypeVar("Table", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the type of a setting cannot express.

    `rule` is the text after the key in an error message; default by type. `prepare` runs before the type's conversion and
    may raise ValueError with a rule of its own. `read` replaces the conversion; `schema` must then give the JSON Schema.
    `keys` are the allowed keys of a table. A `hidden` value (a secret) is not repeated in an error message. `commands` are
    the commands with a flag for it: `--name-with-dashes`, or `flag`; a `--no-...` flag sets a boolean to false.
    """

    help: str
    rule: str = ""
    prepare: Callable[[Any], object] | None = None
    read: Callable[[Any], object] | None = None
    schema: Mapping[str, object] | None = None
    choices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    hidden: bool = False
    flag: str = ""
    metavar: str | None = None
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct; `type` includes the constraints and leaves out None."""

    name: str
    type: Any
    setting: Setting
    required: bool
    default: Any

    @property
    def base(self) -> Any:
        """The type without its constraints."""
        return plain(self.type)

    @property
    def flag(self) -> str:
        """The flag that sets it."""
        return self.setting.flag or f"--{self.name.replace('_', '-')}"


@cache
def fields_of(struct: type[msgspec.Struct]) -> Mapping[str, Field]:
    """Return the fields of a struct by name; each must be annotated with a `Setting`."""
    hints = get_type_hints(struct, include_extras=True)
    fields = {}
    for each in msgspec.structs.fields(struct):
        inner, metadata = _unwrapped(hints[each.name])
        (setting,) = (item for item in metadata if isinstance(item, Setting))
        default = each.default_factory() if each.default_factory is not msgspec.NODEFAULT else each.default
        fields[each.name] = Field(each.name, inner, setting, each.required, default)
    return fields


def read_table(where: str, table: object, struct: type[Table], folder: Path | None = None) -> Table:
    """Read a table into a struct; relative paths are resolved against `folder`.

    Raises:
        CannotRun: one line per mistake, each with key and rule.
    """
    problems: list[str] = []
    found = _struct(where, table, struct, folder, problems)
    raise_for(problems)
    assert found is not None, "no value is missing without a problem"
    return found


def read_setting(where: str, raw: object, field: Field) -> Any:
    """Read the value of one setting, such as that of a flag.

    Raises:
        CannotRun: the value breaks a rule of the setting.
    """
    problems: list[str] = []
    value = _value(where, raw, field, None, problems)
    raise_for(problems)
    return value


def raise_for(problems: Iterable[str]) -> None:
    """Raise CannotRun with one line per problem, if there are any."""
    text = "\n".join(problems)
    if text:
        raise CannotRun(text)


def unknown(where: str, what: str, name: str, known: Iterable[str]) -> str:
    """Return the error for an unknown name, with the known names and the closest of them."""
    names = tuple(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"{where}: unknown {what}; known are {', '.join(names)}" + (f"; did you mean {near[0]}?" if near else "")


def plain(hint: Any) -> Any:
    """Return a type without `Annotated`."""
    return plain(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def is_struct(hint: Any) -> bool:
    """Return whether a type is a struct, whose table is read key by key."""
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _struct(where: str, table: object, struct: type[Table], folder: Path | None, problems: list[str]) -> Table | None:
    if not isinstance(table, dict):
        problems.append(f"{where}: must be a table, not {table!r}")
        return None
    fields, before = fields_of(struct), len(problems)
    problems += [unknown(f"{where}.{key}", "key", key, fields) for key in table if key not in fields]
    values = {
        name: _value(f"{where}.{name}", table[name], field, folder, problems)
        for name, field in fields.items()
        if name in table
    }
    problems += [
        f"{where}.{name}: must be given" for name, field in fields.items() if field.required and name not in table
    ]
    return struct(**values) if len(problems) == before else None


def _value(where: str, raw: Any, field: Field, folder: Path | None, problems: list[str]) -> Any:
    setting, value = field.setting, raw
    try:
        if setting.read is not None:
            return _resolved(setting.read(value), folder)
        if setting.prepare is not None:
            value = setting.prepare(value)
        if setting.choices and value not in setting.choices:
            raise ValueError
    except ValueError as error:
        problems.append(f"{where}: {error}" if str(error) else _refusal(where, raw, field))
        return None
    base, parts = field.base, get_args(field.base)
    if is_struct(base):
        return _struct(where, value, base, folder, problems)
    if get_origin(base) is dict and isinstance(value, dict):
        if setting.keys:
            problems += [
                unknown(f"{where}.{key}", "key", key, setting.keys) for key in value if key not in setting.keys
            ]
        if is_struct(parts[1]):
            return {key: _struct(f"{where}.{key}", item, parts[1], folder, problems) for key, item in value.items()}
    if get_origin(base) is tuple and is_struct(parts[0]) and isinstance(value, list):
        return tuple(_struct(f"{where}[{n}]", item, parts[0], folder, problems) for n, item in enumerate(value))
    try:
        return _resolved(msgspec.convert(value, field.type, dec_hook=_to_path), folder)
    except msgspec.ValidationError:
        problems.append(_refusal(where, raw, field))
        return None


def _refusal(where: str, raw: object, field: Field) -> str:
    rule = field.setting.rule or _rule_of(field.base)
    return f"{where}: {rule}" + ("" if field.setting.hidden else f", not {raw!r}")


def _rule_of(base: Any) -> str:
    origin = get_origin(base) or base
    rules = {
        bool: "must be true or false",
        int: "must be a whole number",
        float: "must be a number",
        dict: "must be a table",
        tuple: "must be a list",
    }
    return rules.get(origin, "must be a text")


def _to_path(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str | Path) or not str(value):
        raise ValueError
    return Path(value)


def _resolved(value: Any, folder: Path | None) -> Any:
    return (folder / value).resolve() if isinstance(value, Path) and folder is not None else value


def _unwrapped(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Split the annotation of a field into its type without None and its metadata."""
    metadata: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        metadata = hint.__metadata__
        constraints = tuple(item for item in metadata if isinstance(item, msgspec.Meta))
        hint = get_args(hint)[0]
    else:
        constraints = ()
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [part for part in get_args(hint) if part is not type(None)]
        hint = rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 - built at run time
    for constraint in constraints:
        hint = Annotated[hint, constraint]
    return hint, metadata
