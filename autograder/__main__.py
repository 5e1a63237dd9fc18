"""`autograder` and `python -m autograder`."""

import sys


def main() -> None:
    """Run the command line; say what to install where the extra `grader` is missing."""
    try:
        from autograder.cli import app
    except ModuleNotFoundError as error:
        sys.exit(f"autograder needs {error.name}: pip install 'coursepkg[grader]'")
    app()


if __name__ == "__main__":
    main()
