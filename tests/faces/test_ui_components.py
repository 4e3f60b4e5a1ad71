"""What the components say, and to whom."""

import pytest
from django import forms
from django.template import Context, Template

from seatledger.faces.ui.meters import read_meter
from seatledger.faces.ui.statuses import LOOKS, look_of


def shown(source: str, **context) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


class ContactForm(forms.Form):
    name = forms.CharField()
    email = forms.EmailField(required=False, help_text="For invoices.")
    level = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "Reports"), ("b", "Live")])
    terms = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    ("used", "total", "state", "available", "over"),
    [
        (0, 0, "ok", 0, 0),
        (2, 10, "ok", 8, 0),
        (10, 10, "full", 0, 0),
        (12, 10, "over", 0, 2),
        (1, 0, "over", 0, 1),
        (7, None, "unlimited", 0, 7),
    ],
)
def test_a_meter_knows_how_full_the_pool_is(used, total, state, available, over):
    reading = read_meter(used, total)
    assert (reading.state, reading.available) == (state, available)
    assert total is None or reading.over == over


def test_a_meter_says_in_words_what_its_bar_shows():
    assert "<strong>2</strong> of 10" in shown("{% meter 2 10 %}")
    assert '<meter min="0" max="10" value="2" aria-label="Wallboards, licences in use">' in shown(
        "{% meter 2 10 label='Wallboards' %}"
    )
    assert "2 over-assigned" in shown("{% meter 12 10 %}")
    assert "None available" in shown("{% meter 10 10 %}")


def test_a_large_pool_is_grouped_for_people_and_plain_for_the_bar():
    written = shown("{% meter 12345 20000 %}")
    assert "<strong>12,345</strong>" in written
    assert 'max="20000" value="12345"' in written


def test_an_unlimited_pool_has_no_bar():
    written = shown("{% meter 1204 None %}")
    assert "<meter" not in written
    assert "Not limited" in written


@pytest.mark.parametrize("state", sorted(LOOKS))
def test_every_state_has_a_word_and_an_icon_beside_its_colour(state):
    written = shown("{% status state %}", state=state)
    assert f"{look_of(state).label}</span>" in written
    assert '<svg width="14"' in written


def test_a_state_without_a_look_is_spelt_out():
    assert look_of("awaiting_bank").label == "Awaiting bank"


def test_an_icon_that_does_not_exist_fails_loudly():
    with pytest.raises(KeyError, match="no-such-icon"):
        shown("{% icon 'no-such-icon' %}")


def test_an_icon_is_silent_unless_it_carries_the_meaning():
    assert 'aria-hidden="true"' in shown("{% icon 'users' %}")
    assert '<span class="visually-hidden">Close</span>' in shown("{% icon 'x' 'Close' %}")


def test_a_mandatory_field_has_a_star():
    form = ContactForm()
    assert '<span class="mandatory" aria-hidden="true">*</span>' in shown("{% field form.name %}", form=form)
    assert "mandatory" not in shown("{% field form.email %}", form=form)


def test_help_and_errors_are_tied_to_their_field():
    written = shown("{% field form.email %}", form=ContactForm({"email": "nobody"}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in written
    assert 'aria-invalid="true"' in written
    assert 'id="id_email_helptext"' in written
    assert 'id="id_email_error"' in written


def test_choices_stand_under_one_legend():
    written = shown("{% field form.level %}", form=ContactForm({"level": "z"}))
    assert "<legend>Level" in written
    assert 'aria-describedby="id_level_error"' in written
    assert '<label for="id_level_0">Reports</label>' in written


def test_every_problem_links_to_its_field():
    form = ContactForm({"email": "nobody", "level": "a"})
    form.add_error(None, "Two people cannot share an address.")
    written = shown("{% error_summary form %}", form=form)
    assert "4 things need your attention" in written
    assert "<li>Two people cannot share an address.</li>" in written
    assert '<a href="#id_name">Name: This field is required.</a>' in written


def test_a_form_nobody_sent_has_no_problems():
    assert shown("{% error_summary form %}", form=ContactForm()) == ""


def test_all_fields_come_in_their_order():
    written = shown("{% fields form %}", form=ContactForm())
    places = [written.index(f'name="{name}"') for name in ("name", "email", "level", "terms", "token")]
    assert places == sorted(places)


def test_initials_come_from_the_first_and_the_last_word():
    assert shown("{{ 'Ann Maria Lee'|initials }}") == "AL"
    assert shown("{{ 'ann'|initials }}") == "A"
    assert shown("{{ ''|initials }}") == ""


def test_pages_before_and_after_are_links_only_where_there_are_any():
    assert shown("{% pagination '' '' '' %}") == ""
    written = shown("{% pagination '' '?after=7' 'Users Ann to Chidi' %}")
    assert 'rel="next"' in written
    assert 'rel="prev"' not in written
    assert 'rel="first"' in shown("{% pagination first_url='?' %}")


def test_a_form_written_plainly_looks_like_every_other():
    written = shown("{{ form }}", form=ContactForm({"email": "nobody", "level": "a"}))
    assert '<div class="field" data-kind="line" data-invalid>' in written
    assert "3 things need your attention" in written


def test_a_word_marked_as_safe_lends_nothing_to_the_same_word_from_outside():
    assert shown("{% status 'active' '<b>' %}").count("<b>") == 1
    assert shown("{% status 'active' text %}", text="<b>").count("&lt;b&gt;") == 1
