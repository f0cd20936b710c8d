"""One run of the scenarios: opening the target, selection and order, playing, results and verdicts."""
