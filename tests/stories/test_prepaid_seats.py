"""Seats bought ahead: what is added, what is fewer, other plans, the end."""


def test_seats_added_in_march_are_charged_for_the_days_left(story):  # A19, E14
    story.on("2026-03-01").given_subscription(seats=10, price="12.00", every="month")
    story.when_billing_runs()
    story.then_invoice_has("120.00 for 10 seats, 1 to 31 March 2026", total="120.00", on="2026-03-01")
    story.on("2026-03-21").when_seats_are_added(2)
    story.when_billing_runs()
    story.then_invoice_has("8.52 for 2 seats, 21 to 31 March 2026", total="8.52", on="2026-03-21")
    story.on("2026-04-01").when_billing_runs()
    story.then_invoice_has("144.00 for 12 seats, 1 to 30 April 2026")
    story.then_nothing_is_charged()


def test_an_anchor_on_the_31st_does_not_drift(story):
    story.on("2026-01-31").given_subscription(seats=1, price="31.00", every="month")
    for day in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"):
        story.on(day).when_billing_runs()
    story.then_invoice_has("31.00 for 1 seat, 31 January to 27 February 2026", on="2026-01-31")
    story.then_invoice_has("31.00 for 1 seat, 28 February to 30 March 2026", on="2026-02-28")
    story.then_invoice_has("31.00 for 1 seat, 31 March to 29 April 2026", on="2026-03-31")
    story.then_invoice_has("31.00 for 1 seat, 30 April to 30 May 2026", on="2026-04-30")
    story.then_invoice_has("31.00 for 1 seat, 31 May to 29 June 2026", on="2026-05-31")
    story.then_nothing_is_charged()
