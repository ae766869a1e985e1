"""Writes a report as the text dumps that reports are found in."""
import forms
import web


def tabbed(rows):
    """As a word processor saves a table: a cell a line, a blank line after a row."""
    return "".join("".join(f"\t{c}\n" for c in row) + "\n" for row in rows)


def joined(separator, start="", end=""):
    def write(rows):
        return "".join(start + separator.join(str(c) for c in row) + end + "\n" for row in rows)
    return write


def glued(rows):
    """As some PDF converters leave a row: the label and the first number touch.
    Headings and rows of numbers alone keep their spaces."""
    out = ""
    for row in rows:
        touch = len(row) > 1 and isinstance(row[0], str) and not isinstance(row[1], str)
        out += str(row[0]) + ("" if touch else " ") + " ".join(str(c) for c in row[1:]) + "\n"
    return out


def padded(rows):
    """As converters to Markdown leave a row: bars at its end for what cells span."""
    width = max(len(row) for row in rows)
    return "".join(" | ".join(str(c) for c in row) + " | " + "|" * (width - len(row)) + "\n" for row in rows)


def barred(rows):
    """The same with a new line after each cell; a bar alone is a blank cell."""
    width = max(len(row) for row in rows)
    return "".join("".join(f"{c} |\n".lstrip() for c in row) + "|" * (width - len(row)) + "\n" for row in rows)


def bars_between(rows):
    """A cell a line, a bar on the line after it."""
    return "".join(f"{c}\n|\n" for row in rows for c in row)


def lines(rows):
    """As text copied from a page: a paragraph a cell, in which a blank cell is none."""
    return "".join(f"{c}\n\n" for row in rows for c in row if c != "")


def commas(rows):
    return "".join(",".join(f'"{c}"' if "," in str(c) else str(c) for c in row) + "\n" for row in rows)


def run_together(rows):
    return "".join("".join(str(c) for c in row) + "\n" for row in rows)


def without_blanks(rows):
    """Spaces between the cells; a blank cell leaves nothing behind."""
    return "".join(" ".join(str(c) for c in row if c != "") + "\n" for row in rows)


def fragments(rows):
    """As readers of PDFs leave a table: each row's numbers on a line, its labels on lines
    around them, cut after eight characters, headings side by side cut over the same lines."""
    out = ""
    for row in rows:
        labels = [c for c in row if isinstance(c, str) and c]
        numbers = " ".join(str(c) for c in row if not isinstance(c, str))
        pieces = [[c[i:i + 8] for i in range(0, len(c), 8)] for c in labels]
        if not numbers:
            for i in range(max((len(p) for p in pieces), default=0)):
                out += " ".join(p[i] for p in pieces if i < len(p)) + "\n"
            continue
        lines = [piece for p in pieces for piece in p]
        half = (len(lines) + 1) // 2
        out += "\n".join(lines[:half] + [numbers] + lines[half:]) + "\n"
    return out


def markdown(rows):
    """Table 3 without its heading, each row with one that says nothing; table 4 in parts."""
    out, columns = "", 0
    for row in rows:
        numbers = [c for c in row if not isinstance(c, str)]
        heads = [c for c in row if isinstance(c, str) and c]
        if len(numbers) == 15:
            for i, group in enumerate(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")):
                out += f"### {group}\n| {' | '.join(forms.T4_HEADS)} |\n|---|---|---|---|---|\n| {' | '.join(str(n) for n in numbers[5 * i:5 * i + 5])} |\n\n"
        elif len(numbers) == 7:
            out += f"### {heads[-1]}\n| 类别 | {' | '.join(f'数据{i}' for i in range(1, 7))} | 总计 |\n|---|---|---|---|---|---|---|---|\n| {heads[-1]} | {' | '.join(str(n) for n in numbers)} |\n\n"
        elif numbers or heads[0] == "信息内容":
            out += f"| {' | '.join(str(c) for c in row)} |\n" + ("|---|---|\n" if not numbers else "")
        elif len(heads) == 1:
            out += f"\n### {heads[0]}\n"
    return out


def drawn(rows):
    width = max(len(row) for row in rows)
    rule = "─" * 6
    out = "┌" + "┬".join([rule] * width) + "┐\n"
    for row in rows:
        out += "│" + "│".join(str(c).ljust(6) for c in row) + "│\n├" + "┼".join([rule] * width) + "┤\n"
    return out


def rows2(f):
    for item, heads, lines in forms.T2[f.form2]:
        yield [item]
        yield ["信息内容", *heads]
        for name, metrics in lines:
            yield [name, *[f.t2[m] for m in metrics]]


def rows3(f, blanks):
    """blanks: with an empty cell where the cell above spans this row."""
    space = [""] if blanks else []
    yield ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "申请人情况"]
    yield [*space, "自然人", "法人或其他组织", "总计"]
    yield [*space, *space, *forms.APPLICANT_LABELS[1:-1], *space]
    group, opened = None, False
    for g, text, cells in web.rows3(f):
        labels = [text]
        if g is not None:
            if g:
                labels = ([g] if g != group else space) + labels
            labels = ([web.RESULT] if not opened else space) + labels
            opened = True
        group = g
        yield [*labels, *cells]


def rows4(f, blanks):
    space = [""] * 5 if blanks else []
    yield ["行政复议", "行政诉讼"]
    yield [*forms.T4_HEADS, "未经复议直接起诉", "复议后起诉"]
    yield [*space, *forms.T4_HEADS, *forms.T4_HEADS]
    yield [f.t4[m] for m in forms.T4]


def report(case, write, blanks=False, labels_of_leaf_only=False):
    f = case.figures
    three = list(rows3(f, blanks))
    if labels_of_leaf_only:
        three = three[:3] + [[label, *cells] for _, label, cells in web.rows3(f)]
    return f"""{case.title}

本报告为虚构（made up），机关、地名和数字均不存在。{web.period(case.year)}

一、总体情况

本机关依法办理政府信息公开申请。

二、主动公开政府信息情况

{write(list(rows2(f)))}
三、收到和处理政府信息公开申请情况

{write(three)}
四、政府信息公开行政复议、行政诉讼情况

{write(list(rows4(f, blanks)))}
五、存在的主要问题及改进情况

无。

六、其他需要报告的事项

未收取信息处理费。
联系电话：0000 0000 0000（虚构）
邮政编码 000000 传真 0000 0000
"""
