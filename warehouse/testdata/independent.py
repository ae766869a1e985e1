"""The indicators of a set of figures, computed without nianbao: pandas, statsmodels and scipy do the sums.

    independent.py FIGURES CODEBOOK OUT

FIGURES is a CSV with one row a cell: adcode, authority, scope, report_year, era, metric, applicant, value (empty: no number).
CODEBOOK is the folder of metric.csv, indicator.csv, crosswalk.csv, break.csv and unit.csv. OUT receives indicators.csv, pooled.csv and funnel.csv.
What the figures are compared by is written down in docs/methods.md, from which this was written.
"""
import sys

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

figures_path, codebook, out = sys.argv[1:]
figures = pd.read_csv(figures_path, dtype={"adcode": str, "value": str}, keep_default_na=False)
indicator = pd.read_csv(f"{codebook}/indicator.csv", keep_default_na=False).set_index("id")
crosswalk = pd.read_csv(f"{codebook}/crosswalk.csv", keep_default_na=False).set_index("id")
sum_of = pd.read_csv(f"{codebook}/metric.csv", keep_default_na=False).set_index("id")["sum_of"]
breaks = pd.read_csv(f"{codebook}/break.csv")
per = pd.read_csv(f"{codebook}/unit.csv").set_index("id")["per"]
BODY = ["adcode", "authority", "scope"]
KEY = BODY + ["report_year"]


def evaluate(text, numbers, era):
    """The value of an expression, nan where a term has none."""
    total, sign = 0.0, 1
    words = text.split()
    if not words:
        return np.nan
    for word in words:
        if word in "+-":
            sign = {"+": 1, "-": -1}[word]
        elif word in crosswalk.index:
            total += sign * evaluate(crosswalk.loc[word, {"A": "a", "B": "b"}.get(era, "cd")], numbers, era)
        else:
            metric, _, applicant = word.partition("@")
            total += sign * look_up(metric, applicant, numbers, era)
    return total


def look_up(metric, applicant, numbers, era):
    """A printed number; nan where it is printed as none; where no row has it, the sum of its parts."""
    for column in [applicant] if applicant else ["total", ""]:
        if (metric, column) in numbers:
            return numbers[metric, column]
    parts = sum_of.get(metric, "")
    return evaluate(parts, numbers, era) if parts and not applicant else np.nan


rows = []
for key, group in figures.groupby(KEY + ["era"]):
    numbers = {(r.metric, r.applicant): float(r.value or "nan") for r in group.itertuples()}
    for name, i in indicator.iterrows():
        x = evaluate(i.numerator, numbers, key[4])
        n = evaluate(i.denominator, numbers, key[4])
        rows.append((*key[:4], name, i.kind, i.family, i.min_n, per[i.unit], x, n))
v = pd.DataFrame(rows, columns=KEY + ["indicator", "kind", "family", "min_n", "per", "numerator", "denominator"])
v["value"] = np.where(v.kind == "count", v.numerator, v.per * v.numerator / v.denominator.where(v.denominator > 0))


def interval(r):
    if r.kind == "count" or np.isnan(r.value) or r.numerator < 0 or r.kind == "share" and r.numerator > r.denominator:
        return np.nan, np.nan
    if r.kind == "share":
        return proportion_confint(r.numerator, r.denominator, method="wilson")
    low, high = confint_poisson(r.numerator, r.denominator, method="score")
    return r.per * low, r.per * high


v[["low", "high"]] = [interval(r) for r in v.itertuples()]
broken = {(y, f) for y, f in zip(breaks.year, breaks.family)}
v["comparable"] = [(r.report_year, r.family) not in broken and (r.report_year, "*") not in broken for r in v.itertuples()]
v[KEY + ["indicator", "numerator", "denominator", "value", "low", "high"]].to_csv(f"{out}/indicators.csv", index=False)

# The country and its provinces.
known = v[v.value.notna()]
before = known[BODY + ["indicator", "report_year", "numerator", "denominator", "value"]].copy()
before["report_year"] += 1
both = known[known.comparable].merge(before, on=BODY + ["indicator", "report_year"], suffixes=("", "_0"))


def level(kind, scale, x, n):
    return x.sum() if kind == "count" else scale * x.sum() / n.sum()


