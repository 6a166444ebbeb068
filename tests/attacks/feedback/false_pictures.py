"""Pictures that are none: data and metadata that break out of the attribute."""

TRIES = "image/png data, sizes and alt texts that close the tag"
SUCCESS = "harm"
CELL = r"""
from IPython.display import display

bad = "\"><script>'@MARK@'</script>"
display({"image/png": bad, "text/plain": bad}, raw=True)
display({"image/jpeg": "iVBORw0KGgo=" + bad}, raw=True)
display({"image/gif": "R0lGODdh" + bad}, metadata={"image/gif": {"width": bad}}, raw=True)
png = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5"
    "ErkJggg=="
)
meta = {"image/png": {"width": bad, "height": bad, "alt": bad, "unconfined": bad}}
display({"image/png": png, "text/plain": bad}, metadata=meta, raw=True)
display({"text/html": f"<img src='data:image/png;base64,{png}' alt='{bad}' onload=\"'@MARK@'\">"})
"""
