"""The untrusted side: what runs a student's cells and answers calls to the student's functions.

Everything in this package may be imported inside the sandbox, so it imports the standard library,
IPython and `qlib` only, and knows nothing of exams, solutions or points. Nothing it says is
believed; it can only hand over data.

    zygote      the warm parent: imports packages once, then forks one submission after the other
    supervise   the three processes around a submission, and its private namespaces and limits
    serve       runs cells, keeps the state at each grade cell
    session     answers calls
    purity      finds functions that keep no state, and what they refer to
    forks       forks a copy of the process, and ends it
    shell       IPython, with its outputs captured
    channel     frames on a socket (used by both sides)
"""
