"""A service that listens on 127.0.0.1 is asked, and told."""

TRIES = "the network of the machine, by its loopback address"
SUCCESS = "leak"
CELL = r"""
import socket

for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):
    try:
        with socket.create_connection((host, @PORT@), timeout=2) as connection:
            connection.sendall(b"hello from the notebook")
            tell(connection.recv(1000))
    except OSError as error:
        print(type(error).__name__)
"""
