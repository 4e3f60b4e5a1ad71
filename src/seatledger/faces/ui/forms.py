"""How a form's fields are shown, and the list of what is wrong with them."""

from dataclasses import dataclass

from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct; `target` is the id of the field it is about, or empty."""

    text: str
    target: str


def kind_of(field: BoundField) -> str:
    """Return how a field is laid out: hidden, checkbox, choices, group or line."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "line"


def problems_of(form: BaseForm) -> tuple[Problem, ...]:
    """Return everything wrong with a form, what concerns the whole of it first."""
    of_the_whole = [Problem(str(error), "") for error in form.non_field_errors()]
    of_fields = [
        Problem(f"{field.label}: {error}", "" if field.is_hidden else field.auto_id)
        for field in form
        for error in field.errors
    ]
    return (*of_the_whole, *of_fields)
