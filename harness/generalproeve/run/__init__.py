"""One run of the scenarios: what is played, in which order, and what came of it."""
