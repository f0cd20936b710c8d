"""Every scene as a test: binds the feature files."""

from pytest_bdd import scenarios

from vos_features import SCENER

scenarios(str(SCENER))
