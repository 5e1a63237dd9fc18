"""nbgrader's settings for this course; `autograder` reads the same file."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 (nbgrader puts it there)
c.CourseDirectory.course_id = "neural-networks"
# The text beside a source notebook is the instructor's, with all solutions: never hand it out.
c.CourseDirectory.ignore = ["*.py", ".ipynb_checkpoints", "*.pyc", "__pycache__"]
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write your solution here")'}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# Formgrader's button and `nbgrader autograde` grade in the jail too; see docs/nbgrader.md.
c.Autograde.sanitize_preprocessors = [
    "autograder.preprocessor.Rebuild",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.preprocessor.SafeExecute",  # in place of nbgrader's Execute
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.permissions = 644  # `autograder grade` writes the same notebooks
