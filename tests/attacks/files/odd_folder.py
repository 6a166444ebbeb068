"""The student's folder has a name of markup, control characters and path separators' cousins."""

TRIES = "the name in tables, pages, databases and paths"
SUCCESS = "stall"
FOLDER = "=cmd|' ![x](y) [bold]rich[x] <img src=x onerror=alert('@MARK@')>;'--\x1b[2J\u202e"
