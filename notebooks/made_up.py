"""Writes a made-up portal, for the plots that need more bodies than the sample edition has.

    python made_up.py DIR     # DIR/portal.yaml and DIR/made-up.warc.gz

Sixty bureaus named after the sixty years of the Chinese cycle report for ten years. No such
bureau exists; every name begins with 虚构 (made up), and so does every page. The figures are
drawn at random with a fixed seed, so the files are the same each time. The pages are those of
the extractor's corpus (extract/testdata/generate) and go the way of real ones:

    nianbao run --portals DIR/portal.yaml --replay DIR/made-up.warc.gz --out OUT

What is built in, so that a plot has something to show: bureaus differ by more than chance in
their review rates (sigma 0.45 on the log scale); the forms change in 2019 and 2021; from 2024
a review must come before a suit, so reviews rise and direct suits fall; some reports are not
published, some cells are blank, and some totals are misprinted.
"""
import gzip
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "extract/testdata/generate"))
import forms  # noqa: E402  the official forms, typed
import web  # noqa: E402  a report as a web page

HOST = "made-up.invalid"
YEARS = range(2016, 2026)
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
NAMES = [f"虚构{STEMS[i % 10]}{BRANCHES[i % 12]}市自然资源和规划局" for i in range(60)]
COLUMNS = forms.APPLICANTS[:2]  # natural persons and businesses; the other kinds ask nothing
OUTCOMES = {  # mean share of each outcome since 2019
    "out_granted": 0.46, "out_partial": 0.08,
    "out_denied_state_secret": 0.002, "out_denied_law_prohibited": 0.002, "out_denied_safety_stability": 0.002,
    "out_denied_third_party": 0.014, "out_denied_internal_affairs": 0.01, "out_denied_process_info": 0.01,
    "out_denied_enforcement_file": 0.014, "out_denied_admin_query": 0.01,
    "out_unavail_not_held": 0.26, "out_unavail_needs_creation": 0.015, "out_unavail_unclear": 0.01,
    "out_notproc_petition": 0.012, "out_notproc_duplicate": 0.012, "out_notproc_publication": 0.001,
    "out_notproc_excessive": 0.001, "out_notproc_confirm_reissue": 0.002,
    "out_other_overdue_correction": 0.02, "out_other_overdue_fee": 0.004, "out_other_misc": 0.06,
}
REPLIES = {  # and of each reply up to 2018
    "out_already_public": 0.24, "out_agreed": 0.30, "out_partial": 0.05,
    "out_denied_state_secret": 0.002, "out_denied_trade_secret": 0.006, "out_denied_privacy": 0.006,
    "out_denied_safety_stability": 0.002, "out_denied_not_gov_info": 0.03, "out_denied_other_law": 0.02,
    "out_not_this_agency": 0.13, "out_info_not_exist": 0.15, "out_told_amend": 0.04, "out_told_other_channel": 0.02,
}
RESULTS = [0.60, 0.11, 0.17, 0.12]  # of reviews and suits: upheld, corrected, other, pending
SUITS = {"rev": 0.034, "lit_direct": 0.018, "lit_post": 0.008}  # per request closed, up to 2023
SINCE_2024 = {"rev": 2.1, "lit_direct": 0.3, "lit_post": 1.4}  # times that


