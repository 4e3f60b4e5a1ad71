"""Read an answer as a reader does: its words, without the markup."""

from typing import Any

import lxml.html
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def parsed(answer: Any) -> lxml.html.HtmlElement:
    """Return a page as a tree. That its markup is right is tested elsewhere, by a strict parser that takes its time."""
    return lxml.html.document_fromstring(answer.content.decode())


def text_of(answer: Any, part: str = "#main") -> str:
    """Return the words of the first part of a page: `#id`, or a path such as `.//nav[@class='tabs']`."""
    page = parsed(answer)
    path = f".//*[@id='{part[1:]}']" if part.startswith("#") else part
    found = page.find(path)
    assert found is not None, f"the page has no {part}"
    return " ".join(" ".join(found.itertext()).split())


def rows_of(answer: Any, table: str) -> list[list[str]]:
    """Return the words of a table's body, row by row and cell by cell."""
    page = parsed(answer)
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row]
        for row in page.findall(f".//*[@id='{table}']//tbody/tr")
    ]


def number_of_queries(visitor: Client, url: str) -> int:
    """Return how many queries a page takes, once everything that is remembered is remembered."""
    visitor.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(url).status_code == 200
    return len(queries)
