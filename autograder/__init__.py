"""The instructor's program: release assignments, grade hostile notebooks safely, give feedback."""

import sys

# jsonschema (under nbformat) tries this import to check internationalized addresses, which no
# notebook holds, and it compiles a grammar for four seconds. Without it that check is left out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
