"""What goes wrong outside this program, in words for the instructor."""


class CourseError(Exception):
    """Something the instructor can mend; the text says how."""


class NoJailError(Exception):
    """Student code cannot be locked up here; the text says what is missing and what to do."""
