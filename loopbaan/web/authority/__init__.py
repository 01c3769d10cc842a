"""Pages for the officials of the authority."""
