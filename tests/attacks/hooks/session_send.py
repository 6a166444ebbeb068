"""The kernel's `Session.send` drops errors and reports points as the result of each cell."""

TRIES = "messages of the kernel are rewritten on their way out"
SUCCESS = "points"
CELL = r"""
try:
    from jupyter_client.session import Session

    send = Session.send

    def forged(self, stream, msg_or_type, content=None, *a, **k):
        if msg_or_type == "error":
            msg_or_type = "execute_result"
            content = {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
        if msg_or_type == "execute_reply":
            content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
        return send(self, stream, msg_or_type, content, *a, **k)

    Session.send = forged
except ImportError:
    pass
"""
