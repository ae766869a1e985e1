"""Prints practice reports, degrades the pages as scanners do, and scores what is read.

    scripts/scans [DOCUMENT[:LOOK] ...]

A document is a practice report or a case of the corpus.

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
import pypdfium2.raw as raw
from PIL import Image, ImageFilter

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPORTS = os.path.join(ROOT, "..", "shared", "reports")
WORK = os.path.join(ROOT, ".cache", "scans")
PROGRAM = os.path.join(WORK, "nianbao")
DOCUMENTS = ["huaian-2024", "pingtan-2021", "shanghai-office-2019", "hongze-2023"]

# A look: dots per inch, degrees clockwise, blur, grain, specks in 100,000 dots, ink and
# paper, JPEG quality (0: black and white), quarter turns. What of the report is scanned:
# all of it; the pages with tables, between pages of text (mixed); the tables, as
# pictures beside text (pasted); or all of it, with its text laid invisibly over (layered).
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
    "mixed": dict(dpi=200, skew=-0.6, blur=0.6, grain=4, quality=75, scanned="mixed"),
    "pasted": dict(dpi=150, blur=0.3, grain=3, quality=80, scanned="pasted"),
    "layered": dict(dpi=200, skew=0.4, blur=0.6, grain=4, quality=75, scanned="layered"),
}
LOOKS |= {"bare-" + look: dict(LOOKS[look], scanned="unruled") for look in ("clean", "mild", "noisy", "fax")}  # a web page without its rules
UNRULED = b"<style>* { border: 0 !important; outline: 0 !important; background: none !important }</style>"
USUAL = ["mild", "noisy", "fax", "mixed", "layered"]
UNRULED_DOCUMENTS = ["pdf-no-rules:mild", "pdf-no-rules:noisy", "pdf-no-rules:fax", "pdf-open-blanks:mild", "pdf-backgrounds:mild",
                     "pingtan-2021:bare-mild", "pingtan-2022:bare-mild"]
PASTED = ["huaian-2024:pasted", "hongze-2023:pasted"]  # PDFium cannot write the fonts of what Chromium prints


def one(slug, *names):
    """The first file of a practice report, or of a case of the corpus, that begins with one of the names."""
    for root in (os.path.join(REPORTS, "practice"), os.path.join(ROOT, "extract", "testdata", "corpus")):
        folder = os.path.join(root, slug)
        for n in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if n.startswith(names):
                return os.path.join(folder, n)
    sys.exit(f"scans: {slug} is no practice report and no case of the corpus")


def printed(slug, unruled=False):
    """The report as a PDF; a web page is printed, without its rules if asked."""
    source = one(slug, "source.")
    if not source.endswith(".pdf"):
        if unruled:
            with open(source, "rb") as f:
                page = f.read()
            slug += ".unruled"
            source = os.path.join(WORK, slug + ".html")
            with open(source, "wb") as f:
                f.write(page + UNRULED)
        target = os.path.join(WORK, slug + ".pdf")
        if not os.path.exists(target):
            subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                            "--print-to-pdf=" + target, "file://" + os.path.abspath(source)], check=True, capture_output=True)
        return target
    return source


def drawn(page, dpi):
    return page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def lay(pdf, page, picture, box):
    """Lays a picture on a page: left, bottom, right and top in points."""
    packed = io.BytesIO()
    picture.convert("L").save(packed, "JPEG", quality=95)
    image = pypdfium2.PdfImage.new(pdf)
    image.load_jpeg(packed, inline=True)
    left, bottom, right, top = box
    image.set_matrix(pypdfium2.PdfMatrix(right - left, 0, 0, top - bottom, left, bottom))
    page.insert_obj(image)


def tables(page):
    """The boxes of what is ruled on the page, from the top down."""
    rules = sorted((o.get_bounds() for o in page.get_objects([raw.FPDF_PAGEOBJ_PATH])), key=lambda b: -b[3])
    out = []
    for left, bottom, right, top in rules:
        if out and top > out[-1][1] - 6:
            b = out[-1]
            out[-1] = (min(b[0], left), min(b[1], bottom), max(b[2], right), max(b[3], top))
        else:
            out.append((left, bottom, right, top))
    return [b for b in out if b[2] - b[0] > 150 and b[3] - b[1] > 40]


def scanned_in_part(source, path, random, scanned, dpi, **look):
    """Writes the report with its text, but for what is scanned."""
    with pypdfium2.PdfDocument(source) as pdf:
        for page in pdf:
            whole = page.get_bbox()
            boxes = [(b[0] - 4, b[1] - 4, b[2] + 4, b[3] + 4) for b in tables(page)]
            if scanned != "layered" and not boxes:
                continue
            picture = drawn(page, dpi)
            if scanned != "pasted":
                boxes = [whole]
            for box in boxes:
                scale = dpi / 72
                part = picture.crop([round(v * scale) for v in (box[0], whole[3] - box[3], box[2], whole[3] - box[1])])
                part = degraded(part, random, dpi, **look)
                for o in list(page.get_objects(max_depth=1)):
                    b = o.get_bounds()
                    inside = box[0] <= (b[0] + b[2]) / 2 <= box[2] and box[1] <= (b[1] + b[3]) / 2 <= box[3]
                    if inside and scanned == "layered" and o.type == raw.FPDF_PAGEOBJ_TEXT:
                        raw.FPDFTextObj_SetTextRenderMode(o, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
                    elif inside and o.type != raw.FPDF_PAGEOBJ_IMAGE:
                        page.remove_obj(o)
                lay(pdf, page, part, box)
            page.gen_content()
        pdf.save(path)


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
        if settings.get("scanned", "unruled") != "unruled":
            scanned_in_part(printed(slug), path, random, **settings)
            return path
        unruled = settings.get("scanned") == "unruled"
        settings = {k: v for k, v in settings.items() if k != "scanned"}
        with pypdfium2.PdfDocument(printed(slug, unruled)) as pdf:
            pages = [degraded(drawn(p, settings["dpi"]), random, **settings) for p in pdf]
        pages[0].save(path, save_all=True, append_images=pages[1:], resolution=settings["dpi"])
    return path


def number(row):
    """What a row says, so that equal figures compare equal."""
    return (float(row["value"]) if row["value"] else None), row["status"]


def score(slug, cells):
    """Counts of the cells against the truth, and what was wrongly accepted."""
    with open(one(slug, "truth.csv", "want.csv"), encoding="utf-8") as f:
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
    asked = [a if ":" in a else f"{a}:{look}" for a in sys.argv[1:] or DOCUMENTS + PASTED + UNRULED_DOCUMENTS for look in ([""] if ":" in a else USUAL)]
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
