"""Pages for who guides."""
