"""The tables of nbgrader's gradebook, as far as grading touches them.

nbgrader has classes for them, but to import those takes longer than to grade ten submissions.
That a gradebook has the version which is meant here is checked when it is opened.
"""

from sqlalchemy import Boolean, column, table

student = table("student", column("id"), column("first_name"), column("last_name"), column("email"))
assignment = table("assignment", column("id"), column("name"))
notebook = table("notebook", column("id"), column("name"), column("assignment_id"))
base_cell = table(  # `type` is GradeCell, SolutionCell or TaskCell
    "base_cell", column("id"), column("name"), column("notebook_id"), column("type")
)
submitted_assignment = table(
    "submitted_assignment", column("id"), column("assignment_id"), column("student_id")
)
submitted_notebook = table(
    "submitted_notebook",
    column("id"),
    column("assignment_id"),  # of a submitted_assignment
    column("notebook_id"),
    column("flagged", Boolean),
)
grade = table(
    "grade",
    column("id"),
    column("notebook_id"),  # of a submitted_notebook
    column("cell_id"),
    column("auto_score"),
    column("manual_score"),
    column("extra_credit"),
    column("needs_manual_grade", Boolean),
)
comment = table(
    "comment",
    column("id"),
    column("notebook_id"),  # of a submitted_notebook
    column("cell_id"),
    column("auto_comment"),
    column("manual_comment"),
)
