"""Start the stand-in: `python -m stripe_server [port]`. Prints its address, and ends with whoever started it."""

import os
import sys
import threading

from stripe_server.server import Server


def end_with_parent() -> None:
    """Leave when the other end of our standard input closes, however that came about."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    server = Server(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.stdout.write(server.books.address + "\n")
    sys.stdout.flush()
    server.serve_forever()
