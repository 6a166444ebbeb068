"""Figures, styles, tables, display, an animation object, another backend."""

CELL = r"""
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, Image, Latex, Markdown, display

plt.style.use("ggplot")
plt.rcParams["figure.dpi"] = 60
fig, axes = plt.subplots(1, 2)
axes[0].plot(np.random.rand(50), label="$\\gamma^t$")
axes[0].legend()
axes[1].imshow(np.random.rand(8, 8))
plt.show()
display(fig, HTML("<b>bold</b>"), Markdown("$x^2$"), Latex(r"$\pi$"))
matplotlib.use("Agg")
plt.figure()
plt.savefig("figure.png")
"""
