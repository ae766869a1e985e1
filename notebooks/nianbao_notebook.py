"""What the notebooks share: opening a file, and charts that keep to the rules of the site.

A chart names its scope, unit and source in its title; a missing year is a gap; a line never
joins years between which forms or laws changed; a mark is hollow where the report's own
arithmetic contradicts the number. Statistics are the warehouse's own: nothing is computed here.
"""
import csv
import os
import pathlib

import duckdb
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import font_manager

HERE = pathlib.Path(__file__).parent
COLOURS = ["#1f5fa6", "#c2470c", "#1b7a43", "#7d3fb5", "#0c7489", "#8f4513", "#b81f63", "#55585e"]
INK, MUTED, BREAK, SEAL = "#1d2024", "#575d64", "#8a6414", "#a3301d"

font_manager.findfont("Noto Sans CJK SC", fallback_to_default=False)  # an error here: run scripts/setup
plt.rcParams |= {
    "font.family": "Noto Sans CJK SC", "font.size": 10, "axes.unicode_minus": False, "figure.dpi": 110,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#8b8f94", "text.color": INK,
    "axes.grid": True, "axes.grid.axis": "y", "grid.color": "#e4e1d9", "axes.axisbelow": True,
}
pd.set_option("display.unicode.east_asian_width", True, "display.width", 160, "display.max_rows", 200,
              "display.max_columns", 40, "display.max_colwidth", 200)


def labels(name):
    """The Chinese labels of codebook/data/NAME.csv by id."""
    with open(HERE.parent / "codebook/data" / f"{name}.csv", encoding="utf-8") as f:
        return {row["id"]: row["label_zh"] for row in csv.DictReader(f)}


class Edition:
    """A nianbao.duckdb, opened read-only. source says in one line whose figures it holds; made_up: of made-up bodies,
    which made_up.py names so that it shows."""

    def __init__(self, path):
        if not pathlib.Path(path).exists():
            raise FileNotFoundError(f"{path} is missing; `make run` makes the sample edition, or set NIANBAO_DB "
                                    "(`make notebooks` sets all that the notebooks need)")
        self.path = pathlib.Path(path)
        self.con = duckdb.connect(str(path), read_only=True)
        self.made_up, bodies, reports, copies = self.con.execute(
            "SELECT coalesce(bool_or(authority LIKE '虚构%'), false), count(DISTINCT authority), count(*), (SELECT count(*) FROM location WHERE provenance LIKE '%sample edition%') "
            "FROM current_report").fetchone()
        what = "虚构数据，不是任何机关的数字" if self.made_up else "各机关公布的年报"
        self.source = f"来源：{what}（{bodies} 个机关，{reports} 份{'；样本版' if copies else ''}）"

    def sql(self, query, *parameters):
        """The answer as a DataFrame. Whole numbers are Int64, for a float cannot be both whole and missing."""
        frame = self.con.execute(query, list(parameters)).df()
        for name in frame.select_dtypes("float"):
            if frame[name].notna().any() and (frame[name].dropna() % 1 == 0).all():
                frame[name] = frame[name].astype("Int64")
        return frame


def open_edition():
    """The file that NIANBAO_DB names, else that of `make run`."""
    return Edition(os.environ.get("NIANBAO_DB", HERE.parent / "out/warehouse/nianbao.duckdb"))


def open_made_up():
    """The made-up bodies of made_up.py, for methods that need more reports than the sample has."""
    return Edition(os.environ.get("NIANBAO_MADE_UP_DB", HERE.parent / "out/made-up/warehouse/nianbao.duckdb"))


def show(frame, missing="—"):
    """The frame for reading: a missing value is a dash, never 0."""
    return frame.astype(object).where(frame.notna(), missing)


def figure(edition, headline, about, rows=1, columns=1, height=3.6, **options):
    """A figure whose title says what, about what (scope, unit, years) and from where.
    Returns it with its axes, always a list."""
    fig, axes = plt.subplots(rows, columns, figsize=(9, height), layout="constrained", squeeze=False, **options)
    head = 0.95
    fig.get_layout_engine().set(rect=(0, 0, 1, 1 - head / height))
    if edition.made_up:
        headline = "【虚构数据】" + headline
        fig.text(0.5, 0.42, "虚 构 数 据", fontsize=54, color=SEAL, alpha=0.09, rotation=20, ha="center", va="center")
    colour = SEAL if edition.made_up else MUTED
    fig.text(0.005, 1 - 0.08 / height, headline, fontsize=13, fontweight="bold", va="top")
    fig.text(0.005, 1 - 0.38 / height, about, fontsize=9, color=MUTED, va="top")
    fig.text(0.005, 1 - 0.60 / height, edition.source, fontsize=9, color=colour, va="top")
    return fig, list(axes.flat)


def pieces(series):
    """Cuts a frame, one row a year (report_year, value, comparable_with_prev), into the frames whose
    points a line may join: without a missing value or year, and without a break, between them."""
    there = series[series["value"].notna()].sort_values("report_year")
    joined = (there["report_year"].diff() == 1) & there["comparable_with_prev"].astype(bool)
    return [piece for _, piece in there.groupby((~joined).cumsum())]


def draw(ax, series, colour=COLOURS[0], label=None, interval=False, scale=1):
    """Draws such a frame, with grade: hollow is contradicted. interval: with low and high."""
    for piece in pieces(series):
        x, y = piece["report_year"], piece["value"].astype(float) * scale
        ax.plot(x, y, color=colour, lw=1.6, zorder=2)
        if interval:
            ax.vlines(x, piece["low"] * scale, piece["high"] * scale, color=colour, lw=1, alpha=0.6)
        hollow = (piece["grade"] == "contradicted").tolist()
        ax.scatter(x, y, s=34, color=["white" if h else colour for h in hollow], edgecolors=colour, linewidths=1.5,
                   zorder=3, label=label, clip_on=False)
        label = None


def breaks(edition, ax, *families):
    """Marks the years since which figures of these families of metrics are not comparable with those before."""
    first, last = ax.get_xlim()
    marks = edition.con.execute(
        "SELECT year, label_zh FROM form_break WHERE family IN (SELECT unnest(?)) AND year BETWEEN ? AND ? ORDER BY year, family",
        [["*", *families], first + 0.5, last]).fetchall()
    for year, label in dict(marks).items():
        ax.axvline(year - 0.5, color=BREAK, lw=1, ls=(0, (4, 3)), zorder=1)
        ax.annotate(label, (year - 0.5, 1), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
                    fontsize=8, color=BREAK, va="top")


def years(ax, first, last):
    """One tick a year, with room at both ends."""
    ax.set_xlim(first - 0.6, last + 0.6)
    ax.set_xticks(range(first, last + 1))
