"""The facts and assumed names of the contract that a scenario depends on, found in its calls, messages and steps."""
