"""The instructor's program: release assignments, grade hostile notebooks safely, give feedback."""

from coursepkg.imports import skip_address_grammar

skip_address_grammar()  # before anything imports nbformat
