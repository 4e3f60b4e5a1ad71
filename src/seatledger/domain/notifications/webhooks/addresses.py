"""Which addresses a webhook may be sent to: those of the public internet, and no others."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import Final

Address = IPv4Address | IPv6Address

# What Python, by its version, takes for public: ways to other addresses, and addresses of nobody's.
_REFUSED: Final = (
    IPv4Network("192.0.0.0/24"),  # protocols, RFC 6890
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    IPv6Network("2001::/23"),  # protocols, Teredo among them, RFC 2928
    IPv6Network("2002::/16"),  # 6to4, RFC 3056
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)
# All that is given out of IPv6 lies here (RFC 4291, 2.4). What is mapped from IPv4, translated to it (NAT64), of one
# link or site, or multicast does not.
_GIVEN_OUT: Final = IPv6Network("2000::/3")


class NotPublic(OSError):
    """The address belongs to this machine, to a private network or to nobody."""


def is_public(address: Address) -> bool:
    """Say whether the address is one of the public internet, and no detour to another one."""
    if any(address in network for network in _REFUSED):
        return False
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def find_addresses(host: str, *, loopback: bool, patience_s: float) -> list[str]:
    """Look the host up, once, and return its addresses. `loopback` allows those of this machine too.

    Whoever connects uses one of these very addresses: a second look at the name might find others. Raises NotPublic when any is not of the public internet, and OSError when none is found in time.
    """
    addresses = _look_up(host, patience_s)
    for text in addresses:
        address = ip_address(text.partition("%")[0])
        if not is_public(address) and not (loopback and address.is_loopback):
            # Which one it is stays untold: the name may be one of our own network.
            raise NotPublic("The host has an address that is not of the public internet.")
    return addresses


def _look_up(host: str, patience_s: float) -> list[str]:
    """Ask the system, which knows no time limit of ours, in a thread that may go on in vain."""
    found: list[str] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(address[0]) for *_, address in answers))
        except (OSError, UnicodeError) as error:
            failed.append(OSError(f"The host was not found: {error}"))

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience_s)
    if found:
        return list(found)
    raise failed[0] if failed else TimeoutError("The host was not found in time.")
