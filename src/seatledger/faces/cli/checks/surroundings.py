"""What surrounds us: the configuration, the mail server, the clock and the disk."""

import shutil
import smtplib
import time
from collections.abc import Iterator
from ssl import SSLSocket

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection

from seatledger.domain.payments.gateways.interface import GatewayRefused, OutcomeUnknown
from seatledger.faces.cli.checks.findings import Finding, ill, watch, well

MOST_DRIFT_S, TOLERATED_DRIFT_S = 60, 2
LEAST_FREE, COMFORTABLE_FREE = 0.02, 0.10
GIGABYTE = 10**9
# Source: RFC 5321, 4.2.1: answers of 400 and more are refusals.
NOT_WELL = 400


def check_configuration() -> Iterator[Finding]:
    """Say how we are set up. What is malformed or missing was refused before anything could be checked."""
    if settings.SEATLEDGER_MODE != "production":
        yield watch("configuration", "this is a demo", "For customers set SEATLEDGER_MODE=production.")
    elif not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield watch(
            "configuration",
            "no proxy is believed, so nobody speaks TLS",
            "Put a proxy in front and set SEATLEDGER_BEHIND_PROXY=1.",
        )
    else:
        yield well(
            "configuration", f"production, region {settings.SEATLEDGER_REGION}, {settings.SEATLEDGER_ADDRESS}"
        )
    if settings.SECRET_KEY_FALLBACKS:
        yield watch(
            "configuration",
            f"{len(settings.SECRET_KEY_FALLBACKS)} former secret key(s) are still believed",
            "Take them out of SEATLEDGER_OLD_SECRET_KEYS once the links and sessions of their time are over.",
        )


def check_mail() -> Iterator[Finding]:
    """Say hello to the mail server, begin TLS and sign in as a letter would, and send nothing."""
    backend = get_connection()
    if not isinstance(backend, EmailBackend):
        yield watch("mail", "letters are kept here and not sent", "Set SEATLEDGER_MAIL_HOST.")
        return
    where = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    try:
        backend.open()
        server = backend.connection
        assert server is not None, "an open backend has a connection"
        code, answer = server.noop()
        tls = server.sock.version() if isinstance(server.sock, SSLSocket) else None
    except (OSError, smtplib.SMTPException) as problem:
        yield ill(
            "mail", f"{where}: {problem}", "See to SEATLEDGER_MAIL_... and whether this machine may reach it."
        )
        return
    finally:
        backend.close()
    if code >= NOT_WELL:
        yield ill("mail", f"{where} answers {code} {answer!r}", "Ask who looks after the mail server.")
    elif tls is None:
        yield watch(
            "mail", f"{where} takes letters without TLS", "Set SEATLEDGER_MAIL_SECURITY to starttls or tls."
        )
    else:
        yield well("mail", f"{where} answers with {tls}")


def check_clock() -> Iterator[Finding]:
    """Compare this machine's clock with the database's: which day it is decides what is charged."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        [(theirs,)] = cursor.fetchall()
    drift = abs(theirs - (before + time.time()) / 2)
    words = f"this machine and the database differ by {drift:.1f} s"
    if drift > MOST_DRIFT_S:
        yield ill("clock", words, "Set the clocks, and let them be kept by NTP.")
    elif drift > TOLERATED_DRIFT_S:
        yield watch("clock", words, "Let the clocks be kept by NTP.")
    else:
        yield well("clock", words)


def check_disk() -> Iterator[Finding]:
    """Say how much room is left where we keep files."""
    place = settings.SEATLEDGER_STATE
    # Before anything has started the directory may still have to be made.
    disk = shutil.disk_usage(next(each for each in (place, *place.parents) if each.is_dir()))
    words = f"{disk.free / GIGABYTE:.1f} of {disk.total / GIGABYTE:.1f} GB free at {place}"
    if disk.free < LEAST_FREE * disk.total:
        yield ill("disk", words, "Make room now: a database without room stops.")
    elif disk.free < COMFORTABLE_FREE * disk.total:
        yield watch("disk", words, "Make room soon.")
    else:
        yield well("disk", words)


def check_gateway() -> Iterator[Finding]:
    """Say which gateway is set up, and whether Stripe answers: it is asked for a list, which moves and leaves nothing."""
    gateway = settings.SEATLEDGER_GATEWAY
    yield well("gateway", "none: customers pay by transfer" if gateway == "none" else f"{gateway} is set up")
    if not settings.SEATLEDGER_STRIPE:
        return
    # The library takes a second to load, which only those wait for who use it.
    from seatledger.domain.payments.gateways.stripe.trying import try_stripe  # noqa: PLC0415 -- as said above

    try:
        try_stripe(**settings.SEATLEDGER_STRIPE)
    except (GatewayRefused, OutcomeUnknown) as problem:
        advice = "See to SEATLEDGER_STRIPE_KEY, its permissions, and that this machine reaches Stripe."
        yield ill("gateway", str(problem).rstrip("."), advice)
    else:
        yield well("gateway", "Stripe answers")
