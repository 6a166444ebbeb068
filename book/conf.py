"""Sphinx's settings. `python -m book` prepares the sources and calls Sphinx with them."""

project = "Q-learning, from the definition to DQN and SAC"
author = "the course's authors"
language = "en"
html_title = "Q-learning"

extensions = [
    "book.docstrings",
    "book.mathml",
    "book.typography",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["extra", "_templates"]

# Chapters come with the outputs of a run that `book.execute` made and remembered.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_merge_streams = True
nb_number_source_lines = False
myst_enable_extensions = ["amsmath", "attrs_block", "colon_fence", "dollarmath", "deflist"]
myst_dmath_double_inline = True
myst_heading_anchors = 0  # labels are made by name: a slug changes when a heading is reworded
myst_footnote_transition = False

html_math_renderer = "mathml"
html_theme = "furo"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["math.css", "book.css"]
html_js_files = ["access.js"]
html_extra_path = ["extra"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # summaries are fetched page by page, which a disk refuses
html_theme_options = {"navigation_with_keys": False}  # arrow keys belong to the players
html_show_copyright = False
html_domain_indices = []
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True}
autodoc_preserve_defaults = True
autodoc_inherit_docstrings = False
default_role = "code"  # single backticks in docstrings are code
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes as a list: autodoc documents annotated ones itself
toc_object_entries = False
