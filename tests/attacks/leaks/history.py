"""The cells that ran so far: In, _ih, the history manager, Out."""

TRIES = "hidden test code in IPython's history, read by a thread after each cell"
SUCCESS = "leak"
CELL = r"""
import threading
import time


def watch():
    seen = set()
    for _ in range(400):
        try:
            shell = get_ipython()
            texts = [*shell.user_ns.get("In", []), *shell.history_manager.input_hist_raw]
            texts += [str(value) for value in shell.user_ns.get("Out", {}).values()]
        except Exception:
            return
        for text in texts:
            if text not in seen:
                seen.add(text)
                tell(text)
        time.sleep(0.02)


threading.Thread(target=watch, daemon=True).start()
"""
ANSWERS = {
    "*": "def @NAME@(*args, **kwargs):\n"
    "    for text in list(get_ipython().user_ns.get('In', [])):\n"
    "        tell(text)"
}
