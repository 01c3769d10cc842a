"""What a web server runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

# A page waits so long for somebody else's lock: then it says so, and its place is free again.
LOCK_SECONDS = 5

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loopbaan.live.settings")
application = get_wsgi_application()
options = connection.settings_dict["OPTIONS"]
options["options"] = f"{options.get('options', '')} -c lock_timeout={LOCK_SECONDS}s".strip()
