"""The weeks below the charts of what is to come begin with a day as the reader's language writes it, without its year."""

from datetime import date

import pytest
from django.utils.translation import override

from seatledger.domain.figures.queries import EndingWeek, Week
from seatledger.faces.console.figure_coming import endings_chart, renewals_chart

WEEK = date(2026, 11, 23), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("language", "label"), [("en", "23 Nov"), ("en-us", "Nov 23"), ("de", "23. Nov."), ("ja", "11月23日")]
)
def test_a_week_is_named_by_its_first_day(language, label):
    with override(language):
        charts = (
            renewals_chart([Week(*WEEK, 2, 5_000)], "GBP"),
            endings_chart([EndingWeek(*WEEK, 1, 5, 3)], "GBP"),
        )
    assert [chart.columns[0].label for chart in charts] == [label, label]
