"""The notebook names the student's own environment as its kernel."""


def mutate(nb):
    nb["metadata"]["kernelspec"] = {
        "name": "my-rl-env",
        "display_name": "Python (my-rl-env)",
        "language": "python",
    }
    return nb
