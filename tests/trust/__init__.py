"""How far a grade can be trusted: the tools that measure it, and what they found.

    python -m tests.trust.mutants 03_fqi     small mistakes in the reference: who keeps points?
    python -m tests.trust.pairs 03_fqi       two of them at once: does one ever hide the other?
    python -m tests.trust.fairness 03_fqi    right answers, many seeds: does one ever lose points?
    python -m tests.trust.diagnosis 03_fqi   recorded mistakes: does the message name the cause?
    python -m tests.trust.versions           the oldest and the newest packages that are allowed
    python -m tests.trust.machines 03_fqi    the same verdicts on another processor?
    python -m tests.trust.table              the page `tests/trust/results.md`

All grade with the hidden checks, in processes forked from one that has everything imported. They
keep what they have measured in `out/trust/` and go on from there; a check that has changed is
measured anew. What is committed: `results/<assignment>.json` with counts, `equivalent/` with the
mutants that are no mistakes and why, `diagnosis/` with a verdict on each message.
"""
