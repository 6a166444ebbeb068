"""An SVG with a script, handlers and a foreign object."""

TRIES = "image/svg+xml as markup"
SUCCESS = "harm"
CELL = r'''
from IPython.display import SVG, display

svg = """<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="'@MARK@'">
<script>window.title = '@MARK@'</script>
<foreignObject><iframe src="javascript:'@MARK@'"></iframe></foreignObject>
<a href="javascript:'@MARK@'"><rect width="9" height="9"/></a></svg>"""
display(SVG(svg))
display({"image/svg+xml": svg}, raw=True)
'''
