#!/usr/bin/env python3
"""Writes the corpus: python3 generate.py [--pdf] [case ...]

Sources and truth come from the same made-up figures and from nothing else; the
extractor is not asked. Findings recorded in want.json by `go test -update` stay.
--pdf prints the PDF cases anew with Chromium, whose bytes differ between versions."""
import base64
import csv
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

import cases
import forms
import web
from figures import Figures, statistics

CORPUS = pathlib.Path(__file__).parent.parent / "corpus"


def pdf_cases():
    style = '<style>table{border-collapse:collapse;font-size:9px;width:100%}td{border:1px solid #000;padding:2px}p{margin:0}@page{size:A4}</style>'
    c = cases.Case("pdf-d", "printed by Chromium from made-up figures; table 3 runs over a page break; practice README, huaian-2024", figures=Figures(91), ext="pdf")
    yield c.page(wrap=lambda body: style + body)
    c = cases.Case("pdf-c", "the form of 2019 printed by Chromium on wide pages", year=2020, era="C", figures=Figures(92, "C", "C"), ext="pdf")
    yield c.page(wrap=lambda body: style.replace("size:A4", "size:A4 landscape") + body)
    bare = style.replace("td{border:1px solid #000;padding:2px}", "td{padding:2px;text-align:center}")
    without = lambda css: lambda body: bare + css + body.replace(' border="1"', "")
    c = cases.Case("pdf-no-rules", "a PDF without ruling lines, headings and labels on several lines, table 4 cut by the page; stack.md 3, fallback", figures=Figures(93), ext="pdf")
    yield c.page(wrap=without(""))

    c = cases.Case("pdf-open-blanks", "horizontal lines alone, numbers at the right of their columns, blank cells and marks: what stands in no column is blank in it", figures=Figures(94), ext="pdf")
    three = c.figures.t3
    three["out_partial"] = dict(zip(forms.APPLICANTS, [cases.BLANK, 3, cases.BLANK, cases.BLANK, cases.BLANK, cases.BLANK, 3]))
    three["out_denied_process_info"] = dict(zip(forms.APPLICANTS, [12, cases.BLANK, cases.BLANK, cases.BLANK, cases.BLANK, cases.BLANK, cases.BLANK]))
    three["out_notproc_duplicate"]["org_other"] = cases.Printed("/", None, "slash")
    three["out_notproc_petition"]["total"] = cases.BLANK
    yield c.page(wrap=without("<style>table:not(:last-of-type) td{text-align:right}tr{border-bottom:1px solid #000}</style>"))

    c = cases.Case("pdf-open-text", "without ruling lines; 无 in a cell, and a number that runs into its label: a line of which not every word has its column is left out", figures=Figures(95), ext="pdf")
    three = web.table3(c.figures).replace("<p>（一）予以公开</p></td><td><p>", "<p>（一）予以公开</p></td><td><p>无</p><p style='display:none'>", 1)
    three = three.replace("<p>2.重复申请</p></td><td><p>", "<p style='white-space:nowrap;text-align:right;margin-right:-12px'>2.重复申请</p></td><td style='text-align:left;padding-left:12px'><p>", 1)
    for metric in ("out_granted", "out_notproc_duplicate"):
        del c.figures.t3[metric]
    yield c.page(three=three, wrap=without(""))

    c = cases.Case("pdf-cut-columns", "table 3 is cut where its labels span three columns, so that its first page has eight columns and the second ten; each page repeats the heading", figures=Figures(991), ext="pdf")
    three = web.table3(c.figures).replace("<tbody>", "<thead>").replace("<tr><td colspan=\"3\"><p>一、", "</thead><tbody><tr><td colspan=\"3\"><p>一、")
    three = three.replace("<tr><td colspan=\"3\"><p>二、", "<tr style='break-after:page'><td colspan=\"3\"><p>二、")
    yield c.page(three=three, wrap=lambda body: style + body)

    c = cases.Case("pdf-digits-wrapped", "columns are too narrow for their numbers, which go on in the next line of the cell", figures=Figures(992), ext="pdf")
    for m in ("app_new", "out_granted", "app_closed_total"):
        for a in ("natural_person", "total"):
            c.figures.t3[m][a] += 1234567
    for m in ("rev_upheld", "rev_total"):
        c.figures.t4[m] += 123456
    yield c.page(wrap=lambda body: style + "<style>table{table-layout:fixed;font-size:14px!important}td{word-break:break-all}</style>" + body)

    c = cases.Case("pdf-cell-borders", "printed by Chromium as it stands, without a style: each cell has borders of its own, with a gap between", figures=Figures(993), ext="pdf")
    yield c.page(wrap=lambda body: "<style>table{font-size:10px}p{margin:0}</style>" + body)

    c = cases.Case("pdf-open-list", "the statistical table of 2014 without ruling lines", year=2016, era="B", figures=statistics(994), ext="pdf")
    rows = [(label, unit, c.figures.stat.get(m, "")) for label, unit, m in forms.B if m != "budget_wanyuan"]
    del c.figures.stat["budget_wanyuan"]
    yield c.write(cases.older(c, rows, ["统计指标", "单位", "统计数"]).replace(' border="1"', ""))

    c = cases.Case("pdf-backgrounds", "cells have backgrounds and no lines, every other row grey", figures=Figures(96), ext="pdf")
    yield c.page(wrap=without("<style>td{background:#eef}tr:nth-child(2n) td{background:#ddd}</style>"))

    c = cases.Case("pdf-dashed", "table 2 and 4 are ruled by dashed lines, table 3 by double ones", figures=Figures(97), ext="pdf")
    yield c.page(wrap=lambda body: style + "<style>td{border:1px dashed #000}table:nth-of-type(2) td{border:3px double #000}</style>" + body)

    c = cases.Case("pdf-source-error", "as source-error, printed: the page drawn and recognised says the same as the text", figures=Figures(14), ext="pdf")
    cases.with_errors(c)
    yield c.page(wrap=lambda body: style + body)

    c = cases.Case("pdf-false-text", "the text of the PDF says 3 where the page prints 8, as a wrong map of a font's characters does: the cell is what "
                   "the text says, and the page drawn and recognised says otherwise", figures=Figures(99), ext="pdf")
    c.figures.t4.update(rev_corrected=8, rev_total=sum(c.figures.t4[m] for m in ("rev_upheld", "rev_other", "rev_pending")) + 8)
    other_font = lambda s: f'<p style="font-family:DejaVu Sans Mono">{s}</p>' if s == "8" else web.plain(s)
    four = dict(c.figures.t4)
    c.page(four=web.table4(c.figures, cell=other_font), wrap=lambda body: style + body)
    c.change, c.reread = mapped_falsely, "differs"
    c.figures.t4 = dict(four, rev_corrected=3)
    yield c

    c = cases.Case("pdf-pictures", "the text of the report with pictures in place of its tables", figures=Figures(98), ext="pdf", reason="tables_are_images")
    c.page(two=picture(), three=picture(), four=picture())
    c.figures = None
    yield c


