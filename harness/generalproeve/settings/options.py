"""The command-line flags of the settings: one decorator adds those of a command and collects the given ones."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, get_origin

import click
import msgspec

from generalproeve.settings.configuration import FILE_NAME, ConfigurationFile, configuration_file, read
from generalproeve.settings.reading import Field, fields_of, is_struct, read_setting
from generalproeve.settings.stage import StageSettings

Command = Callable[..., Any]


@dataclass(frozen=True)  # no slots, because of the cached property
class Given:
    """The settings on a command line: the configuration file, and the value of each given flag as click parsed it."""

    file: Path | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def configuration(self) -> ConfigurationFile:
        """The configuration file, read.

        Raises:
            CannotRun: one line per mistake, with file, key and rule.
        """
        return read(configuration_file(self.file))

    def settings(self, **defaults: Any) -> StageSettings:
        """Return the settings: flags override `defaults`, and those override the file.

        Raises:
            CannotRun: one line per mistake in the file, or the mistake in a flag.
        """
        fields = fields_of(StageSettings)
        flags = {name: read_setting(fields[name].flag, value, fields[name]) for name, value in self.flags.items()}
        return self.configuration.stage.but(**{**defaults, **flags})

    def under(self, flags: Mapping[str, Any]) -> Given:
        """Return a copy with more flags; flags that were given already win."""
        return replace(self, flags={**flags, **self.flags})

    def arguments(self) -> Iterator[str]:
        """Write the flags as command-line arguments for another process."""
        if self.file is not None:
            yield from ("--config", str(self.file))
        for name, value in self.flags.items():
            flag = fields_of(StageSettings)[name].flag
            if isinstance(value, bool):
                yield flag
            else:
                for item in value if isinstance(value, tuple) else (value,):
                    yield from (flag, str(item))


def settings_options(command: str) -> Callable[[Command], Command]:
    """Add `--config` and the flags of a command; the command gets one argument `given: Given` in their place."""
    fields = [each for each in fields_of(StageSettings).values() if command in each.setting.commands]

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def collected(*args: Any, config: Path | None, **options: Any) -> Any:
            given = {each.name: options.pop(_parameter(each)) for each in fields}
            flags = {
                name: value for name, value in given.items() if value is not None and value is not False and value != ()
            }
            flags |= {each.name: False for each in fields if _negated(each) and flags.pop(each.name, False)}
            return function(*args, given=Given(config, flags), **options)

        decorated: Command = collected
        for each in reversed(fields):
            decorated = _option(each)(decorated)
        return click.option(
            "--config",
            type=click.Path(dir_okay=False, path_type=Path),
            help=f"TOML file; {FILE_NAME} in the working folder if it exists.",
        )(decorated)

    return decorate


def _option(each: Field) -> Callable[[Command], Command]:
    setting, base = each.setting, each.base
    more: dict[str, Any] = {"metavar": setting.metavar}
    if base is bool:
        more |= {"is_flag": True}
    elif is_struct(base) or get_origin(base) in {dict, tuple}:
        more |= {"multiple": True}
    else:
        more |= {"type": _click_type(each)}
    return click.option(each.flag, _parameter(each), help=setting.help, **more)


def _click_type(each: Field) -> Any:
    base = each.base
    if each.setting.choices:
        return click.Choice(each.setting.choices)
    if base is Path:
        folder = each.name == "contract"
        return click.Path(file_okay=not folder, dir_okay=folder, path_type=Path)
    if base is int:
        bounds: Any = next(item for item in each.type.__metadata__ if isinstance(item, msgspec.Meta))
        return click.IntRange(bounds.ge, bounds.le)
    if isinstance(base, type) and issubclass(base, Enum):
        return click.Choice([str(member) for member in base])
    return float if base is float else str


def _parameter(each: Field) -> str:
    """Return the name of click's parameter; the prefix keeps it apart from the command's own parameters."""
    return f"setting_{each.name}"


def _negated(each: Field) -> bool:
    return each.flag.startswith("--no-")
