"""The untrusted side: what runs a student's cells and answers calls to the student's functions.

Everything in this package may be imported inside the sandbox, so it imports the standard library,
IPython and `qlib` only, and knows nothing of exams, solutions or points. Nothing it says is
believed; it can only hand over data.

    zygote      the warm parent: imports packages once, then forks one submission after the other
    supervise   the three processes around a submission, and its private namespaces and limits
    serve       runs cells, keeps a snapshot at each grade cell, answers calls
    shell       IPython, with its outputs captured
    channel     frames on a socket (used by both sides)
"""
