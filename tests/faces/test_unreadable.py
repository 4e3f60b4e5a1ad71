"""What a request is answered that cannot be read."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory

from seatledger.faces.ui.unreadable import answer_unreadable

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def post(content: bytes):
    return Client().post("/accounts/login/", content, content_type=FORM)


def test_a_form_that_is_too_long_is_told_so():
    answer = post(b"login=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert answer.status_code == 413
    assert "<title>This is too much at once" in answer.content.decode()


def test_a_form_of_too_many_fields_could_not_be_read():
    answer = post(b"&".join([b"login=x"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)))
    assert answer.status_code == 400
    assert "<title>This request could not be read" in answer.content.decode()


def test_what_is_still_on_its_way_is_read_before_the_answer():
    sent = BytesIO(b"x" * 200_000)
    request = WSGIRequest(
        RequestFactory().post("/").environ | {"wsgi.input": sent, "CONTENT_LENGTH": "200000"}
    )
    assert answer_unreadable(request, RequestDataTooBig()).status_code == 413
    assert sent.read() == b""
