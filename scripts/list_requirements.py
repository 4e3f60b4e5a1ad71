"""List every rule with the tests that prove it: `python scripts/list_requirements.py` writes docs/requirements.md."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RULES = REPOSITORY / "docs" / "requirements.toml"
PAGE = REPOSITORY / "docs" / "requirements.md"

# A comment that names rules and nothing else: `# A21`, `# C3, C5-C7`, `# D3 D4`.
_RULE = r"[A-E]\d{1,2}"
_NAMING = re.compile(rf"#\s*({_RULE}(?:\s*-\s*{_RULE})?(?:[,\s]+{_RULE}(?:\s*-\s*{_RULE})?)*)\s*$")
_PART = re.compile(rf"({_RULE})(?:\s*-\s*({_RULE}))?")

_HEAD = """# Requirements, and what proves them

Made by `python scripts/list_requirements.py` from `requirements.toml` and the comments of the tests; a test checks that
it is current.
"""


def expand(text: str) -> list[str]:
    """Return the rules that `A3, C5-C7` names: A3, C5, C6 and C7."""
    rules = []
    for first, last in _PART.findall(text):
        numbers = range(int(first[1:]), int(last[1:] if last else first[1:]) + 1)
        rules += [f"{first[0]}{number}" for number in numbers]
    return rules


def read_rules() -> dict[str, dict[str, str]]:
    """Return the title and the rules of each chapter, in their order."""
    chapters = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return {name: chapter for name, chapter in chapters.items() if name != "later"}


def rules_of_later() -> dict[str, str]:
    """Return, by rule, with what it will come."""
    later = tomllib.loads(RULES.read_text(encoding="utf-8"))["later"]
    return {rule: room for room, named in later.items() for part in named for rule in expand(part)}


@cache
def find_tests() -> dict[str, list[tuple[str, str]]]:
    """Return, by rule, the tests that name it: file and function."""
    found: dict[str, list[tuple[str, str]]] = {}
    for file in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        name = str(file.relative_to(REPOSITORY))
        for rules, test in rules_named_in(file.read_text(encoding="utf-8")):
            for rule in rules:
                if (name, test) not in found.setdefault(rule, []):
                    found[rule].append((name, test))
    return found


def rules_named_in(source: str) -> Iterator[tuple[list[str], str]]:
    """Yield each test with the rules that comments name inside it, on its first line, or right above it."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            while first > 1 and lines[first - 2].lstrip().startswith("#"):
                first -= 1
            named = [_NAMING.search(line) for line in lines[first - 1 : node.end_lineno]]
            rules = [rule for match in named if match for rule in expand(match.group(1))]
            if rules:
                yield rules, node.name


def write_page() -> str:
    """Return the page."""
    tests, later = find_tests(), rules_of_later()
    parts = [_HEAD]
    for chapter in read_rules().values():
        parts.append(
            f"\n## {chapter['title']}\n\n| rule | what must hold | proved by |\n| --- | --- | --- |\n"
        )
        for rule, text in chapter.items():
            if rule != "title":
                parts.append(f"| {rule} | {text} | {_proof(rule, tests, later)} |\n")
    return "".join(parts)


def _proof(rule: str, tests: dict[str, list[tuple[str, str]]], later: dict[str, str]) -> str:
    if rule in tests:
        return "<br>".join(f"[{test}](../{file})" for file, test in tests[rule])
    return f"comes with {later[rule]}" if rule in later else "**nothing yet**"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
