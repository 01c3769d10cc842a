"""Pages for everyone, logged in or not."""
