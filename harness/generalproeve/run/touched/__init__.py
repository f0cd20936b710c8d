"""Which facts and assumed names of the contract a scenario touches: what its verdict rests on."""
