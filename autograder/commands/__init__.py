"""The commands of `autograder`, one module for each group."""
