"""Steps about the nightly jobs: citizens they act on, running them, and their report."""

from __future__ import annotations

from datetime import date, timedelta

from pytest_bdd import given, parsers, then, when

from vos_contracts.control.stage import PeriodDto, RunKind
from vos_features.capabilities import Capability
from vos_features.scenario import Scenario
from vos_features.steps.step_types import TYPES


@given(parsers.parse("en borger, som fylder 30 {day:Day}", extra_types=TYPES))
def citizen_turns_thirty(scenario: Scenario, day: int) -> None:
    """Describe a citizen whose 30th birthday is on that day."""
    scenario.think_up_citizen_born(_thirty_years_before(scenario, day), is_member=False)


@given(parsers.parse("en borger, som fylder 30 {day:Day}, og som er medlem af a-kassen", extra_types=TYPES))
def member_turns_thirty(scenario: Scenario, day: int) -> None:
    """Describe a member of the a-kasse whose 30th birthday is on that day."""
    scenario.think_up_citizen_born(_thirty_years_before(scenario, day), is_member=True)


@given(parsers.parse("en borger, som er født {born:Date}", extra_types=TYPES))
def citizen_born_on(scenario: Scenario, born: date) -> None:
    """Describe a citizen born on that day."""
    scenario.think_up_citizen_born(born, is_member=False)


@given(parsers.parse("en borger, som er født {born:Date}, og som er medlem af a-kassen", extra_types=TYPES))
def member_born_on(scenario: Scenario, born: date) -> None:
    """Describe a member of the a-kasse born on that day."""
    scenario.think_up_citizen_born(born, is_member=True)


@given(parsers.parse("borgeren har et fleksjob, der begynder {day:Day}", extra_types=TYPES))
def fleksjob_begins(scenario: Scenario, day: int) -> None:
    """Give the citizen a fleksjob from that day."""
    scenario.describe_citizen(fleksjob=(PeriodDto(since=scenario.day(day).date()),))


@given(parsers.parse("borgeren har et fleksjob, der slutter {day:Day}", extra_types=TYPES))
def fleksjob_ends(scenario: Scenario, day: int) -> None:
    """Give the citizen a fleksjob of 30 days; that day is the first after it."""
    end = scenario.day(day).date()
    scenario.describe_citizen(fleksjob=(PeriodDto(since=end - timedelta(days=30), until=end),))


@when(parsers.parse("batchjobbene køres med {load:Batch}", extra_types=TYPES))
def jobs_run(scenario: Scenario, load: RunKind) -> None:
    """Run the nightly jobs now, on the stage's day."""
    scenario.put_citizen_on_stage()
    scenario.batch_run = scenario.stage.control.batch(load)


@then(parsers.parse("siger rapporten {load:Batch}: {count:Number} ændring", extra_types=TYPES))
@then(parsers.parse("siger rapporten {load:Batch}: {count:Number} ændringer", extra_types=TYPES))
def report_says(scenario: Scenario, load: RunKind, count: int) -> None:
    """The report is of a finished run on the stage's day, with its duration and that number of changes."""
    scenario.stage.gate.require(Capability.RESET)  # a run processes all citizens of the stage
    run = scenario.batch_run
    assert run is not None, "der er ingen kørsel endnu"
    assert run.finished, "kørslen er ikke færdig"
    assert (run.kind, run.day) == (load, scenario.now.date()), f"rapporten er {run.kind} {run.day}"
    assert run.seconds > 0, "rapporten siger ikke, hvor længe kørslen varede"
    assert run.changed == count, f"kørslen ændrede {run.changed} og skulle have ændret {count}"


@then(parsers.parse('har jobbet "{name:Quoted}" set på {count:Number} borger', extra_types=TYPES))
@then(parsers.parse('har jobbet "{name:Quoted}" set på {count:Number} borgere', extra_types=TYPES))
def job_has_seen(scenario: Scenario, name: str, count: int) -> None:
    """The job processed that number of citizens."""
    scenario.stage.gate.require(Capability.RESET)
    assert scenario.batch_run is not None, "der er ingen kørsel endnu"
    seen = {job.name: job.seen for job in scenario.batch_run.job}
    assert name in seen, f"jobbet {name!r} findes ikke; de er {', '.join(seen)}"
    assert seen[name] == count, f"{name} så på {seen[name]} og skulle have set på {count}"


def _thirty_years_before(scenario: Scenario, day: int) -> date:
    birthday = scenario.day(day).date()
    return birthday.replace(year=birthday.year - 30)
