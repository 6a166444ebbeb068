"""The grader: builds and releases notebooks, examines submissions, records grades."""
