"""The rules of the house that no other tool checks. `docs/ARCHITECTURE.md` says why they are there."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from seatledger.domain.notifications.webhooks.event_types import PRIVATE, PUBLIC_KINDS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from list_event_types import all_happenings

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE = REPOSITORY / "src" / "seatledger"
ROOMS = sorted(place.parent for place in (SOURCE / "domain").glob("*/__init__.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST = {".py": 400, ".html": 150, ".css": 200}
LONGEST_STYLE_SHEET = 1500
LONGEST_FUNCTION = 60
MOST_ARGUMENTS = 6
# Words a user's own row may stand for: it belongs to one account, and nobody has a neighbour's. A sign-up's id is that of
# the account that it becomes.
ACCOUNT_WORDS = {"account", "user", "signup_id"}


def tracked_files() -> list[Path]:
    """Return what is or will be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):  # unpacked from an archive
        return [file for place in ("src", "tests", "docs") for file in (REPOSITORY / place).rglob("*.*")]
    return [file for name in listed.decode().split("\0") if name and (file := REPOSITORY / name).is_file()]


FILES = tracked_files()
TEXTS = {
    file: file.read_text(encoding="utf-8")
    for file in FILES
    if file.suffix
    in {".py", ".html", ".css", ".js", ".md", ".toml", ".lock", ".txt", ".sh", ".cfg", ".yml", ""}
    and file.name != "LICENSE"
}
PYTHON = {file: ast.parse(text) for file, text in TEXTS.items() if file.suffix == ".py"}
TEMPLATES = {file: text for file, text in TEXTS.items() if file.suffix == ".html"}


def name_of(file: Path) -> str:
    return str(file.relative_to(REPOSITORY))


def functions(below: Path) -> Iterator[tuple[Path, Function]]:
    for file, tree in PYTHON.items():
        if file.is_relative_to(below):
            yield from ((file, node) for node in ast.walk(tree) if isinstance(node, Function))


def public_functions(files: Iterable[Path]) -> Iterator[tuple[Path, Function]]:
    for file in files:
        for node in PYTHON[file].body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield file, node


def lines_matching(pattern: str, files: Iterable[Path], *, flags: int = 0) -> list[str]:
    """Return where the pattern stands, this file left out: it has to name what it looks for."""
    wanted = re.compile(pattern, flags)
    return [
        f"{name_of(file)}:{number}: {line.strip()}"
        for file in files
        if file != Path(__file__)
        for number, line in enumerate(TEXTS[file].splitlines(), 1)
        if wanted.search(line)
    ]


@pytest.mark.parametrize("suffix", LONGEST)
def test_files_are_short(suffix):
    sizes = {
        name_of(file): text.count("\n")
        for file, text in TEXTS.items()
        if file.suffix == suffix and "migrations" not in file.parts  # Django writes those
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST[suffix]} == {}


def test_the_style_sheet_as_a_whole_is_short():
    assert (
        sum(text.count("\n") for file, text in TEXTS.items() if file.suffix == ".css") <= LONGEST_STYLE_SHEET
    )


def test_functions_are_short():
    sizes = {
        f"{name_of(file)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file, node in functions(REPOSITORY)
        if "migrations" not in file.parts
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_functions_take_few_arguments():
    counted = {
        f"{name_of(file)}: {node.name}": [
            argument.arg
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if argument.arg not in {"self", "cls"}
        ]
        for file, node in functions(SOURCE)
    }
    assert {name: found for name, found in counted.items() if len(found) > MOST_ARGUMENTS} == {}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_its_four_files(room):
    def has(name: str) -> bool:
        return (room / f"{name}.py").is_file() or (room / name / "__init__.py").is_file()

    missing = [name for name in ("models", "actions", "queries") if not has(name)]
    if not (room / "README.md").is_file():
        missing.append("README.md")
    assert missing == []


def test_nothing_below_the_faces_reads_the_clock():
    pattern = r"\b(timezone|datetime|dt)\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(|\bauto_now"
    below = [
        file
        for file in PYTHON
        if file.is_relative_to(SOURCE / "engine") or file.is_relative_to(SOURCE / "domain")
    ]
    assert lines_matching(pattern, below) == []


def action_files() -> list[Path]:
    return [
        file
        for file in PYTHON
        if file.is_relative_to(SOURCE / "domain")
        and (file.name == "actions.py" or file.parent.name == "actions")
    ]


def test_an_action_is_one_transaction_told_by_whom_and_when():
    """A function that names who did it is an action, and so is one that opens a transaction."""
    wrong = {}
    for file, node in public_functions(action_files()):
        if file.parent.name == "events":
            continue  # the record itself, which every action calls inside its own transaction
        named = {argument.arg for argument in node.args.kwonlyargs}
        atomic = any(
            isinstance(inner, ast.Attribute) and ast.unparse(inner) == "transaction.atomic"
            for inner in ast.walk(node)
        )
        if not atomic and "by" not in named:
            continue
        whole = atomic and not node.args.args and not node.args.posonlyargs and {"at", "by"} <= named
        if not whole:
            wrong[f"{name_of(file)}: {node.name}"] = ast.unparse(node.args)
    assert wrong == {}


def test_a_query_takes_the_account_first():
    wrong = {}
    for file, node in public_functions(file for file in PYTHON if file.name == "queries.py"):
        first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:1]
        asks = any(isinstance(inner, ast.Attribute) and inner.attr == "objects" for inner in ast.walk(node))
        if asks and not node.name.endswith("_for_operator") and not ACCOUNT_WORDS & set(first):
            wrong[f"{name_of(file)}: {node.name}"] = ast.unparse(node.args)
    assert wrong == {}


