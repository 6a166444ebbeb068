"""Two hundred megabytes into each folder that can be written, and 20,000 small files."""

TRIES = "temporary, home and working folder are filled"
SUCCESS = "stall"
CELL = r"""
import os

written = 0
for place in ("/tmp", os.path.expanduser("~"), os.getcwd(), "/dev/shm", "/var/tmp"):
    try:
        with open(f"{place}/@RUN@-big", "wb") as file:
            for _ in range(100):
                if written < 200:
                    file.write(bytes(2**20))
                    written += 1
    except OSError:
        pass
try:
    os.makedirs("/tmp/@RUN@-many", exist_ok=True)
    for i in range(20000):
        open(f"/tmp/@RUN@-many/{i}", "w").close()
except OSError:
    pass
"""
