"""Sockets that pytest-socket blocks: one line that says what to do, in place of a traceback.

An event loop needs a pair of sockets whatever it is for, so an application in this process needs
them as well. One that is refused to it in the middle of its making leaves half a loop behind; so
they are asked for before.
"""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

from enkash_contract.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterator

REMEDY = (
    "allow this machine with --allow-hosts=127.0.0.1 in place of --disable-socket, "
    "or mark the test with @pytest.mark.enable_socket"
)


@contextlib.contextmanager
def needed() -> Iterator[None]:
    """Do what needs sockets.

    Raises:
        TargetError: pytest-socket blocks them.

    """
    try:
        for end in socket.socketpair():
            end.close()
        yield
    except RuntimeError as problem:
        # The package need not be installed, so its errors are known by where they come from.
        if type(problem).__module__.partition(".")[0] != "pytest_socket":
            raise
        raise TargetError(
            f"pytest-socket blocks what is needed here ({problem}); {REMEDY}"
        ) from None
