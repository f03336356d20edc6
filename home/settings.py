"""The one settings file. The environment decides; nothing set means the embedded form.

docs/settings.md explains every variable; home/checks.py refuses bad values with a hint.
"""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from home.environment import (
    database,
    env,
    folder,
    kept_secret,
    one_of,
    whole_number,
    yes_or_no,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = folder("DATA_DIR", default=BASE_DIR / "var")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret_key")
# What seals personal numbers in the database, the newest first, and what they are found by.
PERSONAL_DATA_KEYS = env.list("PERSONAL_DATA_KEYS", default=[]) or [
    kept_secret(DATA_DIR / "personal_data_key")
]
PERSONAL_INDEX_KEY = env.str("PERSONAL_INDEX_KEY", default="") or kept_secret(
    DATA_DIR / "personal_index_key"
)
PERSONAL_KEYS_GIVEN = bool(env.list("PERSONAL_DATA_KEYS", default=[])) and bool(
    env.str("PERSONAL_INDEX_KEY", default="")
)
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
# Packages of others run at an address of their own, where no session of ours exists. On a laptop
# that is the other name of the same machine.
PACKAGES_URL = env.str(
    "PACKAGES_URL",
    default=PUBLIC_URL.replace("//127.0.0.1", "//localhost") if "//127.0.0.1" in PUBLIC_URL else "",
).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HTTPS = PUBLIC_URL.startswith("https://")
ON_THIS_MACHINE = PUBLIC_URL.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))

# ------------------------------------------------------------------ applications

INSTALLED_APPS = [
    "home.apps.HomeConfig",
    "certificates.apps.CertificatesConfig",
    "learners.apps.LearnersConfig",
    "courses.apps.CoursesConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "home.apps.AccountsAdminConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "home.metrics.ObservedRequests",
    "home.middleware.AnonymousPageCache",
    "django.middleware.security.SecurityMiddleware",
    "home.middleware.NoNullCharacters",
    "home.middleware.PackagesApart",
    "home.middleware.ContentSecurityPolicy",
    "home.middleware.FilesByProxy",
    "home.middleware.Reading",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "home.middleware.ChosenLanguage",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "home.duties.IdleLimit",
    "home.duties.AccountDuties",
    "home.middleware.FormsOnlyPage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "home.urls"
WSGI_APPLICATION = "home.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.sign_in_elsewhere.sign_in_elsewhere",
            ],
        },
    },
]

# ------------------------------------------------------------------ data

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "db.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "timeout": 20,
        # A reader that turns writer fails at once under WAL; taking the lock first cures it.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;"
            "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
        ),
    },
}
DATABASES = {"default": database("DATABASE_URL", default=SQLITE)}

REDIS_URL = env.str("REDIS_URL", default="")
# A broker must keep everything, a cache must not: large sites give each a server of its own.
CACHE_URL = env.str("CACHE_URL", default="") or REDIS_URL
CACHES = {
    # Shared by all processes: what the account library limits counts here, wrong passwords too; of
    # those the database has a count of its own (learners.actions.sign_in).
    "default": (
        {
            "BACKEND": "home.cache.PatientRedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if CACHE_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # A full cache throws out what comes first by name: the counted failures of sign-in.
            # Whoever fails under many names must not fill it.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    ),
    # Per process: only for entries whose key carries their version.
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # Wagtail's name for the sizes of a picture. Their keys hold the file's hash; in the shared
    # cache each view of a page would write a row for each size.
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "renditions",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
# In the database's own cache each session would be written twice, and crowd it.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if CACHE_URL else 'db'}"

# ------------------------------------------------------------------ background work

TASKS = {"default": {"BACKEND": "home.jobs.backend.JobBackend", "QUEUES": []}}
JOB_LEASE_SECONDS = whole_number("JOB_LEASE_SECONDS", default=30)

# ------------------------------------------------------------------ accounts

AUTH_USER_MODEL = "learners.User"
AUTHENTICATION_BACKENDS = ["learners.backends.SignInNameBackend"]
PASSWORD_HASHERS = [
    "home.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "home.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "phone"]},
    },
]
ACCOUNT_ADAPTER = "home.adapters.AccountAdapter"
MFA_ADAPTER = "home.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Học số Nghệ An"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Levels of TCVN 14423:2026; home/checks.py names those that are set below it.
PASSWORD_LENGTH, PASSWORD_LENGTH_WITH_SECOND_FACTOR = 14, 8
TEMPORARY_PASSWORD_DAYS = whole_number("TEMPORARY_PASSWORD_DAYS", default=7)
DORMANT_AFTER_DAYS = whole_number("DORMANT_AFTER_DAYS", default=45)
IDLE_MINUTES = whole_number("IDLE_MINUTES", default=15)
ADMIN_IDLE_MINUTES = whole_number("ADMIN_IDLE_MINUTES", default=5)
# Days after which personal data is due to go (purge_expired); 0 keeps it.
KEEP_DAYS = {
    "reminders": whole_number("KEEP_REMINDERS_DAYS", default=365),
    "staff_list_rows": whole_number("KEEP_STAFF_LIST_ROWS_DAYS", default=365),
    "package_data": whole_number("KEEP_PACKAGE_DATA_DAYS", default=365),
    "request_words": whole_number("KEEP_REQUEST_WORDS_DAYS", default=1825),
    "proofs": whole_number("KEEP_PROOFS_DAYS", default=3650),
}
# Who sees others proves it twice. Off on a laptop, where the demo world is tried.
REQUIRE_SECOND_FACTOR = yes_or_no("REQUIRE_SECOND_FACTOR", default=HTTPS or not ON_THIS_MACHINE)
# A whole agency comes from one address at eight o'clock. Wrong passwords are counted in the
# database (home.adapters); login_failed is for wrong codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,100/m/ip", "login": "1200/m/ip"}
# Whose X-Forwarded-For is believed; wrong, everybody shares the proxy's limits.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXIES", default=0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "learners:my_learning"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
WAGTAILADMIN_LOGIN_URL = "account_login"

