"""In which words and figures an account reads its pages."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def language_of(locale: str) -> str:
    """Return the language to activate for an account: the pages' own, English, written as in the account's country.

    An account of Germany ("de-DE") reads English words and 1.234,50 €. Countries for which no such habit is
    recorded read as Britain does.
    """
    territory = locale.partition("-")[2]
    try:
        Locale.parse(f"en-{territory}", sep="-")
    except (UnknownLocaleError, ValueError):
        return "en-gb"
    return f"en-{territory.lower()}"
