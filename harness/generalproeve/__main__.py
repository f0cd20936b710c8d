"""Run the command line with `python -m generalproeve`."""

from generalproeve.cli import main

if __name__ == "__main__":  # false in a worker process, which imports this module again
    main()
