"""Names and text that are not ASCII: Greek, accents, emoji, right-to-left, full width."""

CELL = r"""
γ, π, Δ = 0.9, 3.14, "naïve café 🎲 שלום ｆｕｌｌ"
print(Δ)
"""
ANSWERS = {
    "fix_1": "def fix_1(r, gamma):\n"
    '    """Σ γ^t r_t – die Rückkehr 🎲."""\n'
    "    Σ = 0.0\n"
    "    for t, ρ in enumerate(r):\n"
    "        Σ += gamma**t * ρ\n"
    "    return Σ",
}
