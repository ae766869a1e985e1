"""Made-up figures of one report, and the arithmetic that they obey or break."""
import random
from decimal import Decimal

import forms


class Printed(str):
    """A cell as printed whose value is not simply what its digits say: the value
    (None: no number) and the status are typed beside it."""

    def __new__(cls, text, value, status="number"):
        p = super().__new__(cls, text)
        p.value, p.status = value, status
        return p


BLANK = Printed("", None, "blank")


def truth(cell):
    """(value, status) of a cell: an int or Decimal is its own value, written without trailing zeros."""
    if isinstance(cell, Printed):
        return cell.value, cell.status
    plain = str(cell)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain, "number"


class Figures:
    """t2: metric -> cell. t3: metric -> {applicant: cell}. t4: metric -> cell.
    stat: metric -> cell."""

    def __init__(self, seed, t2="D", t3="D"):
        self.form2, self.form3 = t2, t3
        r = random.Random(seed)
        self.t2 = self._table2(r)
        self.t3 = self._table3(r)
        self.t4 = self._table4(r)
        self.stat = {}

    def _table2(self, r):
        out = {}
        for _, _, rows in forms.T2[self.form2]:
            for _, metrics in rows:
                for m in metrics:
                    out[m] = r.randint(1, 400)
        if self.form2 == "C":
            for what in ("rules", "normdocs"):
                out[what + "_published_total"] += out[what + "_newly_published"]
        else:
            out["fee_amount_wanyuan"] = Decimal(r.randint(1, 99999)) / 100 + Decimal("0.01")
        return out

    def _table3(self, r):
        rows = {m: {} for _, _, m in forms.T3[self.form3]}
        for i, a in enumerate(forms.APPLICANTS[:-1]):
            size = 60 if i == 0 else 12
            closed = 0
            for m in rows:
                if m in ("app_new", "app_carried_in", "app_closed_total", "app_carried_out"):
                    continue
                n = r.randint(0, size) if r.random() < 0.5 else 0
                rows[m][a] = n
                closed += n
            rows["app_closed_total"][a] = closed
            rows["app_carried_out"][a] = r.randint(0, size // 4)
            balance = closed + rows["app_carried_out"][a]
            rows["app_carried_in"][a] = r.randint(0, min(balance, size // 4))
            rows["app_new"][a] = balance - rows["app_carried_in"][a]
        for m in rows:
            rows[m]["total"] = sum(rows[m].values())
        return rows

    def _table4(self, r):
        out = {}
        for g in ("rev_", "lit_direct_", "lit_post_"):
            parts = [r.randint(0, 30) for _ in range(4)]
            for name, n in zip(("upheld", "corrected", "other", "pending", "total"), parts + [sum(parts)]):
                out[g + name] = n
        return out

    def want(self):
        """Rows of want.csv."""
        rows = []
        for m, cell in self.t2.items():
            rows.append(("t2", m, "", *truth(cell)))
        for m, by in self.t3.items():
            for a in forms.APPLICANTS:
                if a in by:
                    rows.append(("t3", m, a, *truth(by[a])))
        for m, cell in self.t4.items():
            rows.append(("t4", m, "", *truth(cell)))
        for m, cell in self.stat.items():
            rows.append(("stat", m, "", *truth(cell)))
        return rows

    def failed(self):
        """The identities that the figures break, as Identity or Identity:instance."""
        n = {(m, a): Decimal(v) for _, m, a, v, status in self.want() if status == "number"}
        out = []

        def holds(name, left, right, compare=lambda a, b: a == b):
            if all(k in n for k in left + right) and not compare(sum(n[k] for k in left), sum(n[k] for k in right)):
                out.append(name)

        outcomes = [m for _, _, m in forms.T3[self.form3] if m.startswith("out_")]
        for m in self.t3:
            holds("T3_ROW_SUM:" + m, [(m, a) for a in forms.APPLICANTS[:-1]], [(m, "total")])
        for a in forms.APPLICANTS if self.t3 else []:
            holds(f"T3_OUTCOME_SUM_{self.form3}:{a}", [(m, a) for m in outcomes], [("app_closed_total", a)])
            holds("T3_BALANCE:" + a, [("app_new", a), ("app_carried_in", a)], [("app_closed_total", a), ("app_carried_out", a)])
        for name, g in (("REV", "rev_"), ("LIT_DIRECT", "lit_direct_"), ("LIT_POST", "lit_post_")) if self.t4 else []:
            holds(f"T4_{name}_SUM", [(g + k, "") for k in ("upheld", "corrected", "other", "pending")], [(g + "total", "")])
        for name, what in (("RULES", "rules"), ("NORMDOCS", "normdocs")) if self.form2 == "C" else []:
            holds("C_T2_PUBLISHED_" + name, [(what + "_newly_published", "")], [(what + "_published_total", "")], lambda a, b: a <= b)
        return sorted(out)


def statistics(seed):
    """Figures of the table of 32号, whose own sums hold."""
    r = random.Random(seed)
    f = Figures(seed)
    f.form2, f.t2, f.t3, f.t4 = "", {}, {}, {}
    s = {m: r.randint(0, 90) for _, _, m in forms.B if m}
    s["app_new"] = sum(s["app_channel_" + k] for k in ("in_person", "fax", "online", "letter"))
    s["app_finished"] = s["app_finished_on_time"] + s["app_finished_extended"]
    s["out_denied"] = sum(v for m, v in s.items() if m.startswith("out_denied_"))
    s["app_replied"] = sum(v for m, v in s.items() if m.startswith("out_") and not m.startswith("out_denied_"))
    s["rev_total"] = s["rev_upheld"] + s["rev_corrected"] + s["rev_other"]
    s["lit_total"] = s["lit_upheld"] + s["lit_corrected"] + s["lit_other"]
    s["staff_total"] = s["staff_full_time"] + s["staff_part_time"]
    s["budget_wanyuan"] = Decimal("12.5")
    f.stat = s
    return f


def local(seed, form):
    """Figures of a local form: rows without an id are unmapped:<label>."""
    r = random.Random(seed)
    f = Figures(seed)
    f.form2, f.t2, f.t3, f.t4 = "", {}, {}, {}
    f.stat = {metric_of(row): r.randint(0, 400) for row in form}
    return f


def metric_of(row):
    label, metric = (row[1], row[3]) if len(row) == 4 else row
    if metric != "*":
        return metric
    bare = label.replace("其中：", "")
    for ordinal in ("3.", "4.", "(11)"):
        bare = bare.removeprefix(ordinal)
    return "unmapped:" + bare
