"""What the stories tell with."""

import pytest
from story import Story

from charging import given_vendor


@pytest.fixture
def story(db: None) -> Story:
    """A vendor in the United Kingdom who charges no tax, and nobody who buys yet."""
    given_vendor()
    return Story()
