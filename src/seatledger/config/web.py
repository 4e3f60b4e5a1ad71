"""`seatledger web`: the web server alone, for who runs the parts by themselves."""

import os
import sys

from seatledger.config.environment import Environment, environment_or_exit
from seatledger.config.postgres.locks import Lock

# For so long a server that is stopped finishes the requests it has in hand; whoever stops it must wait longer. Nobody
# waits like that for a demo.
FINISHES_WITHIN_S = 25
FINISHES_A_DEMO_WITHIN_S = 5


def command_of(environment: Environment) -> tuple[str, ...]:
    """Return how the web server is started."""
    finishes = FINISHES_WITHIN_S if environment.in_production else FINISHES_A_DEMO_WITHIN_S
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", environment.host, "--port", str(environment.port)),
        *("--workers", str(environment.web_processes), "--blocking-threads", str(environment.web_threads)),
        *("--workers-kill-timeout", str(finishes), "--respawn-failed-workers"),
        "seatledger.config.wsgi:application",
    )


def main() -> None:
    """Gather the static files, then become the web server."""
    os.environ["SEATLEDGER_DATABASE_ROLE"] = "web"
    environment = environment_or_exit()
    environment.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    from seatledger.config import preparation  # noqa: PLC0415 -- the settings need the role that was just set

    preparation.set_up()
    alone = Lock(environment.state / "static.lock")
    alone.take(wait=True)  # two servers of one machine may start at once
    preparation.collect_static()
    alone.release()
    command = command_of(environment)
    os.execv(command[0], command)  # noqa: S606 -- no shell is wanted


if __name__ == "__main__":
    main()
