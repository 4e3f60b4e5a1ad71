"""What the examples for operators say agrees with the code, and with each other."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from seatledger.config.web import FINISHES_WITHIN_S
from seatledger.domain.payments.statements.told import MOST_BYTES
from seatledger.faces.cli.demo.loading import CATALOGUES, SELLER

REPOSITORY = Path(__file__).resolve().parent.parent
DEPLOY = REPOSITORY / "deploy"
COMPOSITION = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSITION["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("seatledger:")}
EXCEPTIONS = [
    line[1:]
    for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("!")
]


def goes_into_an_image(file: Path) -> bool:
    place = file.relative_to(REPOSITORY)
    return any(
        fnmatch(str(part), each)
        for part in (place, *place.parents)
        for each in EXCEPTIONS
        if str(part) != "."
    )


def seconds_of_unit(name: str) -> int:
    unit = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
    return int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[0])


def test_an_image_holds_what_runs():
    needed = ["seatledger", "bootstrap.py", "pyproject.toml", "README.md", "src/seatledger/__init__.py"]
    needed += [lock.name for lock in REPOSITORY.glob("*.lock")]
    files = [CATALOGUES / "assistant.toml", SELLER, *(REPOSITORY / name for name in needed)]
    assert [file.name for file in files if not (file.exists() and goes_into_an_image(file))] == []


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        "deploy/container/.env",
        "deploy/container/environment",
        "x.backup",
        ".git/config",
        "tests/a.py",
    ],
)
def test_an_image_holds_neither_settings_nor_what_lies_about(name):
    rules = [
        line
        for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert rules[0] == "*"
    assert not goes_into_an_image(REPOSITORY / name)


def test_settings_beside_the_composition_are_not_committed():
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/container/.env", "/deploy/container/environment"} <= set(ignored)
    assert {service["env_file"] for service in OURS.values()} == {"environment"}


def test_requests_in_hand_are_finished_before_a_server_is_killed():
    stopped_after = [int(OURS[name]["stop_grace_period"].removesuffix("s")) for name in ("web1", "web2")]
    assert min(*stopped_after, seconds_of_unit("seatledger-web@.service")) > FINISHES_WITHIN_S


def test_a_worker_has_as_long_for_its_jobs_in_a_container():
    allowed = int(OURS["worker"]["stop_grace_period"].removesuffix("s"))
    assert allowed == seconds_of_unit("seatledger-worker@.service")


def test_containers_may_no_more_than_they_need():
    limits = [
        (one["read_only"], one["cap_drop"], one["security_opt"], one["init"], one["pull_policy"])
        for one in OURS.values()
    ]
    assert limits == [(True, ["ALL"], ["no-new-privileges:true"], True, "never")] * 4


def test_the_database_is_asked_by_the_network():
    # While the server is being made it answers on its socket, and goes away once more.
    assert SERVICES["database"]["healthcheck"]["test"][1:4] == ["pg_isready", "-h", "127.0.0.1"]


def test_a_proxy_lets_the_largest_file_through():
    nginx = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    caddy = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    megabytes = [
        *re.findall(r"client_max_body_size (\d+)m;", nginx),
        *re.findall(r"max_size (\d+)MB", caddy),
    ]
    assert [int(each) * 1_000_000 > MOST_BYTES for each in megabytes] == [True, True]


def test_the_proxy_of_the_composition_asks_its_web_servers():
    caddy = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    told = SERVICES["proxy"]["environment"]
    assert set(re.findall(r"\{\$([A-Z]+)", caddy)) == told.keys()
    assert told["SERVERS"].split() == [f"{name}:8000" for name in SERVICES if name.startswith("web")]