def test_what_may_need_a_second_person_is_done_as_a_deed():
    """The rule for it is in `staff.actions.deeds`: who calls the action itself goes round it. A demo tells a made-up past."""
    weighed = {
        *(
            "agree_one_bill",
            "answer_request",
            "book_by_hand",
            "bring_forward",
            "change_total",
            "credit_account",
        ),
        *(
            "credit_invoice",
            "decide_payment",
            "edit_pool",
            "end_one_bill",
            "refund_credit",
            "refund_unapplied",
        ),
        *("release_billing", "send_quotation", "store_refund_answer", "void_invoice", "write_off"),
    }
    faces = [file for file in PYTHON if {"faces"} & set(file.parts) and {"cli", "console"} & set(file.parts)]
    wrong = {
        name_of(file): sorted(called)
        for file in faces
        if "demo" not in file.parts
        if (
            called := {
                alias.name
                for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            & weighed
        )
    }
    assert wrong == {}


def test_every_happening_is_public_or_private_for_a_reason():
    """A new one is named in `webhooks/event_types.py`: among EVENT_TYPES, or among PRIVATE with the reason."""
    named = PUBLIC_KINDS | PRIVATE.keys()
    assert sorted(all_happenings().keys() - named) == []
    assert sorted(named - all_happenings().keys()) == []
    assert sorted(PUBLIC_KINDS & PRIVATE.keys()) == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\sstyle\s*=", id="style attribute"),
        pytest.param(r"<style\b", id="inline style sheet"),
        pytest.param(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", id="inline script"),
        pytest.param(r"\bhx-on\b", id="hx-on"),
        pytest.param(r"\son[a-z]+\s*=", id="event attribute"),
        pytest.param(r"javascript:", id="javascript address"),
    ],
)
def test_templates_obey_the_content_policy(pattern):
    assert lines_matching(pattern, TEMPLATES) == []


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


def test_every_page_says_who_may_see_it():
    """A view carries the permission it asks for, or says that it is public."""
    unmarked = [
        address
        for address, view in views(get_resolver())
        if not hasattr(view, "required_permission") and getattr(view, "public", False) is not True
    ]
    assert unmarked == []


@pytest.mark.django_db
def test_models_and_migrations_say_the_same():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity, pg_get_userbyid(c.relowner) NOT LIKE 'seatledger\\_%',
  EXISTS (SELECT FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
          WHERE p.polrelid = c.oid AND r.rolname = 'seatledger_web')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
ORDER BY c.relname
"""


@pytest.mark.django_db
def test_every_tenant_table_has_its_wall():
    """Row-level security binds everyone but a table's owner, so the web's role must not own it."""
    with connection.cursor() as cursor:
        cursor.execute(TENANT_TABLES)
        tables = cursor.fetchall()
    assert tables
    assert [name for name, *walls in tables if not all(walls)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"(pypi|pythonhosted|npmjs|crates)\.(org|com|io)\b", id="registry host"),
        pytest.param(r"(?<![\w.<])/(work|root|home)/\w", id="path of somebody's machine"),
    ],
)
def test_nothing_names_a_host_or_a_machine(pattern):
    assert lines_matching(pattern, TEXTS) == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* --? \w)", id="noqa"),
        pytest.param(r"#\s*type:\s*ignore(?!\[[a-z, -]+\] +# \w)", id="type: ignore"),
        pytest.param(
            r"ruff: noqa|mypy: |pragma: no|djlint:\s*off|nosec|pylint:", id="whole files and other tools"
        ),
        # The pattern has to name what it looks for; this file is left out of the search.
        pytest.param(r"\bTODO\b|\bFIXME\b", id="unfinished"),
        pytest.param(r"pytest\.(mark\.)?(skip|xfail)|unittest\.mock|mocker\b", id="skipped or mocked"),
    ],
)
def test_nothing_is_hushed_up(pattern):
    """A suppression names its rule and its reason; no test is skipped, and nothing of ours is mocked."""
    code = [file for file in TEXTS if file.suffix in {".py", ".html", ".css", ".js", ".toml"}]
    assert lines_matching(pattern, code) == []
