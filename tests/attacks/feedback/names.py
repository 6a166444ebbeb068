"""Names that reach the page: of functions, of values, of results, of the notebook."""

TRIES = "markup in the title, in results that checks show, and in error texts of calls"
SUCCESS = "harm"
ANSWERS = {
    "discounted_returns": "def discounted_returns(r, gamma, last_value=0.0):\n"
    "    return \"<script>'@MARK@'</script>\"",
    "state_dist": "def state_dist(mdp, pi, t):\n"
    "    raise ValueError(\"<img src=x onerror='@MARK@'>\")  # <svg onload='@MARK@'>",
    "J_exact": "def J_exact(mdp, pi):\n"
    "    return {\"</pre><script>'@MARK@'</script>\": [\"<svg onload='@MARK@'>\"]}",
}


def mutate(nb):
    nb["metadata"]["title"] = "</title><script>'@MARK@'</script>"
    nb["metadata"]["authors"] = [{"name": "<script>'@MARK@'</script>"}]
    return nb
