"""The Flemish career voucher: the law written once, for the live scheme and for the laboratory."""

__version__ = "0.1.0"
