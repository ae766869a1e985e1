"""Writes a report as a Word file with the merges of the notice's template."""
import io
import re
import zipfile

import forms
import web

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

COLUMN = 600  # twentieths of a point


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def split_runs(text):
    """Each character in a run of its own, as revisions leave it, with a deleted one between."""
    return '<w:del><w:r><w:delText>9</w:delText></w:r></w:del>'.join(run(c) for c in text)


def hidden_tail(text):
    """The text in a content control, then a hidden digit that is not printed."""
    return f'<w:sdt><w:sdtContent>{run(text)}</w:sdtContent></w:sdt><w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>'


def p(text, runs=run):
    return f"<w:p>{runs(text) if text else ''}</w:p>"


def tc(text="", span=1, merge=None, runs=run):
    v = {None: "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    g = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    lines = "".join(p(line, runs) for line in str(text).split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{COLUMN * span}" w:type="dxa"/>{g}{v}</w:tcPr>{lines}</w:tc>'


def table(rows):
    """Word writes the widths of columns and cells; LibreOffice lays cells out by nothing else."""
    columns = sum(int(re.match(r'<w:tc><w:tcPr><w:tcW w:w="(\d+)"|', cell)[1] or COLUMN) for cell in rows[0]) // COLUMN
    grid = f'<w:gridCol w:w="{COLUMN}"/>' * columns
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>" + "".join("<w:tr>" + "".join(r) + "</w:tr>" for r in rows) + "</w:tbl>"


def table2(f, runs):
    width = max(len(h) for _, h, _ in forms.T2[f.form2]) + 1
    rows = []
    for item, heads, lines in forms.T2[f.form2]:
        last = width - len(heads)
        spread = [1] * (len(heads) - 1) + [last]
        rows.append([tc(item, width)])
        rows.append([tc("信息内容")] + [tc(h, s) for h, s in zip(heads, spread)])
        for name, metrics in lines:
            rows.append([tc(name)] + [tc(f.t2[m], s, runs=runs) for m, s in zip(metrics, spread)])
    return table(rows)


def table3(f, runs):
    rows = [
        [tc("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, "restart"), tc("申请人情况", 7)],
        [tc("", 3, "continue"), tc("自然人", 1, "restart"), tc("法人或其他组织", 5), tc("总计", 1, "restart")],
        [tc("", 3, "continue"), tc("", 1, "continue")] + [tc(h[:2] + "\n" + h[2:]) for h in forms.APPLICANT_LABELS[1:-1]] + [tc("", 1, "continue")],
    ]
    opened, group = False, None
    for g, text, cells in web.rows3(f):
        line = []
        if g is None:
            line.append(tc(text, 3))
        else:
            line.append(tc("三、\n本\n年\n度\n办\n理\n结\n果" if not opened else "", 1, "continue" if opened else "restart"))
            opened = True
            if g == "":
                line.append(tc(text, 2))
            else:
                line += [tc(g[:5] + "\n" + g[5:] if g != group else "", 1, "continue" if g == group else "restart"), tc(text)]
        group = g
        rows.append(line + [tc(c, runs=runs) for c in cells])
    return table(rows)


def table4(f, runs):
    tall = [tc(h, 1, "restart") for h in forms.T4_HEADS]
    heads = [tc(h) for h in forms.T4_HEADS]
    return table([
        [tc("行政复议", 5), tc("行政诉讼", 10)],
        tall + [tc("未经复议直接起诉", 5), tc("复议后起诉", 5)],
        [tc("", 1, "continue")] * 5 + heads + heads,
        [tc(f.t4[m], runs=runs) for m in forms.T4],
    ])


def report(case, runs=run, wrap=lambda tables: tables):
    f = case.figures
    body = p(case.title) + p("本报告为虚构（made up），机关、地名和数字均不存在。" + web.period(case.year))
    body += wrap(p("二、主动公开政府信息情况") + table2(f, runs) + p("三、收到和处理政府信息公开申请情况") + table3(f, runs)
                 + p("四、政府信息公开行政复议、行政诉讼情况") + table4(f, runs))
    return package(body + p("六、其他需要报告的事项"))


def package(body):
    parts = {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
