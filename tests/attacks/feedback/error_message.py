"""An exception whose name, text and traceback are markup and terminal codes."""

TRIES = "class name, message, frames and notes of an error as HTML and as ANSI links"
SUCCESS = "harm"
CELL = r"""
name = "Bad</pre><script>'@MARK@'</script>"
Bad = type(name, (Exception,), {"__module__": "<img src=x onerror='@MARK@'>"})
error = Bad("</pre><script>'@MARK@'</script>\x1b]8;;javascript:'@MARK@'\x1b\\x\x1b]8;;\x1b\\")
error.add_note("<svg onload='@MARK@'>")
exec(compile("def f():\n    raise error", "<script>'@MARK@'</script>", "exec"))
f()
"""
