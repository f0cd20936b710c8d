"""Every step of every feature file is read by exactly one step definition, and every definition reads some step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest
from pytest_bdd.feature import get_features
from pytest_bdd.parser import Step
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from vos_features import SCENARIOS
from vos_features.plugin import STEPS
from vos_features.steps.step_types import TYPES

FOR_OTHERS = {
    "en borger, som er født {born:Date}, og som er medlem af a-kassen",
    "{role:Party}s webhook {habit:WebhookHabit}",
    "{role:Party} tilmelder borgeren i tilmeldekategori {category:Number} med ledighedsgrad {degree:Number}",
}
"""Definitions that complete the language for feature files of others: none of ours has such a step of that kind."""


@cache
def definitions() -> tuple[StepFunctionContext, ...]:
    for module in STEPS:
        import_module(module)
    return tuple(
        context for context in step_function_context_registry.values() if context.step_func.__module__ in STEPS
    )


@cache
def steps() -> tuple[Step, ...]:
    return tuple(_steps())


def _steps() -> Iterator[Step]:
    for feature in get_features([str(SCENARIOS)]):
        for template in feature.scenarios.values():
            contexts = [context for examples in template.examples for context in examples.as_contexts()] or [{}]
            for context in contexts:
                yield from template.render(context).steps


def readers(step: Step) -> list[StepFunctionContext]:
    return [
        definition
        for definition in definitions()
        if definition.type in (step.type, None) and definition.parser.is_matching(step.name)
    ]


def test_every_step_is_read_by_exactly_one_definition() -> None:
    read = {(step.type, step.name): [reader.parser.name for reader in readers(step)] for step in steps()}
    assert len(read) > 500, "the feature files were not found"
    assert {step: names for step, names in read.items() if len(names) != 1} == {}


def test_every_definition_reads_some_step_or_is_for_others() -> None:
    unique = {(step.type, step.name): step for step in steps()}.values()
    used = {id(reader) for step in unique for reader in readers(step)}
    assert {definition.parser.name for definition in definitions() if id(definition) not in used} == FOR_OTHERS


@pytest.mark.parametrize("name", TYPES)
def test_a_type_has_no_groups_of_its_own_and_minds_upper_case(name: str) -> None:
    pattern = re.compile(TYPES[name].pattern, re.IGNORECASE)
    assert pattern.groups == 0
    assert pattern.pattern.startswith("(?-i:")
