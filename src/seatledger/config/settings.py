"""Django's settings, derived from the typed environment alone."""

import os
from pathlib import Path

from seatledger.config.databases import database_settings
from seatledger.config.environment import environment_or_exit
from seatledger.config.logs import configure_structlog, logging_settings
from seatledger.config.metrics_folder import shared_folder
from seatledger.config.postgres.server import EmbeddedServer
from seatledger.config.secrets import secret_key

ENVIRONMENT = environment_or_exit()
PACKAGE = Path(__file__).resolve().parent.parent

# Who we are

SECRET_KEY = secret_key(ENVIRONMENT)
SECRET_KEY_FALLBACKS = [*ENVIRONMENT.old_secret_keys]
DEBUG = ENVIRONMENT.debug
SEATLEDGER_REGION = ENVIRONMENT.region
SEATLEDGER_REGIONS = {region.key: region for region in ENVIRONMENT.regions}
# How `seatledger` is run in the cells of other regions, for accounts that move there.
SEATLEDGER_CELL_COMMANDS = dict(ENVIRONMENT.cell_commands)
SEATLEDGER_ADDRESS = ENVIRONMENT.public_address
SEATLEDGER_VENDOR_EMAIL = ENVIRONMENT.vendor_email or "licences@vendor.example"
# Where the vendor's terms of service are read; the demo's vendor says he has some.
SEATLEDGER_TERMS_ADDRESS = ENVIRONMENT.terms_address or (
    "" if ENVIRONMENT.in_production else "https://vendor.example/terms"
)
SEATLEDGER_LOGO = ENVIRONMENT.logo
SEATLEDGER_GATEWAY = ENVIRONMENT.gateway_in_use
SEATLEDGER_STRIPE = ENVIRONMENT.stripe_account
SEATLEDGER_DUNNING_DAYS = ENVIRONMENT.dunning_days
SEATLEDGER_GRACE_DAYS = ENVIRONMENT.grace_days
# For how many days licences may be used after their last day: after a trial, and after anything else.
SEATLEDGER_GRACE_AFTER_TRIAL = ENVIRONMENT.grace_after_trial
SEATLEDGER_GRACE_AFTER_EXPIRY = ENVIRONMENT.grace_after_expiry
SEATLEDGER_STATE = ENVIRONMENT.state
SEATLEDGER_MODE = ENVIRONMENT.mode
# Whether people open accounts by themselves, and which plans they can try: all that have a trial and a price unless named.
SEATLEDGER_SIGNUP = ENVIRONMENT.signup
SEATLEDGER_SIGNUP_PLANS = ENVIRONMENT.signup_plans
# How many days ahead people are reminded of what expires or renews, and of the end of a trial.
SEATLEDGER_REMINDER_DAYS = ENVIRONMENT.reminder_days
SEATLEDGER_TRIAL_REMINDER_DAYS = ENVIRONMENT.trial_reminder_days
SEATLEDGER_METRICS_TOKEN = ENVIRONMENT.metrics_token.get_secret_value() if ENVIRONMENT.metrics_token else ""
# Letters as they were sent, for who looks at a demo; some hold a link to sign in with.
SEATLEDGER_KEEP_LETTERS = not ENVIRONMENT.in_production
# The secret of the authenticator app that the demo's staff share. Whoever has it is shown his code; see `console.sign_in`.
SEATLEDGER_DEMO_SECRET = "" if ENVIRONMENT.in_production else "SEATLEDGERDEMOSEATLEDGERDEMOSEAT"
# A demo's receiver runs on the same machine; elsewhere nothing of one's own network is called from outside's wish.
SEATLEDGER_WEBHOOKS_TO_LOOPBACK = ENVIRONMENT.webhooks_reach_loopback
# See `invoices.bounds`.
SEATLEDGER_BILLING_BOUNDS = {
    "times": ENVIRONMENT.billing_times,
    "least": ENVIRONMENT.billing_least,
    "first": ENVIRONMENT.billing_first,
}
# Above these a second member of staff approves; see `staff.actions.deeds`.
SEATLEDGER_SECOND_PERSON = {
    "most_amount": ENVIRONMENT.one_person_amount,
    "most_licences": ENVIRONMENT.one_person_licences,
    "most_days": ENVIRONMENT.one_person_days,
}

# What the house is made of

