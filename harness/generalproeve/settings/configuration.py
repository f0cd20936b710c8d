"""The configuration file: TOML with `${VAR}` substitution; the only place that reads the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.reading import raise_for, read_table, unknown
from generalproeve.settings.stage import StageSettings
from vos_contracts.base.text_files import NotText, read_text

FILE_NAME = "generalproeve.toml"
TABLES = ("stage", "profile")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class ConfigurationFile:
    """The tables of one file, every `${VAR}` substituted; without a file there are no tables."""

    file: Path | None = None
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def stage(self) -> StageSettings:
        """The settings of `[stage]`, with defaults for absent keys.

        Raises:
            CannotRun: one line per mistake, with file, key and rule.
        """
        if self.file is None:
            return StageSettings()
        return read_table(f"{self.file}: stage", self.tables.get("stage", {}), StageSettings, self.file.parent)

    @property
    def profiles(self) -> Mapping[str, object]:
        """The tables of `[profile.NAME]` by name, unchecked."""
        return self.tables.get("profile", {})


def environment() -> Mapping[str, str]:
    """Return the environment of the process."""
    return own_environment()


def own_environment() -> MutableMapping[str, str]:
    """Return the environment of the process to change it."""
    return os.environ  # noqa: TID251 - the only place


def configuration_file(given: Path | None) -> Path | None:
    """Return the given file, else generalproeve.toml of the working folder, else None."""
    return given or (Path(FILE_NAME) if Path(FILE_NAME).is_file() else None)


def read(file: Path | None, variables: Mapping[str, str] | None = None) -> ConfigurationFile:
    """Read a file; `variables` defaults to the environment.

    Raises:
        CannotRun: one line per mistake, with file, key and rule.
    """
    if file is None:
        return ConfigurationFile()
    try:
        tables = tomllib.loads(read_text(file))
    except (OSError, NotText, tomllib.TOMLDecodeError) as error:
        raise CannotRun(f"{file}: {error}") from error
    problems = [unknown(f"{file}", f"table [{name}]", name, TABLES) for name in tables if name not in TABLES]
    problems += [f"{file}: {name}: must be a table" for name in TABLES if not isinstance(tables.get(name, {}), dict)]
    known = environment() if variables is None else variables
    substituted = {name: _substituted(f"{file}: {name}", table, known, problems) for name, table in tables.items()}
    raise_for(problems)
    return ConfigurationFile(file, substituted)


def _substituted(where: str, value: Any, variables: Mapping[str, str], problems: list[str]) -> Any:
    match value:
        case dict():
            return {key: _substituted(f"{where}.{key}", item, variables, problems) for key, item in value.items()}
        case list():
            return [_substituted(where, item, variables, problems) for item in value]
        case str():
            missing = [name for name in _VARIABLE.findall(value) if name not in variables]
            problems += [f"{where}: the environment has no {name}" for name in missing]
            return value if missing else _VARIABLE.sub(lambda found: variables[found[1]], value)
        case _:
            return value
