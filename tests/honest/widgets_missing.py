"""An import that fails here is caught; progress bars and widgets are optional."""

CELL = r"""
try:
    import seaborn as sns
except ImportError:
    sns = None
try:
    from tqdm.auto import tqdm
except ImportError:
    tqdm = list
for _ in tqdm(range(3)):
    pass
"""
