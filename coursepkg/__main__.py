"""`coursepkg` and `python -m coursepkg`: what students type."""

import sys


def main() -> None:
    """Run the command line; say what to install where the extra `student` is missing."""
    try:
        from coursepkg.student.cli import app
    except ModuleNotFoundError as error:
        print(f"coursepkg needs {error.name}: pip install 'coursepkg[student]'", file=sys.stderr)
        sys.exit(2)  # as for all that could not be tried
    app()


if __name__ == "__main__":
    main()
