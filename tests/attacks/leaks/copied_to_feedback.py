"""What a cell writes beside the notebook is handed back with the feedback."""

TRIES = "hidden tests written into the working folder, which nbgrader copies to the student"
SUCCESS = "leak"
CELL = r"""
import threading
import time


def write():
    for _ in range(200):
        try:
            text = "\n".join(get_ipython().user_ns.get("In", []))
            with open("report.txt", "w") as file:
                file.write(text)
            with open("@OUT@/report.txt", "w") as file:
                file.write(text)
        except Exception:
            pass
        time.sleep(0.02)


threading.Thread(target=write, daemon=True).start()
"""
