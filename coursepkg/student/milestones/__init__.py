"""The command `coursepkg milestone`: a student's own functions replay four moments of the field."""
