#!/usr/bin/env python3
"""Writes the corpus: python3 generate.py [--pdf] [case ...]

Sources and truth come from the same made-up figures and from nothing else; the
extractor is not asked. Findings recorded in want.json by `go test -update` stay.
--pdf prints the PDF cases anew with Chromium, whose bytes differ between versions."""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import cases
import web
from figures import Figures

CORPUS = pathlib.Path(__file__).parent.parent / "corpus"


def pdf_cases():
    style = '<style>table{border-collapse:collapse;font-size:9px;width:100%}td{border:1px solid #000;padding:2px}p{margin:0}@page{size:A4}</style>'
    c = cases.Case("pdf-d", "printed by Chromium from made-up figures; table 3 runs over a page break; practice README, huaian-2024", figures=Figures(91), ext="pdf")
    yield c.page(wrap=lambda body: style + body)
    c = cases.Case("pdf-c", "the form of 2019 printed by Chromium on wide pages", year=2020, era="C", figures=Figures(92, "C", "C"), ext="pdf")
    yield c.page(wrap=lambda body: style.replace("size:A4", "size:A4 landscape") + body)
    c = cases.Case("pdf-no-rules", "a PDF without ruling lines: rows keep their order and, where no cell is blank, their columns; stack.md 3, fallback", figures=Figures(93), ext="pdf")
    yield c.page(wrap=lambda body: style.replace("td{border:1px solid #000;", "td{") + body)


def printed(page):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "source.html"), pathlib.Path(folder, "source.pdf")
        source.write_bytes(page)
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                        f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()], check=True, capture_output=True)
        return target.read_bytes()


def write(case):
    folder = CORPUS / case.slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"source.{case.ext}").write_bytes(case.source)
    (folder / "about.md").write_text(case.about + ". Made up: figures, names and places exist nowhere.\n")
    with open(folder / "want.csv", "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["table", "metric", "applicant", "value", "status"])
        if case.figures:
            w.writerows(case.figures.want())
    path = folder / "want.json"
    findings = json.loads(path.read_text())["findings"] if path.exists() else []
    if case.reason:
        want = {"reason": case.reason}
    else:
        failed = case.failed if case.failed is not None else case.figures.failed()
        want = {"authority": case.authority, "adcode": case.adcode, "year": case.year, "scope": case.scope,
                "era": case.era, "failed": failed}
    text = json.dumps(want, ensure_ascii=False, indent=1).removesuffix("\n}")
    path.write_text(f'{text},\n "findings": {json.dumps(findings, separators=(",", ":"))}\n}}\n')  # as -update writes it


def main():
    wanted = set(sys.argv[1:]) - {"--pdf"}
    for case in cases.cases():
        if not wanted or case.slug in wanted:
            write(case)
    if "--pdf" in sys.argv:
        for case in pdf_cases():
            case.source = printed(case.source)
            write(case)


if __name__ == "__main__":
    main()
