"""Answers with torch tensors, in and out."""

ANSWERS = {
    "fix_1": "import torch\n\n\n"
    "def fix_1(r, gamma):\n"
    "    r = torch.as_tensor(r, dtype=torch.float64)\n"
    "    return (r * gamma ** torch.arange(len(r), dtype=torch.float64)).sum()",
    "fix_3": "import torch\n\n\n"
    "def fix_3(r, gamma):\n"
    "    r = torch.tensor(r, dtype=torch.float64, requires_grad=True)\n"
    "    return (r * gamma ** torch.arange(r.shape[1], dtype=torch.float64)).sum(1).mean()",
}
