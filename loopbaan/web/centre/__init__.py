"""Pages for who works for a centre."""
