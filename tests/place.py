"""Where the tests live: a state folder of their own, set before any setting is read."""

import os
import signal
import tempfile

STATE = tempfile.mkdtemp(prefix="loopbaan-tests-")
# As root the database runs as somebody else, who has to be able to pass.
os.chmod(STATE, 0o711)  # noqa: PTH101, S103 (a folder of our own, and nothing in it is listed)
os.environ["LOOPBAAN_STATE"] = STATE
os.environ["LOOPBAAN_SANDBOX"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "loopbaan.live.settings"
os.environ.pop("LOOPBAAN_OFFSET", None)
# Who runs the tests in the background may ignore Ctrl-C; the programs that they start listen.
signal.signal(signal.SIGINT, signal.default_int_handler)
