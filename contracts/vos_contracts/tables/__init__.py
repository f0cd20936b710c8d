"""The contract's code lists and rules as typed views over the tables beside this module.

Each module reads one or two CSV files; the rows keep their source and certainty in `vos_contracts.tables.table`.
"""