def mapped_falsely(pdf):
    """The PDF with an appended map of the font of 8 alone: its characters are 3."""
    for m in re.finditer(rb"(\d+) 0 obj\n<<[^>]*>> stream\n(.*?)\nendstream", pdf, re.S):
        try:
            content = zlib.decompress(m[2])
        except zlib.error:
            continue
        if re.findall(rb"beginbfchar\n<\w+> <(\w+)>\nendbfchar", content) == [b"0038"]:
            break
    else:
        sys.exit("pdf-false-text: no font holds 8 alone")
    changed = content.replace(b"<0038>", b"<0033>")
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    trailer = re.findall(rb"trailer\s*<<(.*?)>>", pdf, re.S)[-1]
    added = pdf + b"\n"
    at = len(added)
    added += b"%s 0 obj\n<</Length %d>> stream\n%s\nendstream\nendobj\n" % (m[1], len(changed), changed)
    table = len(added)
    return added + b"xref\n%s 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (m[1], at, trailer, start, table)


def picture():
    """A grey picture of 8 by 4 dots, drawn as large as a table."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(range(y * 8, y * 8 + 240, 30)) for y in range(4))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 4, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return f'<p><img width="600" height="200" src="data:image/png;base64,{base64.b64encode(png).decode()}"></p>'


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
        if failed:
            want["reread"] = case.reread
    text = json.dumps(want, ensure_ascii=False, indent=1).removesuffix("\n}")
    path.write_text(f'{text},\n "findings": {json.dumps(findings, separators=(",", ":"))}\n}}\n')  # as -update writes it


def main():
    wanted = set(sys.argv[1:]) - {"--pdf"}
    for case in cases.cases():
        if not wanted or case.slug in wanted:
            write(case)
    if "--pdf" in sys.argv:
        for case in pdf_cases():
            if not wanted or case.slug in wanted:
                case.source = case.change(printed(case.source))
                write(case)


if __name__ == "__main__":
    main()
