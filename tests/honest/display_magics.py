"""IPython magics: %timeit, %%time, %matplotlib, %who, %pip, !ls, ?, autoreload."""

CELL = r"""
%matplotlib inline
%load_ext autoreload
%autoreload 2
%config InlineBackend.figure_format = "retina"
%timeit -n 1 -r 1 sum(range(10))
%who
!echo hello
files = !ls
range?
%precision 3
%pwd
"""


def mutate(nb):
    from json import loads

    cell = loads('{"cell_type": "code", "id": "timed", "metadata": {}, "outputs": []}')
    cell["execution_count"] = None
    cell["source"] = "%%time\nx = sum(range(1000))\nx"
    nb["cells"].insert(3, cell)
    return nb
