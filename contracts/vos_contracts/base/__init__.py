"""What several packages need of the machine, without being contract: durations and new identifiers."""
