"""The attribution oracle: derives the messages that every recipient must have from the history, and compares.

Written from the epic's rules (AC 1005.17.28.10, .11, .19), independently of the sending code and of the recipient tables, so
that an error in either is detected. Pure: `happened` holds the facts, `expected` the rules, `received` the messages as the
oracle compares them, `verdict` the comparison.
"""
