"""The scheme in operation: the one Django app with models. Pages are in web, rules in law."""
