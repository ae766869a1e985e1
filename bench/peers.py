"""Compares the extractor with its peers in one run and prints ratios: scripts/bench.

Ours and x/net/html and PDFium run as Go benchmarks (extract/peers_test.go), pandas
and pdfplumber here, on the same bytes and one core, taking turns. For PDF a further
line has an extractor for each core in one process, against pdfplumber on one. Each figure is
processor time, of all threads of one process, the best of five rounds: other load on
the machine hardly moves it. A ratio compares two figures of this run and this machine;
seconds of another machine mean nothing here."""
import glob
import io
import logging
import os
import subprocess
import sys
import time
import warnings

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRACTICE = os.path.join(ROOT, "..", "shared", "reports", "practice")
CORPUS = os.path.join(ROOT, "extract", "testdata", "corpus")
ROUNDS = 5
CORES = os.sched_getaffinity(0)


def documents():
    """The practice reports where they are beside the clone, else made-up ones."""
    named = {"html": ["pingtan-2021", "shanghai-office-2019", "shuyang-fgj-2023"], "pdf": ["huaian-2024", "hongze-2023"]}
    found = [os.path.join(PRACTICE, n, "source." + ext) for ext, names in named.items() for n in names]
    found = [os.path.abspath(p) for p in found if os.path.exists(p)]
    return found or [os.path.join(CORPUS, n) for n in ("mso-spans/source.html", "c-full/source.html", "pdf-d/source.pdf", "pdf-c/source.pdf")]


def batch():
    """Every document of the clone that is text already: no scans, no pictures of tables, no old binaries."""
    paths = [p for root in (PRACTICE, CORPUS) for ext in ("html", "txt", "docx", "pdf") for p in glob.glob(f"{root}/*/source.{ext}")]
    return sorted(os.path.abspath(p) for p in paths if "scan" not in p and "picture" not in p)


def build():
    """Compiles the Go benchmarks once; returns the program."""
    program = os.path.join(ROOT, ".cache", "bench", "extract.test")
    done = subprocess.run(["go", "test", "-c", "-o", program, "./extract"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: the benchmarks do not compile:\n{done.stdout}{done.stderr}")
    return program


def go_benchmarks(program, pattern, paths, benchtime, cores=1):
    """name -> {unit: value} of the Go benchmarks; those of several cores may use all."""
    command = [program, "-test.run", "^$", "-test.bench", pattern, "-test.cpu", str(cores), "-test.benchtime", benchtime, "-test.timeout", "60m"]
    env = dict(os.environ, PEER_DOCUMENTS=os.pathsep.join(paths), GOGC="400")  # as cmd/nianbao sets it, for the Go peers too
    free = (lambda: os.sched_setaffinity(0, CORES)) if cores > 1 else None
    done = subprocess.run(command, cwd=os.path.join(ROOT, "extract"), env=env, capture_output=True, text=True, preexec_fn=free)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    out = {}
    for line in done.stdout.splitlines():
        fields = line.split()
        if line.startswith("Benchmark") and len(fields) >= 4:
            out[fields[0].removeprefix("Benchmark").removesuffix(f"-{cores}")] = dict(zip(fields[3::2], map(float, fields[2::2])))
    return out


def seconds(call):
    """The mean processor time of a call over half a second or more."""
    n, start = 0, time.process_time()
    while n == 0 or time.process_time() - start < 0.5:
        call()
        n += 1
    return (time.process_time() - start) / n


def pandas_reader(data):
    import pandas
    return lambda: pandas.read_html(io.BytesIO(data), flavor="lxml", encoding="utf-8")


def pdfplumber_reader(data):
    import pdfplumber

    def read():
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_tables()
    return read


def measure(program, path):
    """The best times in seconds over the rounds: ours, the Go peer's, the Python
    peer's. They take turns, so that other load on the machine falls on all of them."""
    name, kind = os.path.basename(os.path.dirname(path)), os.path.splitext(path)[1][1:].upper()
    with open(path, "rb") as f:
        data = f.read()
    python, peer = (pandas_reader(data), "parse") if kind == "HTML" else (pdfplumber_reader(data), "pdfium")
    best = [float("inf")] * 3
    for _ in range(ROUNDS):
        go = go_benchmarks(program, "^BenchmarkPeers" + kind, [path], "0.5s")
        prefix = f"Peers{kind}/{name}/"
        times = [go[prefix + "extract"]["cpu-ns/op"] / 1e9, go[prefix + peer]["cpu-ns/op"] / 1e9, seconds(python)]
        best = [min(b, t) for b, t in zip(best, times)]
    return name, kind, best


def compare(program, path):
    """Two rows of (document, peer, ours, theirs, ratio, bound, met)."""
    name, kind, (ours, fast, slow) = measure(program, path)
    fast_name, slow_name, least = ("x/net/html parse", "pandas.read_html", 5) if kind == "HTML" else ("PDFium reading", "pdfplumber", 10)
    yield name, slow_name, ours, slow, f"{slow / ours:.1f} x faster", f">= {least} x", slow / ours >= least
    yield name, fast_name, ours, fast, f"{ours / fast:.2f} x its time", "<= 1.5 x", ours / fast <= 1.5
    if kind == "PDF" and len(CORES) > 1:  # elapsed time, for which other load on the machine counts
        both = min(go_benchmarks(program, "^BenchmarkCoresPDF", [path], "0.5s", len(CORES))[f"CoresPDF/{name}"]["ns/op"] for _ in range(ROUNDS)) / 1e9
        yield name, f"the same, {len(CORES)} cores", both, slow, f"{slow / both:.1f} x faster", f">= {least} x", slow / both >= least


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # pdfminer complains about fonts that it then reads
    program = build()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, for us and for the peers
    print(f"{'document':24} {'peer':18} {'ours':>10} {'peer':>10}  {'ratio':18} {'bound':8} met")
    for path in documents():
        for name, peer, ours, theirs, ratio, bound, met in compare(program, path):
            print(f"{name:24} {peer:18} {ours * 1e3:7.2f} ms {theirs * 1e3:7.2f} ms  {ratio:18} {bound:8} {'yes' if met else 'NO'}", flush=True)
    if "--batch" in sys.argv:
        print_batch(program)


def print_batch(program):
    """Time and memory of 10,000 documents in one process, on one core."""
    texts = batch()
    found = go_benchmarks(program, "^BenchmarkBatch$", texts, "1x")["Batch"]
    first, middle, last, peak = (found["MB-at-" + n] for n in ("1000", "5000", "10000", "peak"))
    print(f"\n10,000 documents ({len(texts)} different) in {found['ns/op'] / 1e9:.0f} s on one core")
    print(f"memory {first:.0f} MB after the 1,000th, {middle:.0f} MB after the 5,000th, {last:.0f} MB after the 10,000th")
    print(f"its peak {peak:.0f} MB; bound 500 MB: {'yes' if peak < 500 else 'NO'}")


if __name__ == "__main__":
    main()
