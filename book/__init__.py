"""The reader's site: every notebook as a chapter, built by `python -m book`."""
