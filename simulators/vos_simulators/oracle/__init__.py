"""The attribution oracle: from what happened, exactly which messages everybody must have, and how what they have differs.

Written from the epic's rules (AC 1005.17.28.10, .11, .19) and neither from the code that sends nor from the recipients' tables,
so that an error in either is seen. Pure: `occurred` is what happened, `expected` the rules, `judgement` the comparison.
"""
