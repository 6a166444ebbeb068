import time
from pathlib import Path

from grader.similarity import fingerprints, pairs

ANSWERS = Path(__file__).resolve().parent / "answers" / "01_mdp"
EXERCISES = ("rollout", "discounted_returns", "J_mc", "state_dist", "is_valid_mdp")

ROLLOUT = """
def rollout(mdp, pi, rng, max_steps):
    s = [int(rng.choice(len(mdp.rho0), p=mdp.rho0))]
    a, r = [], []
    while len(a) < max_steps and not mdp.terminal[s[-1]]:
        a.append(int(rng.choice(mdp.n_actions, p=pi[s[-1]])))
        r.append(float(mdp.R[s[-1], a[-1]]))
        s.append(int(rng.choice(mdp.n_states, p=mdp.P[s[-1], a[-1]])))
    ended = bool(mdp.terminal[s[-1]])
    return Episode(np.array(s), np.array(a), np.array(r), ended, not ended)
"""


def recorded(k: int) -> dict[str, str]:
    """The k-th independent right answer to each exercise."""
    found = {}
    for name in EXERCISES:
        path = sorted((ANSWERS / name).glob("alt_*.py"))[k]
        found[name] = path.read_text().split('"""')[-1]
    return found


def disguised(source: str) -> str:
    """The same code with other names, comments and layout."""
    for old, new in (("mdp", "world"), ("pi", "policy"), ("rng", "dice"), ("ended", "stop")):
        source = source.replace(old, new)
    return source.replace("\n    while", "\n\n    # go on until the end\n    while")


def test_a_disguised_copy_has_the_same_fingerprints():
    assert fingerprints(disguised(ROLLOUT)) == fingerprints(ROLLOUT)
    assert len(fingerprints(ROLLOUT)) > 10


def test_independent_answers_are_not_alike_and_a_copy_is():
    answers = {f"s{k}": recorded(k) for k in range(5)}
    assert pairs(answers) == []
    answers["copy"] = {name: disguised(source) for name, source in answers["s3"].items()}
    (found,) = pairs(answers)
    assert found.students == ("copy", "s3")
    assert found.share > 0.9
    assert set(found.exercises) <= set(EXERCISES)


def test_what_everybody_has_seen_does_not_count():
    both = {"a": {"rollout": ROLLOUT}, "b": {"rollout": disguised(ROLLOUT)}}
    assert pairs(both)
    assert pairs(both, [{"rollout": ROLLOUT}]) == []


def test_what_many_have_is_an_idiom():
    crowd = {f"s{k}": {"rollout": ROLLOUT} for k in range(100)}
    assert pairs(crowd) == []
    three = {f"t{k}": {"rollout": recorded(k)["rollout"]} for k in range(3)}
    assert pairs(crowd | three | {"thief": three["t1"]})[0].students == ("t1", "thief")


def test_no_python_is_no_fingerprint():
    for source in ("", "def f(:", "'''", "\x00", "(" * 500, "é " * 9, "\ufeff"):
        assert isinstance(fingerprints(source), frozenset)


def test_a_large_class_takes_seconds():
    answers = {
        f"s{k}": {n: t + f"\nx{k} = {k}" for n, t in recorded(k % 5).items()} for k in range(300)
    }
    start = time.process_time()
    pairs(answers)
    assert time.process_time() - start < 15
