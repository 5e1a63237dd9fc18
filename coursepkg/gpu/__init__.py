"""Training on a GPU: CuPy and what it lacks. CuPy itself is imported where an array needs it."""
