"""Django's settings, all from the environment, with defaults for a laptop.

LOOPBAAN_STATE      folder for the local database, mail and keys (default: ./state)
LOOPBAAN_SECRET     Django's secret key; made and kept in the state folder if not given
LOOPBAAN_OFFSET     seconds by which the clock of the demo differs from the real one
LOOPBAAN_SANDBOX    1: invented people, a fake bank and a sandbox login (the demo)
LOOPBAAN_PEOPLE     how many invented people the registers of the sandbox know besides the cast
LOOPBAAN_ACCOUNT    IBAN and name of the account of the scheme, as IBAN:name; required, but in the
                    sandbox: `serve` and `work` do not start without it
LOOPBAAN_CONTACT_PHONE  where those without internet, or with a question, phone the authority
LOOPBAAN_CONTACT_EMAIL  where it is written to; both stand in mail, letters and on every page
LOOPBAAN_SITE       address of the pages, as it stands in mail
LOOPBAAN_HOSTS      names under which the pages are asked for, with commas in between
LOOPBAAN_PROXY      how many proxies stand before us, each adding to X-Forwarded-For; they end
                    TLS, and themselves set X-Forwarded-Proto on each request (default: none)
LOOPBAAN_INSZ_KEYS  keys of the numbers of people; made and kept in the state folder if not given
LOOPBAAN_API_CALLS  how often a key of a centre's software may call in a minute, in each process
LOOPBAAN_KEEP_ANSWERS  days for which a centre's software gets the same answer for the same key
LOOPBAAN_KEEP_TOLD  days for which is known that something was told by mail, letter or webhook
LOOPBAAN_LOG_REQUESTS  1: a line in the log for each request, with its route and no address
LOOPBAAN_THEME      folder whose theme.css and logo.svg take the place of ours
"""

import os
from pathlib import Path

from loopbaan.live.state import account, database, folder, secret

STATE = folder(os.environ)
SANDBOX = os.environ.get("LOOPBAAN_SANDBOX") == "1"
CLOCK_OFFSET_SECONDS = float(os.environ.get("LOOPBAAN_OFFSET", "0"))
SANDBOX_SEED, SANDBOX_PEOPLE = 2013, int(os.environ.get("LOOPBAAN_PEOPLE", "10000"))
ACCOUNT_IBAN, ACCOUNT_NAME = account(os.environ)

# No text was found that says how long: our choice (grade D).
KEEP_ANSWERS_DAYS = int(os.environ.get("LOOPBAAN_KEEP_ANSWERS", "30"))
KEEP_TOLD_DAYS = int(os.environ.get("LOOPBAAN_KEEP_TOLD", "365"))
API_CALLS_A_MINUTE = int(os.environ.get("LOOPBAAN_API_CALLS", "300"))

SECRET_KEY = os.environ.get("LOOPBAAN_SECRET") or secret(STATE, "django.key")
INSZ_KEYS = os.environ.get("LOOPBAAN_INSZ_KEYS") or secret(STATE, "insz.key")
DEBUG = False
# In the sandbox a number and an address that nobody has.
CONTACT_PHONE = os.environ.get("LOOPBAAN_CONTACT_PHONE", "02 000 00 00" if SANDBOX else "")
CONTACT_EMAIL = os.environ.get(
    "LOOPBAAN_CONTACT_EMAIL", "hulp@loopbaancheque.example" if SANDBOX else ""
)
SITE = os.environ.get("LOOPBAAN_SITE", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = os.environ.get("LOOPBAAN_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of its widgets
    "loopbaan.live.apps.LiveConfig",
]
DATABASES = {"default": database(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Europe/Brussels"
USE_TZ = True

# The pages: named here as texts, for this room imports nothing of theirs.
WEB = Path(__file__).parents[1] / "web"
ROOT_URLCONF = "loopbaan.web.urls"
WSGI_APPLICATION = "loopbaan.web.wsgi.application"
APPEND_SLASH = False
MIDDLEWARE = [
    *(["loopbaan.web.logs.Middleware"] if os.environ.get("LOOPBAAN_LOG_REQUESTS") == "1" else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "loopbaan.web.language.middleware",
    "loopbaan.web.limits.Middleware",  # before a body is read
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "loopbaan.web.faults.Middleware",
    "loopbaan.web.access.Middleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"]
            + ["loopbaan.web.filters"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "loopbaan.web.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "loopbaan.web.forms.Renderer"
LOCALE_PATHS = [WEB / "locale"]
CSRF_FAILURE_VIEW = "loopbaan.web.faults.csrf_failed"

# Files of the pages are served from where they are; a theme is looked at first.
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    *filter(None, [os.environ.get("LOOPBAAN_THEME")]),
    WEB / "static",
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3_600

# Who is logged in is kept in a signed cookie, for one working day and one browser: no row for it.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 8 * 3_600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not SANDBOX
CSRF_COOKIE_AGE = None
LANGUAGE_COOKIE_NAME = "taal"
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Only where a proxy sets it: anybody else could claim with it that a request came over TLS.
_PROXIES = os.environ.get("LOOPBAAN_PROXY", "")
PROXIES = int(_PROXIES) if _PROXIES.isdecimal() else 0
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if SANDBOX else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# A form is small; a statement of the bank is at most 5 MB and is never written to a disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1_024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1_024 * 1_024

# Lines of JSON on standard error, without numbers of people (`adapters/log_lines.py`).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "loopbaan.adapters.log_lines.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "loopbaan.request": {"level": "INFO"},
        # What nobody can find or send is told to who asked; and mail to ourselves is no log.
        "django": {"handlers": [], "level": "ERROR"},
        "django.request": {"handlers": [], "level": "ERROR"},
        "django.security": {"handlers": [], "level": "ERROR"},
    },
}
