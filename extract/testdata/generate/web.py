"""Writes a report as a web page. Each function takes what a portal may print
differently as a parameter; the default is what the notices print."""
import forms


def plain(text):
    return f"<p>{text}</p>"


def td(text, rows=1, cols=1, cell=plain, tag="td"):
    spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{cols}"' if cols > 1 else "")
    return f"<{tag}{spans}>{cell(str(text))}</{tag}>"


def tr(*cells):
    return "<tr>" + "".join(cells) + "</tr>\n"


def table(rows, attributes=' border="1"'):
    return f"<table{attributes}><tbody>\n" + "".join(rows) + "</tbody></table>\n"


def table2(f, cell=plain, label=str):
    """label renames or empties a printed label."""
    width = max(len(heads) for _, heads, _ in forms.T2[f.form2]) + 1
    rows = []
    for item, heads, lines in forms.T2[f.form2]:
        rows.append(tr(td(label(item), cols=width, cell=cell)))
        last = width - len(heads)
        spread = [1] * (len(heads) - 1) + [last]
        rows.append(tr(td("信息内容", cell=cell), *[td(label(h), cols=s, cell=cell) for h, s in zip(heads, spread)]))
        for name, metrics in lines:
            rows.append(tr(td(label(name), cell=cell), *[td(f.t2[m], cols=s, cell=cell) for m, s in zip(metrics, spread)]))
    return table(rows)


def head3(cell=plain, label=str, extra=()):
    """Heading rows of table 3. extra are headings added at the right."""
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    return [
        tr(td(corner, 3, 3, cell), td("申请人情况", 1, 7, cell), *[td(e, 3, 1, cell) for e in extra]),
        tr(td("自然人", 2, 1, cell), td("法人或其他组织", 1, 5, cell), td(label("总计"), 2, 1, cell)),
        tr(*[td(label(h), cell=cell) for h in forms.APPLICANT_LABELS[1:-1]]),
    ]


def rows3(f, label=str, insert=None, leave_out=()):
    """The printed rows as (group, label, cells). insert maps a metric to rows
    that are printed after it."""
    out = []
    for group, text, metric in forms.T3[f.form3]:
        if metric not in leave_out:
            out.append((group, label(text), [f.t3[metric][a] for a in forms.APPLICANTS]))
        for text, cells in (insert or {}).get(metric, []):
            out.append((group, text, cells))
    return out


RESULT = "三、本年度办理结果"


def body3(rows, cell=plain, label=str, result=None):
    """Data rows of table 3 with the row spans of the notice's template."""
    inside = sum(1 for g, _, _ in rows if g is not None)
    out, opened, group = [], False, None
    for i, (g, text, cells) in enumerate(rows):
        line = []
        if g is not None and not opened:
            line.append(td(result or RESULT, inside, 1, cell if result is None else lambda t: t))
            opened = True
        if g is None:
            line.append(td(text, 1, 3, cell))
        elif g == "":
            line.append(td(text, 1, 2, cell))
        else:
            if g != group:
                line.append(td(label(g), sum(1 for x, _, _ in rows if x == g), 1, cell))
            line.append(td(text, cell=cell))
        group = g
        out.append(tr(*line, *[td(c, cell=cell) for c in cells]))
    return out


def table3(f, cell=plain, label=str, result=None, **rows):
    return table(head3(cell, label) + body3(rows3(f, label, **rows), cell, label, result))


def table4(f, cell=plain, label=str):
    heads = [td(label(h), cell=cell) for h in forms.T4_HEADS]
    tall = [td(label(h), 2, 1, cell) for h in forms.T4_HEADS]
    return table([
        tr(td("行政复议", 1, 5, cell), td("行政诉讼", 1, 10, cell)),
        tr(*tall, td("未经复议直接起诉", 1, 5, cell), td("复议后起诉", 1, 5, cell)),
        tr(*heads, *heads),
        tr(*[td(f.t4[m], cell=cell) for m in forms.T4]),
    ])


def statistics(rows, heads):
    """A table of one indicator a row."""
    return table([tr(*[td(h, tag="th") for h in heads])] + [tr(*[td(c) for c in row]) for row in rows])


def period(year):
    return f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"


def report(case, two, three, four, period_text=None, narrative=""):
    """The six sections around the tables."""
    return f"""<h1>{case.title}</h1>
<p>本报告为虚构（made up），机关、地名和数字均不存在。{period_text or period(case.year)}</p>
<p>一、总体情况</p><p>{narrative or '本机关依法办理政府信息公开申请。'}</p>
<p>二、主动公开政府信息情况</p>
{two}<p>三、收到和处理政府信息公开申请情况</p>
{three}<p>四、政府信息公开行政复议、行政诉讼情况</p>
{four}<p>五、存在的主要问题及改进情况</p><p>无。</p>
<p>六、其他需要报告的事项</p><p>未收取信息处理费。</p>
"""


def page(body, title="", head='<meta charset="utf-8">'):
    return f"<!DOCTYPE html>\n<html><head>{head}<title>{title}</title></head><body>\n{body}</body></html>\n"
