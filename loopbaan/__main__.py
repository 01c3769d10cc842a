"""`python -m loopbaan` is the command `loopbaan`."""

import sys

from loopbaan.command import main

if __name__ == "__main__":
    sys.exit(main())
