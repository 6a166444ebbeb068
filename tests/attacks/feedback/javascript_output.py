"""The mime types that run: application/javascript, widgets, plotly and vega."""

TRIES = "script by mime type"
SUCCESS = "harm"
CELL = r"""
from IPython.display import Javascript, display

display(Javascript("window.title = '@MARK@'"))
display({"application/javascript": "window.title = '@MARK@'"}, raw=True)
display(
    {
        "application/vnd.jupyter.widget-view+json": {"model_id": "@MARK@"},
        "application/vnd.plotly.v1+json": {"data": "</script><script>'@MARK@'</script>"},
        "application/vnd.vegalite.v5+json": {"$schema": "javascript:'@MARK@'"},
        "text/plain": "x",
    },
    raw=True,
)
"""
