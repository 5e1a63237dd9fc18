"""The notebook was cut off in the middle on its way; the answers were right."""
# broken json
# otherwise like: ada
