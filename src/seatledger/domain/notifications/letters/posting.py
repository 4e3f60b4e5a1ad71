"""Hand a letter to the mail server, and tell what can be tried again from what cannot."""

import smtplib
from pathlib import Path
from shutil import rmtree
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from seatledger.shared.errors import Unreachable
from seatledger.shared.quiet import refuse_while_quiet

# Source: RFC 5321, 4.2.1: codes of 500 and more are for good, those of 400 and more for now.
_FOR_GOOD: Final = 500


class RefusedForGood(Unreachable):
    """The mail server will never take this message: there is no such recipient, or it may not be written to."""


def post_letter(mail: EmailMultiAlternatives, *, about: str = "") -> None:
    """Hand an e-mail to the mail server. Raises Unreachable when it is not taken, RefusedForGood when it never will be.

    Where there is no server, it is kept in a file: in the folder of what it is `about`, an account or who signs up for one.
    """
    refuse_while_quiet()
    if about and _keeps_files():
        mail.connection = get_connection(file_path=str(_folder_of(about)))
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code, words) from error
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"The mail server did not take the message: {error}") from error


def forget_letters(about: str) -> None:
    """Remove the files in which letters about an account were kept, if there are any. Done again, it does nothing."""
    if _keeps_files():
        rmtree(_folder_of(about), ignore_errors=True)


def _keeps_files() -> bool:
    return settings.EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend"


def _folder_of(about: str) -> Path:
    return Path(settings.EMAIL_FILE_PATH) / str(UUID(about))


def _refusal(code: int, words: bytes | str) -> Unreachable:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if code >= _FOR_GOOD:
        return RefusedForGood(f"The mail server refused the message for good: {code} {said}")
    return Unreachable(f"The mail server did not take the message: {code} {said}")
