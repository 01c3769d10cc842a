"""The figures asked of this project, measured; see __main__."""
