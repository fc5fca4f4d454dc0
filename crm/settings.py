"""One settings module; everything that differs between deployments comes from the environment.

`.env.example` lists each variable with its meaning.
"""

import secrets
from datetime import time
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crm.lib.clamd import address_of
from crm.lib.file_types import NAMES as FILE_TYPE_NAMES
from crm.lib.redis_url import redis_urls
from crm.lib.storage_url import private_storage

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("CRM_DATA_DIR", default=str(BASE_DIR / ".data")))


def _secret_key() -> str:
    """The configured key, else one made once and kept in the data folder."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# In front of addresses that are written outside of requests.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")

# Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "tree_queries",
    "rest_framework",
    "django_filters",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "csp",
    "crm",
    "staff",
    "accounts",
    "visits",
    "complaints",
    "care",
    "analytics",
    "sync",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.middleware.IdleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "staff.middleware.PersonMiddleware",
    "staff.middleware.BeforeWorkMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.lib.fragments.FragmentsMiddleware",
    "crm.lib.errors.ErrorPagesMiddleware",
    "accounts.middleware.MergedMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

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
                "staff.context_processors.workplace",
            ],
            # crm.lib is no app, so Django does not find its tags by itself.
            "libraries": {"components": "crm.lib.templatetags.components"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Data -----------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URLS = redis_urls(env.str("REDIS_URL"), offset=env.int("CRM_REDIS_DB", default=0))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URLS.cache,
        "KEY_PREFIX": "crm",
    }
}
MEDIA_ROOT = DATA_DIR / "media"

# Jobs -----------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URLS.broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600}
CELERY_TIMEZONE = "Asia/Shanghai"
# These wait for each other in the database; in a queue of their own they hold up nothing else.
CELERY_TASK_ROUTES = {
    f"analytics.tasks.{name}": {"queue": "billing"}
    for name in (
        "run_import_task",
        "check_import_task",
        "undo_import_task",
        "complete_period_task",
        "monthly_run_task",
        "housekeeping_task",
    )
}
CELERY_BEAT_SCHEDULE = {
    "completeness of all archives": {
        "task": "accounts.tasks.refresh_completeness_task",
        "schedule": crontab(hour="4", minute="40"),
    },
    "clients and contacts that may be the same": {
        "task": "accounts.tasks.find_pairs_task",
        "schedule": crontab(hour="4", minute="25"),
    },
    "values of clients to judge": {
        "task": "analytics.tasks.remind_of_values_task",
        "schedule": crontab(hour="5", minute="10"),
    },
    "reports whose time is over": {
        "task": "accounts.tasks.watch_reports_task",
        "schedule": crontab(minute="*/15"),
    },
    "market reports of the month before": {
        "task": "accounts.tasks.open_market_months_task",
        "schedule": crontab(day_of_month="1", hour="5", minute="30"),
    },
    "suggestion reports from bills and usage": {
        "task": "analytics.tasks.watch_communication_task",
        "schedule": crontab(hour="5", minute="40"),
    },
    "monthly alert run": {
        "task": "analytics.tasks.monthly_run_task",
        "schedule": crontab(
            day_of_month=env.str("ALERT_RUN_DAY", default="3"),
            hour=env.str("ALERT_RUN_HOUR", default="2"),
            minute="0",
        ),
    },
    "yearly suggestions of classes": {
        "task": "analytics.tasks.suggest_classes_task",
        "schedule": crontab(
            month_of_year=env.str("CLASS_SUGGESTION_MONTH", default="1"),
            day_of_month=env.str("CLASS_SUGGESTION_DAY", default="10"),
            hour="4",
            minute="0",
        ),
    },
    "take up imports that a killed worker left": {
        "task": "analytics.tasks.resume_imports_task",
        "schedule": 60.0,
    },
    "remove uploads that nobody finished": {
        "task": "analytics.tasks.remove_expired_uploads_task",
        "schedule": crontab(minute="17"),
    },
    "partitions ahead, old bills and expired undos": {
        "task": "analytics.tasks.housekeeping_task",
        "schedule": crontab(hour="3", minute="30"),
    },
    "undecided exports and old files of exports": {
        "task": "staff.tasks.expire_exports_task",
        "schedule": crontab(minute="37"),
    },
    "remind of overdue loans": {
        "task": "staff.tasks.remind_overdue_loans_task",
        "schedule": crontab(hour="8", minute="45"),
    },
    "cards that ended with the year": {
        "task": "accounts.tasks.ask_for_tier_review_task",
        "schedule": crontab(
            month_of_year="1",
            day_of_month=env.str("TIER_REVIEW_DAY", default="5"),
            hour="4",
            minute="0",
        ),
    },
    "cards by bills": {
        "task": "analytics.tasks.refresh_tier_terms_task",
        "schedule": crontab(hour="4", minute="15"),
    },
    "take up files that wait to be scanned or made anew": {
        "task": "accounts.tasks.prepare_waiting_files_task",
        "schedule": 300.0,
    },
    "delete removed files for good and bytes that nothing names": {
        "task": "accounts.tasks.tidy_files_task",
        "schedule": crontab(hour="3", minute="50"),
    },
    "birthdays that are over move to the next year": {
        "task": "accounts.tasks.refresh_birthdays_task",
        "schedule": crontab(hour="0", minute="10"),
    },
    "remind of overdue visit records": {
        "task": "visits.tasks.remind_overdue_records_task",
        "schedule": crontab(hour="8", minute="30"),
    },
    "tell of overdue cases": {
        "task": "complaints.tasks.tell_overdue_cases_task",
        "schedule": crontab(minute="*/15"),
    },
}

# How many days ahead birthdays of contacts are shown.
BIRTHDAY_DAYS = env.int("BIRTHDAY_DAYS", default=14)

# Files that other programs drop, for instance over SFTP, are handed in in this person's name.
IMPORT_DROP_FOLDER = env.str("IMPORT_DROP_FOLDER", default="")
IMPORT_DROP_USER = env.str("IMPORT_DROP_USER", default="")
if IMPORT_DROP_FOLDER:
    CELERY_BEAT_SCHEDULE["look into the drop folder"] = {
        "task": "analytics.tasks.look_into_drop_folder_task",
        "schedule": 60.0,
    }

# The archive of a client ------------------------------------------------------------------------

# A profile is stale when nobody updated or reviewed it for so many days (ARC-19).
STALE_PROFILE_DAYS = env.int("STALE_PROFILE_DAYS", default=90)
# An archive less complete than this, in per cent, is pointed out on the client's page (ARC-13).
THIN_ARCHIVE = env.int("THIN_ARCHIVE", default=50)
# More mobile users for each employee than this are probably a typing error (ARC-F07).
USERS_PER_EMPLOYEE = env.int("USERS_PER_EMPLOYEE", default=2)
# Working days to correct data that a check on the spot found wrong (ARC-30).
CORRECTION_DAYS = env.int("CORRECTION_DAYS", default=5)
# Working days to judge the values that became due (ARC-22).
VALUE_WORKING_DAYS = env.int("VALUE_WORKING_DAYS", default=10)
# On which day of a month the province has the market report of the month before (MKT-02).
MARKET_REPORT_DAY = env.int("MARKET_REPORT_DAY", default=5)
# What a field weighs in the completeness of an archive, as JSON: {"features": 5, "shops": 0}.
# Fields that are not named keep the weight of accounts/completeness.py (ARC-13).
COMPLETENESS_WEIGHTS = env.json("COMPLETENESS_WEIGHTS", default={})

# Cases ------------------------------------------------------------------------------------------

# Limits other than the defaults of complaints/clock.py, as JSON:
# {"complaint.normal.first_reply": "24h", "fault.urgent.resolution": "8wh"}.
CASE_LIMITS = env.json("CASE_LIMITS", default={})
# When a working day begins and ends; working hours of limits are counted within.
OFFICE_HOURS = tuple(
    time.fromisoformat(each) for each in env.list("OFFICE_HOURS", default=["08:30", "17:30"])
)
# A gift worth more than this in yuan, given or received, needs somebody else's approval (SEC-13).
GIFT_APPROVAL_VALUE = env.int("GIFT_APPROVAL_VALUE", default=200)
# So many looks an hour that show names of clients out of one's sight.
CLIENT_LOOKS_PER_HOUR = env.int("CLIENT_LOOKS_PER_HOUR", default=60)

# Taking data out --------------------------------------------------------------------------------

# A file with more rows of personal data than this needs a second person (P34).
EXPORT_APPROVAL_ROWS = env.int("EXPORT_APPROVAL_ROWS", default=200)
# Days in which somebody has to decide about it.
EXPORT_APPROVAL_DAYS = env.int("EXPORT_APPROVAL_DAYS", default=3)
# Days after which the files of exports are deleted; 0 keeps them. The log stays.
EXPORT_FILE_DAYS = env.int("EXPORT_FILE_DAYS", default=30)

# People and security --------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "staff:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_ATTEMPTS = env.int("LOGIN_ATTEMPTS", default=10)
LOGIN_LOCK_MINUTES = env.int("LOGIN_LOCK_MINUTES", default=10)

HTTPS = env.bool("HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
# Whoever does nothing for so long is logged out (SEC-04); 0 leaves only SESSION_HOURS.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# Languages, time, static files ----------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("build", BASE_DIR / "frontend/dist"), BASE_DIR / "static"]
STATIC_COMPRESS = env.bool("STATIC_COMPRESS", default=False)
STATIC_FROM_SOURCE = env.bool("STATIC_FROM_SOURCE", default=False)
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
# Where clients' files lie: empty is a folder of this machine, `s3://…` a bucket (operations.md).
MEDIA_STORAGE_URL = env.str("MEDIA_STORAGE_URL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": private_storage(MEDIA_STORAGE_URL, DATA_DIR / "files"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "crm.lib.static_storage.CompressedStorage"
        if STATIC_COMPRESS
        else "crm.lib.static_storage.HashedStorage"
    },
}

# Uploads and imports --------------------------------------------------------------------------

FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", default=1024) * 1024 * 1024
IMPORT_MAX_XLSX_BYTES = env.int("IMPORT_MAX_XLSX_MB", default=400) * 1024 * 1024
IMPORT_XLSX_MEMORY_MB = env.int("IMPORT_XLSX_MEMORY_MB", default=2048)
# Quarantined rows up to this number can be corrected in the page, and as a workbook up to that.
QUARANTINE_PAGE_ROWS = env.int("QUARANTINE_PAGE_ROWS", default=50)
QUARANTINE_XLSX_ROWS = env.int("QUARANTINE_XLSX_ROWS", default=100_000)
# A field for each cell of such a page; Django's own limit is 1000.
QUARANTINE_PAGE_CELLS = 5000
DATA_UPLOAD_MAX_NUMBER_FIELDS = QUARANTINE_PAGE_CELLS + 1000
# Daily usage is kept for so many days before the newest one (ANA-03).
USAGE_DAYS = env.int("USAGE_DAYS", default=30)
# A month is complete by itself when it has rows for this share of last month's clients;
# below it the monthly job asks operations instead of raising a flood of false alerts.
EXPECTED_COVERAGE_PERCENT = env.int("EXPECTED_COVERAGE_PERCENT", default=95)
# So long what an import replaced is kept beside, and the import can be undone.
IMPORT_UNDO_DAYS = env.int("IMPORT_UNDO_DAYS", default=35)
# Older months of member bills are dropped, older files deleted; 0 keeps everything. Facts stay.
MEMBER_BILL_MONTHS = env.int("MEMBER_BILL_MONTHS", default=0)
IMPORT_FILE_DAYS = env.int("IMPORT_FILE_DAYS", default=0)

# Files of clients -----------------------------------------------------------------------------

# What is taken, by content. HEIC is not among what can be chosen: few computers open it.
FILE_TYPES = env.list("FILE_TYPES", default=list(FILE_TYPE_NAMES))
if unknown := set(FILE_TYPES) - set(FILE_TYPE_NAMES):
    raise ImproperlyConfigured(f"FILE_TYPES: {', '.join(sorted(unknown))}")
FILE_MAX_BYTES = env.int("FILE_MAX_MB", default=25) * 1024 * 1024
FILE_CLIENT_MAX_BYTES = env.int("FILE_CLIENT_MAX_MB", default=500) * 1024 * 1024
# Photos with more pixels are refused; those above the second figure are made anew by a job.
FILE_MAX_PIXELS = env.int("FILE_MAX_MEGAPIXELS", default=100) * 1_000_000
FILE_INLINE_PIXELS = env.int("FILE_INLINE_MEGAPIXELS", default=4) * 1_000_000
FILE_PICTURE_SIDE = env.int("FILE_PICTURE_SIDE", default=2048)
FILE_THUMBNAIL_SIDE = 320
# Removed and infected files can be brought back, or looked into, for so many days.
FILE_REMOVED_DAYS = env.int("FILE_REMOVED_DAYS", default=30)
# ClamAV's daemon: tcp://host:3310 or unix:///path. Empty: files are not scanned.
CLAMAV_URL = env.str("CLAMAV_URL", default="")
CLAMAV_SECONDS = env.int("CLAMAV_SECONDS", default=60)
if CLAMAV_URL:
    address_of(CLAMAV_URL)

# Lines and cards ------------------------------------------------------------------------------

# A card reached in a month stays until the year ends, even when a later bill has a lower one.
TIER_STAYS_FOR_YEAR = env.bool("TIER_STAYS_FOR_YEAR", default=True)
# So long an account manager has to look at the cards of the year that ended.
TIER_REVIEW_WORKING_DAYS = env.int("TIER_REVIEW_WORKING_DAYS", default=20)
# So long a number may stand in another name than its user's before the task is overdue.
TRANSFER_WORKING_DAYS = env.int("TRANSFER_WORKING_DAYS", default=10)
# Handing over clients -------------------------------------------------------------------------

# More clients than this for one account manager are pointed out (ORG-22).
PORTFOLIO_CLIENTS = env.int("PORTFOLIO_CLIENTS", default=1000)
# So many clients go over in one step; the page shows a line for each.
HANDOVER_CLIENTS = env.int("HANDOVER_CLIENTS", default=2000)
# So many clients are changed in one bulk step; above the second figure a job does it.
BULK_CLIENTS = env.int("BULK_CLIENTS", default=2000)
BULK_AT_ONCE = env.int("BULK_AT_ONCE", default=100)
# A suspected duplicate put off comes back after so many days; so long operations have, too, to
# bring together two records that are the same.
PAIR_LATER_DAYS = env.int("PAIR_LATER_DAYS", default=30)
# So many days ahead the pack of a handover lists birthdays and anniversaries.
HANDOVER_CARE_DAYS = env.int("HANDOVER_CARE_DAYS", default=90)

# REST -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sync.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.lib.api.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "crm.lib.api.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["crm.lib.api.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "crm.lib.openapi.ProblemAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["crm.lib.api.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("API_RATE", default="600/min")},
    "EXCEPTION_HANDLER": "crm.lib.problems.problem_response",
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "iso-8601",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Group client CRM",
    "DESCRIPTION": "People, units, clients, contacts, members, visits, cases, alerts and billing imports.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ContactPurpose": "accounts.choices.ContactPurpose",
        "FileKind": "accounts.choices.FileKind",
        "PairKind": "accounts.choices.PairKind",
        "FileState": "accounts.choices.FileState",
        "VisitPurpose": "visits.choices.VisitPurpose",
        "ClientClass": "accounts.choices.ClientClass",
        "ProposalState": "accounts.choices.ProposalState",
        "UnitKind": "staff.choices.UnitKind",
        "Role": "staff.choices.Role",
        "MajorChangeKind": "accounts.choices.MajorChangeKind",
        "ClientStatus": "accounts.choices.ClientStatus",
        "ContactKind": "accounts.choices.ContactKind",
        "AnniversaryKind": "accounts.choices.AnniversaryKind",
        "TierEnum": "accounts.filters.members.TIER_NAMES",
        "RelationKind": "accounts.choices.RelationKind",
        "VisitState": "visits.choices.VisitState",
        "GiftState": "care.choices.GiftState",
        "GiftDirection": "care.choices.GiftDirection",
        "DirectionEnum": "accounts.choices.ContactDirection",
        "GiftOccasion": "care.choices.GiftOccasion",
        "MainService": "care.models.services.SERVICE_CHOICES",
        "CaseKind": "complaints.choices.CaseKind",
        "CaseStatus": "complaints.choices.CaseStatus",
        "CaseChannel": "complaints.choices.CaseChannel",
        "ChannelEnum": "accounts.choices.ContactChannel",
        "CaseStepKind": "complaints.choices.StepKind",
        "AlertState": "analytics.choices.AlertState",
        "ImportKind": "analytics.choices.ImportKind",
        "ImportState": "analytics.choices.ImportState",
        "PeriodState": "analytics.choices.PeriodState",
        "ReportKind": "accounts.choices.ReportKind",
        "ReportState": "accounts.choices.ReportState",
        "ChangeState": "accounts.choices.ChangeState",
        "ImprovementState": "accounts.choices.ImprovementState",
        "ClientField": "accounts.selectors.change_requests.REQUESTABLE_CHOICES",
    },
}

# Audit ----------------------------------------------------------------------------------------

PGHISTORY_APPEND_ONLY = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True

FILTERS_EMPTY_CHOICE_LABEL = _("Any")
DJANGO_TABLES2_TEMPLATE = "components/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It tells each step of each page.
    "loggers": {"weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
