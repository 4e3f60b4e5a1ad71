"""An account reads figures as its country writes them."""

import pytest

from seatledger.faces.portal.language import language_of


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-GB", "en-gb"),
        ("en-US", "en-us"),
        ("de-DE", "en-de"),
        ("ja-JP", "en-gb"),
        ("en", "en-gb"),
        ("", "en-gb"),
    ],
)
def test_the_pages_are_english_as_the_country_writes_figures(locale, language):
    assert language_of(locale) == language
