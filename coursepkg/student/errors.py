"""What could not be tried at all, in words for the student."""


class CannotTryError(Exception):
    """The text says what was found, what was expected and what to do."""
