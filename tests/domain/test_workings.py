"""A line's working is kept exactly: what is read is what was written, and works out to the same again."""

import json
from dataclasses import replace
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.strategies import rates, scales, stretches
from seatledger.domain.invoices.models import Line as LineRow
from seatledger.domain.invoices.workings import read_line, write_working
from seatledger.engine.layers import Rectangle
from seatledger.engine.lines import Area, work_out
from seatledger.engine.policies import Rounded


@st.composite
def lines(draw):
    rate, scale = draw(rates()), draw(scales())
    rate = replace(rate, measure=replace(rate.measure, day_count=scale.day_count, rounded=Rounded.LINE))
    item = str(uuid4())
    if draw(st.booleans()):
        shape = Area(draw(stretches(min(scale.size, 400))), draw(stretches(min(scale.size, 400))))
    else:
        start = draw(st.integers(0, min(scale.size, 400) - 1))
        before, after = draw(st.permutations(range(-1, 12)))[:2]
        shape = Rectangle(start, scale.size, before, after, top=max(before, after))
    return work_out(item, rate, scale, shape)


def stored(line):
    working = write_working(line)
    return LineRow(
        item_id=line.item,
        period_starts_on=line.scale.period.starts_on,
        period_ends_on=line.scale.period.ends_on,
        rate=json.loads(working.rate),
        shape=json.loads(working.shape),
        totals=json.loads(working.totals),
    )


@settings(max_examples=60, deadline=None)
@given(lines())
def test_what_is_read_is_what_was_written(line):
    read = read_line(stored(line))
    assert read == line
    assert work_out(read.item, read.rate, read.scale, read.shape) == line
