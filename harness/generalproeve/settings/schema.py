"""The JSON Schema of generalproeve.toml, generated from the annotations that also read the file: for editors and CI."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from generalproeve.settings.configuration import FILE_NAME
from generalproeve.settings.profiles import ProfileSettings
from generalproeve.settings.reading import Field, fields_of, is_struct
from generalproeve.settings.stage import StageSettings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_schema() -> Mapping[str, Any]:
    """Return the schema of the whole file; it describes the values after `${VAR}` is substituted."""
    profiles = {"type": "object", "additionalProperties": _table(ProfileSettings)}
    return {
        "$schema": DIALECT,
        "title": FILE_NAME,
        "description": "Settings of a stage, and profiles of remote stages.",
        "type": "object",
        "properties": {"stage": _table(StageSettings), "profile": profiles},
        "additionalProperties": False,
    }


def _table(struct: type[msgspec.Struct]) -> dict[str, Any]:
    fields = fields_of(struct)
    required = [name for name, each in fields.items() if each.required]
    return {
        "type": "object",
        "properties": {name: {"description": _description(each), **_schema(each)} for name, each in fields.items()},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _schema(each: Field) -> dict[str, Any]:
    base, parts, setting = each.base, get_args(each.base), each.setting
    if setting.schema is not None:
        return dict(setting.schema)
    if setting.choices:
        return {"enum": list(setting.choices)}
    if is_struct(base):
        return _table(base)
    if get_origin(base) is dict:
        names = {"propertyNames": {"enum": list(setting.keys)}} if setting.keys else {}
        return {"type": "object", "additionalProperties": _type(parts[1]), **names}
    if get_origin(base) is tuple:
        return {"type": "array", "items": _type(parts[0])}
    return _type(each.type)


def _type(hint: Any) -> dict[str, Any]:
    if is_struct(hint):
        return _table(hint)
    schema = msgspec.json.schema(hint, schema_hook=_path)
    reference = schema.get("$ref")
    found = schema["$defs"][reference.rpartition("/")[2]] if reference else schema
    return {key: value for key, value in found.items() if key not in {"title", "description"}}


def _path(kind: type) -> dict[str, Any]:
    if kind is not Path:
        raise NotImplementedError
    return {"type": "string", "minLength": 1}


def _description(each: Field) -> str:
    """Return the help of a setting; the help of a `--no-...` flag describes the value false."""
    if each.flag.startswith("--no-"):
        return f"false: {each.setting.help}"
    return each.setting.help
