"""Each kind of process reaches the database in its own role, set before its first query."""

import psycopg
import pytest
from django.db import connection

from seatledger.config.databases import client_settings, database_settings
from seatledger.config.environment import Environment
from seatledger.config.postgres.server import EmbeddedServer


def settings_for(tmp_path, **given: object) -> dict[str, object]:
    return database_settings(Environment(state=tmp_path, **given), EmbeddedServer(tmp_path))


def test_an_address_is_taken_apart_and_the_rest_goes_to_the_client():
    assert client_settings(
        "postgresql://ann:pa%2Fss@db.example.com:6432/seats?sslmode=require&options=-c%20a%3Db"
    ) == {
        "NAME": "seats",
        "USER": "ann",
        "PASSWORD": "pa/ss",
        "HOST": "db.example.com",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require", "options": "-c a=b"},
    }


def test_the_owner_takes_no_other_role(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = settings_for(tmp_path)
    assert (found["ENGINE"], found["HOST"], found["OPTIONS"]) == (
        "seatledger.config.database",
        str(tmp_path / "sockets"),
        {},
    )


def test_the_worker_takes_the_role_of_staff_beside_what_the_address_asks_for(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann@db/seats?options=-c%20a%3Db")
    found = settings_for(tmp_path, database_role="staff")
    assert (found["ENGINE"], found["OPTIONS"]) == (
        "django.db.backends.postgresql",
        {"options": "-c a=b -c role=seatledger_staff"},
    )


def test_the_web_keeps_a_connection_for_each_thread(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = settings_for(tmp_path, database_role="web", web_threads=3)
    assert found["OPTIONS"] == {
        "options": "-c role=seatledger_web",
        "pool": {"min_size": 1, "max_size": 3, "timeout": 10},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["seatledger_web", "seatledger_staff"])
def test_the_role_holds_from_the_first_query(role):
    known = connection.get_connection_params()
    with psycopg.connect(
        host=known.get("host"),
        port=known.get("port"),
        user=known.get("user"),
        password=known.get("password"),
        dbname=known["dbname"],
        options=f"-c role={role}",
    ) as other:
        assert other.execute(
            "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (
            role,
            False,
        )
