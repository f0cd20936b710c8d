"""Run the command line with `python -m generalproeve`."""

from generalproeve.cli import main

main()