INSTALLED_APPS = [
    "seatledger.config",
    "seatledger.domain.events",
    "seatledger.domain.accounts",
    "seatledger.domain.people",
    "seatledger.domain.catalogue",
    "seatledger.domain.licences",
    "seatledger.domain.subscriptions",
    "seatledger.domain.invoices",
    "seatledger.domain.signups",
    "seatledger.domain.payments",
    "seatledger.domain.payments.gateways.sandbox",
    "seatledger.domain.notifications",
    "seatledger.domain.exports",
    "seatledger.domain.closures",
    "seatledger.domain.figures",
    "seatledger.domain.staff",
    "seatledger.domain.moves",
    "seatledger.faces.ui",
    "seatledger.faces.portal",
    "seatledger.faces.console",
    "seatledger.faces.gateways",
    "seatledger.faces.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # the passkey pages of allauth use its filters
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",  # so that a template of ours can stand in for one of Django's
    "django_htmx",
    "django_structlog",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "seatledger.config.probes.Probes",
    "seatledger.config.metrics.MeasureRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "seatledger.faces.portal.boundary.CleanInput",
    "seatledger.config.boundaries.Boundaries",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "seatledger.config.request_log.RequestLog",
]
ROOT_URLCONF = "seatledger.config.urls"
WSGI_APPLICATION = "seatledger.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "seatledger.faces.portal.context.shell",
                "seatledger.faces.console.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Where things are kept

SERVER = EmbeddedServer(ENVIRONMENT.state, binaries=ENVIRONMENT.postgres_bin)
DATABASES = {"default": database_settings(ENVIRONMENT, SERVER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that a rate limit holds for all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # So many that nobody pushes the count of his wrong passwords out with requests of other kinds.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.state / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Who signs in, and how

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["seatledger.domain.people.backends.PeopleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "seatledger.faces.portal.sign_in_adapters.SignInAdapter"
ACCOUNT_FORMS = {
    "login": "seatledger.faces.portal.sign_in_forms.SignInForm",
    "reset_password": "seatledger.faces.portal.sign_in_forms.ForgottenPasswordForm",
    "user_token": "seatledger.faces.portal.sign_in_forms.LinkForm",
    "reset_password_from_key": "seatledger.faces.portal.sign_in_forms.ChoosePasswordForm",
    "change_password": "seatledger.faces.portal.sign_in_forms.ChangePasswordForm",
    "reauthenticate": "seatledger.faces.portal.sign_in_forms.ConfirmPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 -- a class
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator adds people; the invitation proves the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENVIRONMENT.in_production else "http"
# By who asks and by whom it is about; signing up is keyed by the address, confirming by the sign-up.
ACCOUNT_RATE_LIMITS = {"signup": "20/m/ip,3/m/key,10/d/key", "signup_confirm": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENVIRONMENT.behind_proxy else 0
MFA_ADAPTER = "seatledger.faces.portal.sign_in_adapters.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "seatledger.faces.portal.sign_in_forms.CodeForm",
    "reauthenticate": "seatledger.faces.portal.sign_in_forms.ConfirmCodeForm",
    "add_webauthn": "seatledger.faces.portal.sign_in_forms.NewPasskeyForm",
    "activate_totp": "seatledger.faces.portal.sign_in_forms.FirstCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the same: nobody chose his own address
MFA_TOTP_ISSUER = "Seatledger"
# Browsers allow passkeys without TLS on localhost alone, which is where a demo runs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.in_production

# What a browser may do

ALLOWED_HOSTS = [*ENVIRONMENT.allowed_hosts]
if not ENVIRONMENT.in_production:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_address]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
# A browser tells hosts apart, not ports, and the cells of a demo are ports of one host.
SEATLEDGER_COOKIES_END = f"-{ENVIRONMENT.region}" if ENVIRONMENT.shares_this_machine else ""
SESSION_COOKIE_NAME = f"sessionid{SEATLEDGER_COOKIES_END}"
CSRF_COOKIE_NAME = f"csrftoken{SEATLEDGER_COOKIES_END}"
if ENVIRONMENT.in_production:  # there the address begins with https
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if ENVIRONMENT.behind_proxy:
    SECURE_SSL_REDIRECT = ENVIRONMENT.in_production
    SECURE_REDIRECT_EXEMPT = ["^health$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Words and time

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "faces" / "ui" / "locale"]

# Mail: to a server when there is one, else to files a demo's user can read

DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from or SEATLEDGER_VENDOR_EMAIL
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 15
EMAIL_FILE_PATH = str(ENVIRONMENT.state / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if ENVIRONMENT.mail_host:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = ENVIRONMENT.mail_host
    EMAIL_USE_TLS = (ENVIRONMENT.mail_security or "starttls") == "starttls"
    EMAIL_USE_SSL = ENVIRONMENT.mail_security == "tls"
    EMAIL_PORT = ENVIRONMENT.mail_port or (465 if EMAIL_USE_SSL else 587)
    EMAIL_HOST_USER = ENVIRONMENT.mail_user or ""
    EMAIL_HOST_PASSWORD = ENVIRONMENT.mail_password.get_secret_value() if ENVIRONMENT.mail_password else ""

# Jobs

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 10, "stalled_worker_timeout": 30}

# What is said about a run

# Named anew by every process: one that became the web server has another parent than its own processes have.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared_folder(ENVIRONMENT.state))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
configure_structlog()
LOGGING = logging_settings()
# An address is unique whatever its case, which only a constraint on lower(email) can say.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
