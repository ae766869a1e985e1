"""Prints practice reports, degrades the pages as scanners do, and scores what is read.

    scripts/scans [DOCUMENT[:LOOK] ...]

Each row: cells read right, accepted though wrong, illegible, missing and spurious, and
whether year and authority were found, against the truth beside the report. It fails if
a single cell is accepted that is wrong or that the report does not print. The noise is
drawn from a fixed seed: two runs see the same pages."""
import csv
import io
import json
import os
import subprocess
import sys
import time

import numpy
import pypdfium2
from PIL import Image, ImageFilter

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPORTS = os.path.join(ROOT, "..", "shared", "reports")
WORK = os.path.join(ROOT, ".cache", "scans")
PROGRAM = os.path.join(WORK, "nianbao")
DOCUMENTS = ["huaian-2024", "pingtan-2021", "shanghai-office-2019", "hongze-2023"]

# A look: dots per inch, degrees clockwise, blur, grain, specks in 100,000 dots, ink and
# paper, JPEG quality (0: black and white), quarter turns.
LOOKS = {
    "clean": dict(dpi=200),
    "mild": dict(dpi=200, skew=0.4, blur=0.6, grain=4, quality=75),
    "noisy": dict(dpi=150, skew=-1.1, blur=0.6, grain=14, specks=4, ink=60, paper=225, quality=50),
    "fax": dict(dpi=200, skew=0.7, blur=0.8, grain=14, specks=6, quality=0),
    "ruined": dict(dpi=200, skew=0.7, blur=0.8, grain=30, specks=10, quality=0),
    "skewed": dict(dpi=200, skew=3, blur=0.5, grain=3, quality=80),
    "quarter": dict(dpi=150, blur=0.4, grain=3, quality=80, turns=1),
    "half": dict(dpi=150, blur=0.4, grain=3, quality=80, turns=2),
    "three": dict(dpi=150, skew=0.5, blur=0.4, grain=3, quality=80, turns=3),
}
USUAL = ["mild", "noisy", "fax"]


def pages(slug, dpi):
    """The pages of a practice report, drawn in grey; a web page is printed first."""
    folder = os.path.join(REPORTS, "practice", slug)
    source = next(os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.startswith("source."))
    if not source.endswith(".pdf"):
        printed = os.path.join(WORK, slug + ".pdf")
        if not os.path.exists(printed):
            subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                            "--print-to-pdf=" + printed, "file://" + os.path.abspath(source)], check=True, capture_output=True)
        source = printed
    with pypdfium2.PdfDocument(source) as pdf:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in pdf]


def degraded(page, random, dpi, skew=0.0, blur=0.0, grain=0, specks=0, ink=0, paper=255, quality=95, turns=0):
    """The page as a scanner of that look sees it."""
    page = page.rotate(-skew, resample=Image.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    dots = ink + numpy.asarray(page, dtype=float) * (paper - ink) / 255
    dots += random.normal(0, grain or 1e-9, dots.shape)
    count = int(dots.size * specks / 100_000)
    ys, xs = random.integers(0, dots.shape[0] - 2, count), random.integers(0, dots.shape[1] - 2, count)
    for y, x, side in zip(ys, xs, random.integers(1, 3, count)):
        dots[y:y + side, x:x + side] = random.choice([ink, paper])
    page = Image.fromarray(numpy.clip(dots, 0, 255).astype("uint8"))
    page = page.rotate(-90 * turns, expand=True)
    if quality == 0:
        return page.point(lambda v: 255 if v > 185 else 0).convert("1")
    packed = io.BytesIO()
    page.save(packed, "JPEG", quality=quality)
    return Image.open(packed)


def scan(slug, look):
    """Writes the scan, unless a run before did, and returns its path."""
    path = os.path.join(WORK, f"{slug}.{look}.pdf")
    if not os.path.exists(path):
        random = numpy.random.default_rng(sum(map(ord, slug + look)))
        settings = LOOKS[look]
        drawn = [degraded(p, random, **settings) for p in pages(slug, settings["dpi"])]
        drawn[0].save(path, save_all=True, append_images=drawn[1:], resolution=settings["dpi"])
    return path


def number(row):
    """What a row says, so that equal figures compare equal."""
    return (float(row["value"]) if row["value"] else None), row["status"]


def score(slug, cells):
    """Counts of the cells against the truth, and what was wrongly accepted."""
    with open(os.path.join(REPORTS, "practice", slug, "truth.csv"), encoding="utf-8") as f:
        truth = {(r["metric"], r["applicant"]): number(r) for r in csv.DictReader(f)}
    n, bad, seen = dict(right=0, wrong=0, illegible=0, repaired=0, missing=0, spurious=0), [], set()
    for row in cells:
        key, got = (row["metric"], row["applicant"]), number(row)
        kind = "right"
        if row["status"] == "repaired":
            # Never right nor wrong as a cell; it must still be the printed value.
            kind = "repaired" if truth.get(key, (None,))[0] == got[0] else "wrong"
        elif key not in truth:
            kind = "spurious"
        elif row["status"] == "illegible":
            kind = "illegible"
        elif truth[key] != got:
            kind = "wrong"
        seen.add(key)
        n[kind] += 1
        if kind in ("wrong", "spurious"):
            bad.append(f"  {kind}: {key[0]} {key[1]} read {got}, printed {truth.get(key)} at {row['locator']}")
    n["missing"] = len(set(truth) - seen)
    return n, bad


def main():
    os.makedirs(WORK, exist_ok=True)
    subprocess.run(["go", "build", "-tags=duckdb_arrow", "-buildvcs=false", "-o", PROGRAM, "./cmd/nianbao"], cwd=ROOT, check=True)
    asked = [a if ":" in a else f"{a}:{look}" for a in sys.argv[1:] or DOCUMENTS for look in ([""] if ":" in a else USUAL)]
    print(f"{'document':22}{'look':9}{'right':>6}{'wrong':>6}{'illeg.':>7}{'rep.':>5}{'miss.':>6}{'spur.':>6}{'s':>5}  who and when")
    failed = False
    for slug, look in (a.split(":") for a in asked):
        path = scan(slug, look)
        started = time.monotonic()
        with open(path + ".txt", "w", encoding="utf-8") as talk:
            done = subprocess.run([PROGRAM, "extract", path], stdout=subprocess.PIPE, stderr=talk, text=True)
        with open(path + ".csv", "w", encoding="utf-8") as f:
            f.write(done.stdout)
        cells = list(csv.DictReader(io.StringIO(done.stdout)))
        n, bad = score(slug, cells)
        who = sorted({(c["report_year"], c["authority"]) for c in cells})
        print(f"{slug:22}{look:9}{n['right']:6}{n['wrong']:6}{n['illegible']:7}{n['repaired']:5}{n['missing']:6}{n['spurious']:6}"
              f"{time.monotonic() - started:5.0f}  {who}", flush=True)
        print("\n".join(bad), end="\n" if bad else "")
        failed = failed or bool(bad)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
