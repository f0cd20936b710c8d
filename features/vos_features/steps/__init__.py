"""The steps of the Danish scenarios, by subject; plain modules, loaded as plugins."""
