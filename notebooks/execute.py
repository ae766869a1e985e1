"""Executes the notebooks, each from a clean kernel, and compares them with what is committed.

    python execute.py          # fails on an error, and where a committed output is another
    python execute.py --write  # writes the outputs into the notebooks

Of pictures only the number is compared: their pixels depend on the fonts installed. All that a
picture shows stands in a table of its notebook, too.
"""
import difflib
import os
import pathlib
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = pathlib.Path(__file__).parent
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}


def executed(path):
    """The notebook of this path as a clean kernel leaves it, without what changes from run to run."""
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id, cell.metadata = f"cell-{number:02}", nbformat.NotebookNode()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.from_dict(METADATA)
    NotebookClient(notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(HERE)}}).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    outputs = nbformat.writes(notebook)
    if re.search(r" at 0x[0-9a-f]{6,}", outputs):
        raise RuntimeError("an output holds an address in memory, which is another each time; end its cell with a semicolon")
    warned = [o.text for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
    if warned:
        raise RuntimeError("the notebook prints to stderr: " + "".join(warned))
    return notebook


def comparable(notebook):
    """The notebook as lines of text, without the bytes of pictures."""
    text = re.sub(r'("image/png": )"[^"]*"', r'\1"…"', nbformat.writes(notebook, ensure_ascii=False))
    return text.splitlines()


def main(write):
    os.environ["PYTHONHASHSEED"] = "0"
    failed = False
    for path in sorted(HERE.glob("*.ipynb")):
        try:
            now = executed(path)
        except (CellExecutionError, RuntimeError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed = True
            continue
        if write:
            nbformat.write(now, path, ensure_ascii=False)
            continue
        committed = comparable(nbformat.read(path, as_version=4))
        difference = list(difflib.unified_diff(committed, comparable(now), str(path), "executed now", n=1, lineterm=""))
        if difference:
            print("\n".join(line[:400] for line in difference[:80]), file=sys.stderr)
            print(f"{path}: outputs are not those committed; if that is right: scripts/notebooks --write, and commit", file=sys.stderr)
            failed = True
        else:
            print(f"{path.name}  as committed")
    return failed


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
