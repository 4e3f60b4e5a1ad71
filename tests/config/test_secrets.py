"""A demo makes its key once and keeps it to itself; production brings its own."""

from pydantic import SecretStr

from seatledger.config.environment import Environment
from seatledger.config.secrets import FILE, keep_secret_key, secret_key


def test_a_demo_keeps_the_key_it_made(tmp_path):
    environment = Environment(state=tmp_path)
    keep_secret_key(environment)
    kept = secret_key(environment)
    keep_secret_key(environment)
    assert secret_key(environment) == kept
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_given_is_used_and_not_written(tmp_path):
    environment = Environment(state=tmp_path, secret_key=SecretStr("given"))
    keep_secret_key(environment)
    assert secret_key(environment) == "given"
    assert not (tmp_path / FILE).exists()


def test_without_a_key_each_process_has_its_own(tmp_path):
    environment = Environment(state=tmp_path)
    assert secret_key(environment) != secret_key(environment)