def enough(frame, n, x):
    return np.where(frame.kind == "count", frame[x].notna(), frame[n] >= frame.min_n)


rows = []
for area in ["000000"] + sorted({a[:2] + "0000" for a in known.adcode}):
    inside = (lambda f: f if area == "000000" else f[f.adcode.str[:2] == area[:2]])
    pairs = dict(list(inside(both).groupby(["indicator", "scope", "report_year"])))
    for key, g in inside(known).groupby(["indicator", "scope", "report_year"]):
        kind, scale = g.kind.iloc[0], g.per.iloc[0]
        change = drift = np.nan
        p = pairs.get(key)
        if p is not None:
            change = level(kind, scale, p.numerator, p.denominator) - level(kind, scale, p.numerator_0, p.denominator_0)
            q = p[enough(p, "denominator", "numerator") & enough(p, "denominator_0", "numerator_0")]
            drift = np.median(q.value) - np.median(q.value_0) if len(q) else np.nan
        shown = g.value[enough(g, "denominator", "numerator")]
        rows.append((*key[:2], area, key[2], len(g), level(kind, scale, g.numerator, g.denominator),
                     np.median(shown) if len(shown) else np.nan, 0 if p is None else len(p), change, drift))
pd.DataFrame(rows, columns=["indicator", "scope", "adcode", "report_year", "bodies", "pooled", "median", "matched_bodies", "pooled_change",
                            "median_change"]).to_csv(f"{out}/pooled.csv", index=False)

# Funnels.
drawn = known[(known.kind != "count") & (known.numerator >= 0) & ((known.kind == "rate") | (known.numerator <= known.denominator))]
spans = [drawn.assign(years=1)]
at = {(tuple(getattr(r, c) for c in BODY), r.indicator, r.report_year): r for r in drawn.itertuples()}
three = []
for (who, name, year), r in at.items():
    rest = [at.get((who, name, year - 1)), at.get((who, name, year - 2))]
    if None not in rest and r.comparable and rest[0].comparable:
        three.append({**r._asdict(), "years": 3, "numerator": r.numerator + sum(o.numerator for o in rest),
                      "denominator": r.denominator + sum(o.denominator for o in rest)})
spans.append(pd.DataFrame(three, columns=list(drawn.columns) + ["years"]))
body = pd.concat(spans)
body = body[body.denominator >= body.min_n]
parts = []
for key, g in body.groupby(["indicator", "scope", "report_year", "years"]):
    if len(g) < 10:
        continue
    x, n, scale = g.numerator.to_numpy(float), g.denominator.to_numpy(float), g.per.iloc[0]
    target = x.sum() / n.sum()
    if g.kind.iloc[0] == "share":
        score, centre, s2 = np.arcsin(np.sqrt((x + 3 / 8) / (n + 3 / 4))), np.arcsin(np.sqrt(target)), 1 / (4 * n + 2)
        back = lambda a: np.clip(((n + 3 / 4) * np.sin(np.clip(a, 0, np.pi / 2)) ** 2 - 3 / 8) / n, 0, 1)
    else:
        score, centre, s2 = np.sqrt((x + 3 / 8) / n), np.sqrt(target), 1 / (4 * n)
        back = lambda a: np.maximum(0, np.maximum(a, 0) ** 2 - 3 / 8 / n)
    z = (score - centre) / np.sqrt(s2)
    q = np.sum(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    w = 1 / s2
    tau2 = max(0, (q - (len(g) - 1)) / (w.sum() - np.sum(w**2) / w.sum()))
    sd = np.sqrt(s2 + tau2)
    limits = {name: scale * back(centre + stats.norm.ppf(p) * sd)
              for name, p in {"low_95": 0.025, "high_95": 0.975, "low_998": 0.001, "high_998": 0.999}.items()}
    parts.append(g.assign(target=scale * target, bodies=len(g), overdispersion=q / len(g), tau2=tau2, z=(score - centre) / sd, **limits))
funnel = pd.concat(parts)
funnel[["indicator", "scope", "report_year", "years", "adcode", "authority", "numerator", "denominator", "target", "bodies", "overdispersion", "tau2",
        "z", "low_95", "high_95", "low_998", "high_998"]].to_csv(f"{out}/funnel.csv", index=False)
