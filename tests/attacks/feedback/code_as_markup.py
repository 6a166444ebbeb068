"""The source of the cells itself closes the element in which it is shown."""

TRIES = "markup in comments and strings of the student's code, with odd line ends"
SUCCESS = "harm"
CELL = r'''
# </code></pre></div><script>'@MARK@'</script>
text = """</textarea></script><img src=x onerror="'@MARK@'"> {{ 7 * 7 }} {% raw %} ${7*7}"""
ℝ = "<svg onload='@MARK@'>"
'''
ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n"
    "    # </code></pre><script>'@MARK@'</script>\n"
    "    raise NotImplementedError"
}
