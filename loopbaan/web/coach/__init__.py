"""Pages for those who guide."""
