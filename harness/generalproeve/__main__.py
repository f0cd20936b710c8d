"""Run the command line with `python -m generalproeve`."""

from generalproeve.cli import main

if __name__ == "__main__":  # and not where a worker process imports the module again
    main()
