"""The report of a scenario, and the page of the seven and a half minutes.

`members` plays, `window` counts, `reporting` tells; `page`, `sheet` and `files` write it down.
"""
