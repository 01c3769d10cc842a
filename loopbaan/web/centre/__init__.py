"""Pages for those who work for a centre."""
