"""What goes wrong outside this program, in words for the instructor."""


class CourseError(Exception):
    """Something the instructor can mend; the text says how."""
