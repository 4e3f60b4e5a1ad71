"""E-mail domains in plain Python: what one may be, and the code that proves whose it is."""

import base64
from datetime import timedelta
from typing import Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.crypto import constant_time_compare, salted_hmac

from seatledger.domain.subscriptions import refusals
from seatledger.domain.subscriptions.models import EmailDomain
from seatledger.shared.text import clean_search, clean_text

CODE_LASTS: Final = timedelta(days=3)
LINK_LASTS: Final = timedelta(days=3)
CODE_WAITS: Final = timedelta(minutes=10)
MOST_WAITING: Final = 5
_LONGEST: Final = 253
_HALF: Final = 5

# Where anybody can have an address, at some of them even `admin@`. A code sent there would prove nothing.
PUBLIC_MAIL: Final = frozenset(
    [
        "126.com",
        "139.com",
        "163.com",
        "189.cn",
        "abv.bg",
        "aim.com",
        "alice.it",
        "aliyun.com",
        "aol.com",
        "arcor.de",
        "att.net",
        "bigmir.net",
        "bk.ru",
        "bluewin.ch",
        "bol.com.br",
        "btinternet.com",
        "centrum.cz",
        "chello.nl",
        "comcast.net",
        "cox.net",
        "daum.net",
        "disroot.org",
        "docomo.ne.jp",
        "duck.com",
        "earthlink.net",
        "email.com",
        "email.cz",
        "email.de",
        "email.it",
        "fastmail.com",
        "fastmail.fm",
        "foxmail.com",
        "free.fr",
        "freemail.hu",
        "freenet.de",
        "gawab.com",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hanmail.net",
        "hey.com",
        "home.nl",
        "hotmail.be",
        "hotmail.ch",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.de",
        "hotmail.es",
        "hotmail.fr",
        "hotmail.it",
        "hotmail.nl",
        "hotmail.se",
        "hushmail.com",
        "i.ua",
        "icloud.com",
        "inbox.com",
        "inbox.lv",
        "inbox.ru",
        "interia.pl",
        "jubii.dk",
        "juno.com",
        "kakao.com",
        "kpnmail.nl",
        "laposte.net",
        "libero.it",
        "list.ru",
        "live.be",
        "live.ca",
        "live.co.uk",
        "live.com",
        "live.com.au",
        "live.de",
        "live.dk",
        "live.fi",
        "live.fr",
        "live.it",
        "live.nl",
        "live.no",
        "live.se",
        "luukku.com",
        "mac.com",
        "mail.bg",
        "mail.com",
        "mail.de",
        "mail.dk",
        "mail.ee",
        "mail.ru",
        "mailbox.org",
        "mailfence.com",
        "me.com",
        "msn.com",
        "mynet.com",
        "naver.com",
        "nifty.com",
        "ntlworld.com",
        "o2.pl",
        "online.de",
        "online.no",
        "onet.pl",
        "op.pl",
        "orange.fr",
        "outlook.at",
        "outlook.be",
        "outlook.com",
        "outlook.com.br",
        "outlook.de",
        "outlook.dk",
        "outlook.es",
        "outlook.fr",
        "outlook.it",
        "outlook.jp",
        "outlook.pt",
        "pm.me",
        "post.cz",
        "posteo.de",
        "proton.me",
        "protonmail.ch",
        "protonmail.com",
        "qq.com",
        "rambler.ru",
        "rediffmail.com",
        "riseup.net",
        "rocketmail.com",
        "runbox.com",
        "sapo.pt",
        "sbcglobal.net",
        "seznam.cz",
        "sfr.fr",
        "shaw.ca",
        "sina.cn",
        "sina.com",
        "sky.com",
        "sohu.com",
        "startmail.com",
        "suomi24.fi",
        "sympatico.ca",
        "t-online.de",
        "talktalk.net",
        "telenet.be",
        "telia.com",
        "terra.com.br",
        "tiscali.it",
        "tuta.com",
        "tuta.io",
        "tutanota.com",
        "tutanota.de",
        "uol.com.br",
        "ukr.net",
        "verizon.net",
        "videotron.ca",
        "virgilio.it",
        "virginmedia.com",
        "volny.cz",
        "walla.co.il",
        "wanadoo.fr",
        "web.de",
        "wp.pl",
        "xs4all.nl",
        "ya.ru",
        "yahoo.ca",
        "yahoo.co.in",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.com.ar",
        "yahoo.com.au",
        "yahoo.com.br",
        "yahoo.com.mx",
        "yahoo.de",
        "yahoo.es",
        "yahoo.fr",
        "yahoo.in",
        "yahoo.it",
        "yandex.com",
        "yandex.ru",
        "yeah.net",
        "ymail.com",
        "zoho.com",
        "zoho.eu",
        "zohomail.com",
    ]
)


def clean_domain(text: str) -> str:
    """Return a domain in lower case and in letters of ASCII; a leading @ is left out.

    Raises UnfitText, UnfitDomain and PublicMailDomain.
    """
    written = clean_text(text, _LONGEST, what="The domain").lower().removeprefix("@").removesuffix(".")
    unfit = refusals.UnfitDomain(
        f"“{clean_search(written)}” is no e-mail domain. Write what follows the @, such as example.com."
    )
    try:
        domain = written.encode("idna").decode("ascii")
        DomainNameValidator(accept_idna=False)(domain)
    except (UnicodeError, ValidationError):
        raise unfit from None
    if "." not in domain or domain.rpartition(".")[2].isdigit():
        raise unfit
    if domain in PUBLIC_MAIL:
        raise refusals.PublicMailDomain(
            f"Anybody can have an address at {domain}. Use a domain that is your organisation's alone."
        )
    return domain


def domain_of(email: str) -> str:
    """Return the domain of an address as domains are stored, or an empty text where there is none."""
    try:
        return email.rpartition("@")[2].lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def code_of(domain: EmailDomain) -> str:
    """Return the code that proves a domain: ten letters and digits, as in `K7QXB-2MZ4T`. It is stored nowhere."""
    said = f"{domain.pk} {domain.domain} {domain.mailbox} {domain.asked_at.timestamp()}"
    digest = salted_hmac("seatledger.email_domain", said, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()
    return f"{letters[:_HALF]}-{letters[_HALF : 2 * _HALF]}"


def is_code_of(domain: EmailDomain, typed: str) -> bool:
    """Say whether this is the domain's code, whatever spaces, dashes and small letters it was typed with."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return constant_time_compare(letters, code_of(domain).replace("-", ""))


def joining_token(email: str) -> str:
    """Return what a link to join carries: the address, signed, so that who follows the link has proved it."""
    return signing.dumps(email, salt="seatledger.joining")


def email_of_token(token: str) -> str | None:
    """Return the address that a link to join was sent to, or None when it is not ours or older than three days."""
    try:
        found = signing.loads(token, salt="seatledger.joining", max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None
