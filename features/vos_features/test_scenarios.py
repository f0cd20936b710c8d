"""Every scenario as a test: binds the feature files."""

from pytest_bdd import scenarios

from vos_features import SCENARIOS

scenarios(str(SCENARIOS))
