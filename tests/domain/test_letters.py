"""The words of letters: every kind in every language, as text and as HTML, with nothing missing."""

import re

import pytest

from every_message import given_every_message
from mailing import parsed
from seatledger.domain.accounts.models import Account
from seatledger.domain.notifications.letters.building import CONTENTS, build_letter
from seatledger.domain.notifications.letters.setting import Sheet, set_html, set_text
from seatledger.domain.notifications.letters.words import PLACE, Block, Wording, WordMissing, word
from seatledger.domain.notifications.models import Language, Message, MessageChoice, MessageKind
from support import administrator_of, given_account, given_provider

pytestmark = pytest.mark.django_db


def test_every_kind_has_words_in_every_language_and_a_content():
    for language in Language:
        names = {file.stem for file in (PLACE / language).glob("*.txt")}
        assert names == {*MessageKind.values, "footer", "reason"}
    assert set(CONTENTS) == set(MessageKind)


@pytest.mark.parametrize("language", Language)
def test_every_kind_is_written_with_real_rows_in_every_language(language):
    account = given_account("Northwind & Söhne")
    Account.objects.filter(pk=account.pk).update(locale="de-DE" if language == "de" else "en-GB")
    subjects = set()
    for message in given_every_message(account):
        letter = build_letter(Message.objects.select_related("account__provider", "user").get(pk=message.pk))
        subjects.add(letter.subject)
        assert letter.subject
        assert len(letter.subject) < 120
        assert letter.text.strip()
        for odd in ("None", "{{", "{%", "\x02", "\x03", "\x04", "**", "  \n", "\n\n\n"):
            assert odd not in letter.text.replace("-- \n", ""), (message.kind, odd)
            assert odd not in letter.html or odd == "  \n", (message.kind, odd)
        page = parsed(letter.html)
        assert page.get("lang") == language
        said = " ".join("".join(page.find(".//body").itertext()).split())
        for paragraph in letter.text.partition("\n-- \n")[0].split("\n\n"):
            for line in paragraph.splitlines():
                words = " ".join(re.sub(r"^> |:$", "", line.strip()).split())
                if not words.startswith("http") and ": " not in words:
                    assert words in said, message.kind
    assert len(subjects) >= len(MessageKind) - 2


def test_words_that_name_what_is_not_there_are_our_mistake():
    with pytest.raises(WordMissing, match="en/joining needs link"):
        word("joining", Language.ENGLISH, {"account": "Northwind", "days": 3})


def test_no_name_of_a_customer_becomes_a_link_or_a_line_of_its_own():
    evil = "=> https://evil.example Pay\n\n=> https://evil.example Pay <b>now</b> **now** {{ link }}"
    values = {"account": evil, "link": "https://portal.example/x", "days": 3}
    wording = word("joining", Language.ENGLISH, values)
    assert [block.mark for block in wording.blocks] == ["", "", "=>", "~"]
    assert "\n" not in wording.subject
    sheet = Sheet(Language.ENGLISH, evil, wording, ())
    page = parsed(set_html(sheet))
    assert [link.get("href") for link in page.iter("a")] == ["https://portal.example/x"]
    assert list(page.iter("b")) == []
    assert ":\nhttps://evil.example" not in set_text(sheet)


def test_the_language_is_the_accounts_unless_the_reader_chose_another():
    account = given_account("Northwind")
    ann = administrator_of(account)
    Account.objects.filter(pk=account.pk).update(locale="de-AT")
    message = Message.objects.create(
        account=account,
        kind=MessageKind.WELCOME,
        cause="test",
        recipient=ann.email,
        user=ann,
        queued_at=ann.added_at,
    )
    message = Message.objects.select_related("account", "user").get(pk=message.pk)
    assert build_letter(message).subject == "Willkommen im Lizenzportal von Northwind"
    MessageChoice.objects.create(account=account, user=ann, language=Language.ENGLISH)
    assert build_letter(message).subject == "Welcome to the licence portal of Northwind"


@pytest.mark.parametrize(
    ("locale", "amount", "day"),
    [
        ("en-GB", "£1,234.50", "2 March 2026"),
        ("en-US", "£1,234.50", "March 2, 2026"),
        ("de-DE", "1.234,50\xa0£", "2. März 2026"),
        ("fr-FR", "1\u202f234,50\xa0£", "2 March 2026"),
    ],
)
def test_amounts_and_days_are_written_as_the_account_reads_them(locale, amount, day):
    account = given_account("Northwind")
    Account.objects.filter(pk=account.pk).update(locale=locale)
    [message] = [one for one in given_every_message(account) if one.kind == MessageKind.PAYMENT_RECEIVED]
    text = build_letter(Message.objects.select_related("account", "user").get(pk=message.pk)).text
    assert amount in text
    assert day in text


def test_a_customer_of_a_provider_is_written_to_in_the_providers_name():
    provider = given_provider("Harbour Partners")
    customer = given_account("Quayside", provider=provider)
    ann = administrator_of(customer)
    message = Message.objects.create(
        account=customer,
        kind=MessageKind.WELCOME,
        cause="test",
        recipient=ann.email,
        user=ann,
        queued_at=ann.added_at,
    )
    letter = build_letter(Message.objects.select_related("account__provider", "user").get(pk=message.pk))
    assert letter.mail.from_email.startswith("Harbour Partners <")
    assert "Harbour Partners" in letter.html


def test_the_vendor_is_led_to_the_account_in_the_console():
    account = given_account("Northwind")
    wanted = {MessageKind.CLOSURE_REQUESTED, MessageKind.LICENCES_REQUESTED}
    for message in given_every_message(account):
        if message.kind in wanted:
            text = build_letter(
                Message.objects.select_related("account__provider", "user").get(pk=message.pk)
            ).text
            assert f"/console/accounts/{account.serial_number}/" in text
            wanted.discard(message.kind)
    assert not wanted


def test_a_name_without_a_space_makes_no_letter_wider_than_its_reader():
    page = parsed(
        set_html(Sheet(Language.ENGLISH, "N" * 200, Wording("N" * 200, ()), (Block("", "N" * 200),)))
    )
    texts = [
        element for element in page.iter() if (element.text or "").startswith("N") and element.get("style")
    ]
    assert len(texts) == 3
    assert all("overflow-wrap:anywhere" in element.get("style") for element in texts)
