"""Parties played by real systems: say what one must do, let its calls pass through, and find the one that was meant."""
