"""Unix sockets of the machine: abstract names and those in the file system."""

TRIES = "/proc/net/unix lists sockets; each is connected to"
SUCCESS = "leak"
CELL = r"""
import socket

names = ["@SOCKET@"]
try:
    with open("/proc/net/unix") as file:
        names += [line.split()[-1] for line in list(file)[1:] if len(line.split()) > 7]
except OSError:
    pass
for name in dict.fromkeys(names):
    for address in ("\0" + name.lstrip("@"), name):
        if "qcourse" not in address:
            continue
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(address)
                connection.sendall(b"hello from the notebook")
                tell(connection.recv(1000))
        except (OSError, ValueError):
            pass
"""