# Sign-in by another system of the state (OpenID Connect): off until an issuer is named. Whoever
# comes that way must have linked his own account before; nothing links by name, phone or e-mail.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="SSO")
SOCIALACCOUNT_ADAPTER = "home.sign_in_elsewhere.Adapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid"]}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "home.views.csrf_failure"

# ------------------------------------------------------------------ language and formats

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "vendor"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["home.formats"]

# ------------------------------------------------------------------ files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
FILES_BY_PROXY = yes_or_no("FILES_BY_PROXY", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Proofs and lists: no address leads here, views hand files out after asking who asks.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
OBJECT_STORAGE_BUCKET = env.str("OBJECT_STORAGE_BUCKET", default="")
OBJECT_STORAGE_URL = env.str("OBJECT_STORAGE_URL", default="")
OBJECT_STORAGE_REGION = env.str("OBJECT_STORAGE_REGION", default="")
OBJECT_STORAGE_KEY = env.str("OBJECT_STORAGE_KEY", default="")
OBJECT_STORAGE_SECRET = env.str("OBJECT_STORAGE_SECRET", default="")
if OBJECT_STORAGE_BUCKET:
    for _store, _part in (("default", "media"), ("private", "private")):
        STORAGES[_store] = {
            "BACKEND": "home.object_storage.Store",
            "OPTIONS": {"location": _part},
        }
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Before each session whoever has a seat is reminded; 0: never.
CLASS_REMINDER_HOURS = whole_number("CLASS_REMINDER_HOURS", default=24)
# Without a server reminders stand on people's own pages and on printed lists.
MAIL_IS_SENT = bool(env.str("EMAIL_URL", default=""))
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="hoc-so@localhost")

# ------------------------------------------------------------------ signatures on papers

SIGNER = env.str("SIGNER", default="certificates.signing.pkcs12_signer")
SIGNING_PKCS12_FILE = env.str("SIGNING_PKCS12_FILE", default="")
SIGNING_PKCS12_PASSWORD = env.str("SIGNING_PKCS12_PASSWORD", default="")
SIGNING_TOKEN_LIBRARY = env.str("SIGNING_TOKEN_LIBRARY", default="")
SIGNING_TOKEN_LABEL = env.str("SIGNING_TOKEN_LABEL", default="")
SIGNING_TOKEN_PIN = env.str("SIGNING_TOKEN_PIN", default="")
SIGNING_TOKEN_KEY = env.str("SIGNING_TOKEN_KEY", default="")
SIGNING_TRUST_FOLDER = env.str("SIGNING_TRUST_FOLDER", default="")

# Private keys of Open Badges, the newest first; behind it those that only check. None: no badges.
BADGE_KEY_FILES = env.list("BADGE_KEY_FILES", default=[])

# ------------------------------------------------------------------ Wagtail

WAGTAIL_SITE_NAME = "Học số Nghệ An"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Addresses are unaccented Vietnamese.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# The province's network has no route to the Internet: no request may leave it.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# ------------------------------------------------------------------ logs and figures

LOG_LEVEL = one_of("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="INFO")
LOG_FORMAT = one_of("LOG_FORMAT", ["line", "json"], default="line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"impersonal": {"()": "home.logs.WithoutPersonalData"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "home.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["impersonal"],
        }
    },
    "loggers": {
        # They tell of every success; Wagtail keeps its own log of edits in the database.
        **{
            name: {"level": "WARNING"}
            for name in ("pikepdf", "django_tasks", "wagtail", "fontTools")
        },
        # Django would give these a handler of their own, past the filter.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A line for each request is for machines.
        "home.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_DIR = folder("METRICS_DIR", default=DATA_DIR / "metrics")
# The library decides when it is imported whether processes count together.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)
