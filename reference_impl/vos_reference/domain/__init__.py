"""The business rules as pure functions of values: no I/O, no clock, no generated ids.

The data of the rules (code lists, access matrix, combinations) is in the tables of `vos_contracts`.
"""
