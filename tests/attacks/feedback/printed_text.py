"""Printed text closes the element it stands in; stderr and ANSI colours too."""

TRIES = "markup in stdout, stderr and text/plain"
SUCCESS = "harm"
CELL = r"""
import sys

print("</pre></div><script>'@MARK@'</script>\x1b[31m<img src=x onerror='@MARK@'>\x1b[0m")
print("</code></textarea></title></style><svg onload='@MARK@'>", file=sys.stderr)


class Plain:
    def __repr__(self):
        return "</pre><iframe srcdoc=\"<script>'@MARK@'</script>\">"


Plain()
"""
