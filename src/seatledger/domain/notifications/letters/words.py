r"""Words of a letter: a file for each kind and language, in `words/<language>/<kind>.txt`.

The first line is the subject, the rest paragraphs with a blank line between. At the start of a line these mean:

    => {{ link }} Words       a button
    - Label: words            a fact; facts that follow each other stand in a table
    # {{ code }}              something to be copied
    > {{ note }}              what somebody wrote
    ~ Words                   small print

and `**words**` stand out. Django's template tags work as usual. Marks are read in the file alone, never in what is put
in, so no name of a customer can become a link.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.template import Context, Engine, Template

from seatledger.domain.notifications.models import Language

PLACE: Final = Path(__file__).resolve().parent.parent / "words"
STRONG: Final = "\x03"
_MARK: Final = "\x02"
_MISSING: Final = "\x04"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_MARKED_LINE: Final = re.compile(r"^((?:\{%[^%]*%\})*)(=>|-|#|>|~) ", re.MULTILINE)
_TAGS_ALONE: Final = re.compile(r"^((?:\{%[^%]*%\})+)\n", re.MULTILINE)


class WordMissing(Exception):
    """A letter names something that it was not given. Our mistake."""


@dataclass(frozen=True)
class Block:
    """One part of a letter. `mark` is empty for a paragraph; `link` is a button's."""

    mark: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class Wording:
    """What a letter says, before it is set as text or HTML."""

    subject: str
    blocks: tuple[Block, ...]


def word(name: str, language: Language, values: Mapping[str, object]) -> Wording:
    """Put values into the words `name` in a language. Raises WordMissing for a value that was not given."""
    clean = {key: _clean(value) for key, value in values.items()}
    rendered = _template(name, language).render(Context(clean, autoescape=False))
    if _MISSING in rendered:
        missing = rendered.split(_MISSING)[1]
        raise WordMissing(f"{language}/{name} needs {missing}")
    subject, _, body = rendered.partition("\n")
    return Wording(" ".join(subject.replace(STRONG, "").split()), tuple(_blocks(body)))


def _clean(value: object) -> object:
    """Return a value without what would be read as a mark or a line of its own."""
    if isinstance(value, str):
        return _CONTROL.sub(" ", value)
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _clean(part) for key, part in value.items()}
    assert value is None or isinstance(value, bool | int), "everything else is written out before"
    return value


@cache
def _template(name: str, language: Language) -> Template:
    source = (PLACE / language / f"{name}.txt").read_text(encoding="utf-8")
    source = _MARKED_LINE.sub(rf"\1{_MARK}\2 ", source)
    source = _TAGS_ALONE.sub(r"\1", source).replace("**", STRONG)
    return Template(source, engine=_engine())


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(PLACE)], autoescape=False, string_if_invalid=f"{_MISSING}%s{_MISSING}")


def _blocks(body: str) -> Iterator[Block]:
    paragraph: list[str] = []
    for line in [*body.splitlines(), ""]:
        if line.strip() and not line.startswith(_MARK):
            paragraph.append(line.strip())
            continue
        if paragraph:
            yield Block("", " ".join(paragraph))
            paragraph = []
        if line.startswith(_MARK):
            mark, _, text = line.removeprefix(_MARK).partition(" ")
            link, _, label = text.strip().partition(" ") if mark == "=>" else ("", "", text.strip())
            yield Block(mark, label, link)
