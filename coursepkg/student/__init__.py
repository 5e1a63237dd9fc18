"""The student's day: start an assignment, check it, ask for a hint, pack it. All offline."""

from coursepkg.imports import skip_address_grammar

skip_address_grammar()  # before anything imports nbformat