class Bureau:
    """One bureau; report(year) must be asked for every year in turn, for requests are carried over."""

    def __init__(self, name):
        self.name = name
        self.rng = np.random.default_rng([*name.encode()])
        self.size = self.rng.lognormal(5.3, 1.1)
        self.growth = self.rng.normal(0.06, 0.05)
        self.first = 2016 if self.rng.random() < 0.7 else int(self.rng.integers(2018, 2021))
        self.shares = {form: self._tilt(mean) for form, mean in (("new", OUTCOMES), ("old", REPLIES))}
        self.disputed = self.rng.lognormal(-0.1, 0.45)
        self.carried = dict.fromkeys(COLUMNS, 0)

    def _tilt(self, mean):
        p = np.array(list(mean.values())) * self.rng.lognormal(0, 0.3, len(mean))
        return dict(zip(mean, p / p.sum()))

    def _draw(self, n, shares):
        p = np.array(list(shares.values()))
        return dict(zip(shares, (int(v) for v in self.rng.multinomial(n, p / p.sum()))))

    def report(self, year):
        """The page of the report of a year; None: none is published."""
        jump = 1.0 if year < 2019 else 1.35  # the Regulation of 2019 dropped the needs test
        new = self.rng.poisson(self.size * jump * np.exp(self.growth * (year - 2016) + self.rng.normal(0, 0.12)))
        page = self._list(year, int(new)) if year < 2019 else self._tables(year, int(new))
        published = year >= self.first and self.rng.random() > 0.05
        return page if published else None

    def _disputes(self, year, closed):
        """The cells of table 4."""
        out = {}
        for kind, rate in SUITS.items():
            rate *= self.disputed * (SINCE_2024[kind] if year >= 2024 else 1)
            n = int(self.rng.poisson(closed * rate))
            parts = self.rng.multinomial(n, RESULTS)
            out |= {f"{kind}_{r}": int(v) for r, v in zip(("upheld", "corrected", "other", "pending"), parts)}
            out[kind + "_total"] = n
        return out

    def _list(self, year, new):
        """A report with the statistical table of 2014."""
        s = dict.fromkeys((m for _, _, m in forms.B if m), 0)
        s |= self._draw(new, self.shares["old"])
        s["out_denied"] = sum(v for m, v in s.items() if m.startswith("out_denied_"))
        s["app_new"] = s["app_channel_online"] = s["app_finished"] = s["app_finished_on_time"] = s["app_replied"] = new
        t4 = self._disputes(year, new)
        for r in ("upheld", "corrected", "other"):  # the table has no row for pending cases
            s[f"rev_{r}"], s[f"lit_{r}"] = t4[f"rev_{r}"], t4[f"lit_direct_{r}"] + t4[f"lit_post_{r}"]
        for kind in ("rev", "lit"):
            s[kind + "_total"] = sum(s[f"{kind}_{r}"] for r in ("upheld", "corrected", "other"))
        rows = [(label, unit, s.get(m, "")) for label, unit, m in forms.B]
        return self._page(year, "<p>附表：政府信息公开情况统计表</p>" + web.statistics(rows, ["统计指标", "单位", "统计数"]))

    def _tables(self, year, new):
        """A report with the tables of 2019 or 2021."""
        self.form3 = "C" if year < 2021 else "D"
        self.t3 = {m: dict.fromkeys(forms.APPLICANTS, 0) for _, _, m in forms.T3[self.form3]}
        natural = int(self.rng.binomial(new, 0.93))
        for column, n in zip(COLUMNS, (natural, new - natural)):
            self._column(column, n)
        for row in self.t3.values():
            row["total"] = sum(row.values())
        self.t4 = self._disputes(year, self.t3["app_closed_total"]["total"])
        flaw = self.rng.random()
        if flaw < 0.04:
            self.t4["rev_corrected"] = ""
        elif flaw < 0.08:
            self.t4["rev_total"] += 1
        return self._page(year, f"<p>三、收到和处理政府信息公开申请情况</p>{web.table3(self)}"
                                f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{web.table4(self)}")

    def _column(self, column, new):
        carried_in = self.carried[column]
        carried_out = self.carried[column] = int(self.rng.binomial(new + carried_in, 0.025))
        closed = new + carried_in - carried_out
        outcome = self._draw(closed, self.shares["new"])
        if self.form3 == "C":
            outcome["out_other"] = sum(outcome.pop(m) for m in list(outcome) if m.startswith("out_other_"))
        flow = {"app_new": new, "app_carried_in": carried_in, "app_closed_total": closed, "app_carried_out": carried_out}
        for m, v in (outcome | flow).items():
            self.t3[m][column] = v

    def title(self, year):
        return f"{self.name}{year}年政府信息公开工作年度报告"

    def _page(self, year, tables):
        body = f"<h1>{self.title(year)}</h1><p>本报告为虚构（made up）：机关、地名和数字均不存在。{web.period(year)}</p>{tables}"
        return web.page(body, self.title(year))


def record(path, body, status="200 OK", kind="text/html; charset=utf-8"):
    """One WARC response record, compressed as a member of its own."""
    payload = body.encode()
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload
    number = sum(path.encode()) * 65536 + len(payload)
    head = (f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://{HOST}{path}\r\nWARC-Date: 2026-11-23T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number % 16**12:012x}>\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n")
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


PROFILE = f"""# Written by notebooks/made_up.py: a made-up portal; nothing in it is real.
id: made-up
name: 虚构门户
region_code: "990000"
hosts: {{allow: [{HOST}]}}
family: static
entry_points: ["http://{HOST}/index.html"]
politeness: {{delay: 0s, max_requests_per_day: 1000000}} # answered from a file
provenance: made up by notebooks/made_up.py; no such body exists
"""


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows, pages = [], []
    for i, bureau in enumerate(map(Bureau, NAMES)):
        for year in YEARS:
            page = bureau.report(year)
            if page:
                path = f"/{i + 1:02}/{year}.html"
                rows.append(f'<li><a href="{path}">{bureau.title(year)}</a><span>{year + 1}-01-20</span></li>')
                pages.append(record(path, page))
    index = web.page('<ul class="list">\n' + "\n".join(rows) + "\n</ul>", "虚构门户：政府信息公开年报")
    records = [record("/robots.txt", "", "404 Not Found", "text/plain"), record("/index.html", index), *pages]
    (folder / "portal.yaml").write_text(PROFILE)
    (folder / "made-up.warc.gz").write_bytes(b"".join(records))


if __name__ == "__main__":
    main(sys.argv[1])
