"""A role played by a real system: what it must do is said, its calls pass by us, and the one that was meant is found."""
