"""The cases of the corpus, one hazard each. A case says what its source prints
and, independently, what is true: figures.want() or a reason for no report."""
import re

import forms
import text
import web
import word
from figures import BLANK, Figures, Printed, local, metric_of, statistics


class Case:
    def __init__(self, slug, about, authority="甲县水务局", year=2022, scope="department", era="D",
                 figures=None, reason="", ext="html", title=None):
        self.slug, self.about = slug, about
        self.authority, self.adcode, self.year, self.scope, self.era = authority, "", year, scope, era
        self.figures, self.reason, self.ext = figures, reason, ext
        self.title = title or f"{authority}{year}年政府信息公开工作年度报告"
        self.source, self.failed, self.findings = b"", None, []
        self.reread = "alike"        # what a second route finds in identities that fail
        self.change = lambda pdf: pdf  # made to the PDF after it is printed

    def page(self, two=None, three=None, four=None, wrap=str, encoding="utf-8", head='<meta charset="utf-8">', **report):
        f = self.figures
        body = web.report(self, two if two is not None else web.table2(f), three if three is not None else web.table3(f),
                          four if four is not None else web.table4(f), **report)
        self.source = web.page(wrap(body), self.title, head).encode(encoding)
        return self

    def write(self, source):
        self.source = source if isinstance(source, bytes) else source.encode()
        return self


def cases():
    yield from labels_and_spans()
    yield from values()
    yield from shapes()
    yield from pages()
    yield from encodings()
    yield from no_reports()
    yield from older_forms()
    yield from text_dumps()
    yield from word_files()


def with_errors(case):
    """Breaks a row and a column of table 3, and table 4."""
    case.figures.t3["out_granted"]["total"] += 1
    case.figures.t3["app_carried_out"]["org_enterprise"] += 3
    case.figures.t4["rev_total"] += 2


def swap(*pairs):
    def label(s):
        for old, new in pairs:
            s = s.replace(old, new)
        return s
    return label


def labels_and_spans():
    c = Case("mso-spans", "Word's markup splits digits and labels over spans with padding; PROVENANCE.md, shuyang and pingtan-2020", figures=Figures(1))

    def mso(s):
        inner = "".join(f'<span style="mso-spacerun:yes">{ch}</span>' for ch in s)
        return f'<p class="MsoNormal">{inner}<span lang="EN-US">&nbsp;<o:p></o:p></span></p>'
    yield c.page(web.table2(c.figures, mso), web.table3(c.figures, mso), web.table4(c.figures, mso))

    c = Case("labels-broken", "（三）不予/公开 over two lines, 三、本年度办理结果 vertical, heads with spaces; formats.md 9", figures=Figures(2))
    vertical = "".join(f"<p>{ch}</p>" for ch in "三、本年度办理结果")
    broken = swap(("（三）不予公开", "（三）不予<br>公开"), ("（四）无法提供", "（四）无法<br/>提供"), ("（六）其他处理", "（六）其他\n处理"),
                  ("商业企业", "商 业 企 业"), ("科研机构", "科研<br>机构"), ("结果维持", "结 果 维持"), ("尚未审结", "尚未<br>审结"))
    yield c.page(three=web.table3(c.figures, label=broken, result=vertical), four=web.table4(c.figures, label=broken))

    c = Case("heads-two-rows", "heads of table 3 broken over two table rows (商业/科研, then 企业/机构); formats.md 9", figures=Figures(3))
    head = [
        web.tr(web.td("项目", 3, 3), web.td("自然人", 3), web.td("法人或其他组织", 1, 5), web.td("总计", 3)),
        web.tr(*[web.td(h) for h in ("商业", "科研", "社会公益", "法律服务")], web.td("其他", 2)),
        web.tr(*[web.td(h) for h in ("企业", "机构", "组织", "机构")]),
    ]
    yield c.page(three=web.table(head + web.body3(web.rows3(c.figures))))

    c = Case("ordinals", "`、` and `．` for `.`, other quotation marks, `，` for `、`, 合计 for 总计, 结转下一年继续办理; formats.md 9", figures=Figures(4))
    other = swap(("1.", "1、"), ("2.", "2．"), ("3.", "3、"), ("“三安全一稳定”", "「三安全一稳定」"), ("不补正、", "不补正，"),
                 ("（七）总计", "（七）合计"), ("总计", "合计"), ("结转下年度继续办理", "结转下一年继续办理"))
    yield c.page(three=web.table3(c.figures, label=other), four=web.table4(c.figures, label=other))

    c = Case("rule-label-missing", "the label 规章 is empty, its three cells remain; formats.md 9 (汉台 2025). No label, no meaning: the cells are a finding", figures=Figures(5))
    two = web.table2(c.figures, label=lambda s: "" if s == "规章" else s)
    for m in ("rules_issued", "rules_repealed", "rules_in_force"):
        del c.figures.t2[m]
    yield c.page(two)

    c = Case("heads-truncated", "现行有效件 and 第二十条第 cut short, 规范性文件 in the form of 2021; formats.md 9 (天门, 汉台 2025)", figures=Figures(6))
    yield c.page(web.table2(c.figures, label=swap(("现行有效件数", "现行有效件"), ("第二十条第（一）项", "第二十条第"), ("行政规范性文件", "规范性文件"))))

    c = Case("label-lost-characters", "a row's label has lost characters but keeps its ordinal; PROVENANCE.md, hongze-2023", figures=Figures(7))
    yield c.page(three=web.table3(c.figures, label=swap(("要求行政机关确认或重新出具已获取信息", "要求行政机关确认或重新出具"))))

    c = Case("labels-with-groups", "a cell holds the label of its groups and its own, above each other or with a dash between: 三、本年度办理结果-（三）不予公开-1.属于国家秘密", figures=Figures(1043))
    rows = [web.tr(web.td("项目"), *[web.td(h) for h in forms.APPLICANT_LABELS])]
    for i, (g, s, cells) in enumerate(web.rows3(c.figures)):
        between = "<br>" if i % 2 else "-"
        rows.append(web.tr(web.td(between.join(x for x in (g is not None and web.RESULT, g, s) if x)), *[web.td(n) for n in cells]))
    yield c.page(three=web.table(rows))

    c = Case("heads-in-other-words", "法律服务组织, 科研院所 and 社会公益 in the heading of table 3, 本年制发数 and 处理决定数量 in table 2; the first and last are of 沭阳's kind. Labels and headings carry a unit behind their notes, in brackets or not",
             figures=Figures(1041))
    other = swap(("法律服务机构", "法律服务组织"), ("科研机构", "科研院所"), ("社会公益组织", "社会公益"), ("其他情形）", "其他情形）（件）"))
    two = swap(("本年制发件数", "本年制发数"), ("本年废止件数", "本年废止件数（件）"), ("本年处理决定数量", "处理决定数量"), ("（单位：万元）", "<br>单位：万元"))
    yield c.page(web.table2(c.figures, label=two), web.table3(c.figures, label=other))

    c = Case("row-unknown", "table 2 of 2019 with a row 其他主动公开文件 that no form has, as in Hubei for 2020: its cells are kept", year=2020, era="C", figures=Figures(1042, "C", "C"))
    f = c.figures
    two = web.table2(f)
    at = two.index("<tr><td colspan=\"4\"><p>第二十条第（五）项")
    extra = web.tr(*[web.td(x) for x in ("其他主动公开文件", 5, 6, 77)])
    f.t2.update({"unmapped:其他主动公开文件/" + h: n for h, n in zip(forms.T2["C"][0][1], (5, 6, 77))})
    yield c.page(two[:at] + extra + two[at:])

    c = Case("no-headings", "the section headings are made by CSS and absent; portals.md 1.2", authority="乙县示例镇人民政府", scope="township", figures=Figures(8))
    f = c.figures
    yield c.write(web.page(f"<h1>{c.title}</h1><p>虚构（made up）。{web.period(2022)}</p>" + web.table2(f) + web.table3(f) + web.table4(f), c.title))


    c = Case("ordinals-bare", "the sign after an ordinal is lost (2重复申请), or the ordinal is circled (③); seen in copies of the form", figures=Figures(1001))
    bare = swap(*[(f"{i}.", f"{i}" if i < 3 else "①②③④⑤⑥⑦⑧"[i - 1]) for i in range(1, 9)])
    yield c.page(three=web.table3(c.figures, label=bare))

    c = Case("other-spelling", "其它 for 其他 in the columns and rows of table 3, in table 4 and in table 2 of 2019", year=2020, era="C", figures=Figures(1002, "C", "C"))
    other = swap(("其他", "其它"))
    yield c.page(web.table2(c.figures, label=other), web.table3(c.figures, label=other), web.table4(c.figures, label=other))

    c = Case("labels-reworded", "labels in slightly other words, each with its ordinal and in its place: 本年度, 或者, 权利, commas", figures=Figures(1003))
    reworded = swap(("一、本年新收", "一、本年度新收"), ("上年结转", "上年度结转"), ("结转下年度", "结转下一年度"), ("信访举报投诉", "信访、举报、投诉"),
                    ("确认或重新", "确认或者重新"), ("现成信息需要", "现成信息，需要"), ("三安全一稳定", "三安全、一稳定"), ("事务信息", "事务性信息"),
                    ("过程性", "过程"), ("合法权益", "合法权利"), ("、行政机关不再处理其政府信息公开申请", ""))
    yield c.page(web.table2(c.figures, label=swap(("本年", "本年度"))), web.table3(c.figures, label=reworded), web.table4(c.figures, label=swap(("尚未审结", "未审结"))))

    c = Case("notes-in-labels", "labels and headings carry the notes for those who fill the form in, brackets in brackets; a table of Wuhan for 2020 has such notes", year=2020, era="C", figures=Figures(1004, "C", "C"))
    noted = swap(("规章", "规章（设区的市应填写）"), ("规范性文件", "规范性文件（决定、公告、通告等（含以办公室名义印发的），如“办法”“细则”）"),
                 ("本年增/减", "本年增/减（减用负值表示，如-8）"), ("上一年项目数量", "上一年项目数量（指上年末事项数）"))
    yield c.page(web.table2(c.figures, label=noted))

    c = Case("zero-width", "zero-width spaces, soft hyphens and no-break spaces inside labels and numbers; portals.md 8", figures=Figures(9))

    def sprinkled(s):
        return "<td-inner>" + "&#8203;".join(s) + "&shy;&nbsp;&#65279;</td-inner>"
    yield c.page(web.table2(c.figures, sprinkled), web.table3(c.figures, sprinkled), web.table4(c.figures, sprinkled))

    c = Case("spans-stripped", "an editor has stripped rowspan and colspan: rows keep the order of their cells, not their columns; formats.md 9, layout", figures=Figures(10))
    bare = lambda table: re.sub(r' (row|col)span="\d+"', "", table)
    yield c.page(bare(web.table2(c.figures)), bare(web.table3(c.figures)), bare(web.table4(c.figures)))


def values():
    c = Case("marks", "blank, /, -, — and 无 beside 0; formats.md 0 no. 9 and 9", figures=Figures(11))
    t = c.figures.t3
    t["out_denied_state_secret"] = dict(zip(forms.APPLICANTS, [0, BLANK, Printed("/", None, "slash"), Printed("-", None, "dash"),
                                            Printed("—", None, "dash"), Printed("无", None, "text"), 0]))
    t["out_notproc_duplicate"] = dict.fromkeys(forms.APPLICANTS, Printed("／", None, "slash"))
    t["out_other_misc"] = dict.fromkeys(forms.APPLICANTS, Printed("&nbsp;", None, "blank"))
    t["out_notproc_publication"] = dict(zip(forms.APPLICANTS, [Printed(mark, None, status) for mark, status in
                                                               (("‐", "dash"), ("−", "dash"), ("－－", "dash"), ("∕", "slash"), ("//", "slash"), ("<br>", "blank"), ("&#8203;", "blank"))]))
    c.figures.t4["rev_pending"] = Printed("－", None, "dash")
    c.figures.t2["rules_issued"] = Printed("/", None, "slash")
    yield c.page()

    c = Case("numbers", "thousands separators, full-width digits, money with its unit, 22（其中修订16件）, 12件; formats.md 9", figures=Figures(12))
    t2 = c.figures.t2
    t2["permit_decisions"] = Printed("1,608,911", "1608911")
    t2["penalty_decisions"] = Printed("７５８１１", "75811")
    t2["coercion_decisions"] = Printed("12件", "12")
    t2["normdocs_in_force"] = Printed("22（其中修订16件）", "22")
    t2["fee_amount_wanyuan"] = Printed("251000元", "25.1")
    new = c.figures.t3["app_new"]
    for a in ("natural_person", "total"):
        n, carried = new[a], c.figures.t3["app_closed_total"]
        new[a] = Printed(f"{n + 2000:,}", str(n + 2000))
        c.figures.t3["out_granted"][a] += 2000
        carried[a] += 2000
    yield c.page()

    c = Case("footnote-marks", "12① and 12 with a raised 1: a footnote's mark is no digit of the number; what such a cell is worth is not guessed", figures=Figures(121))
    t3 = c.figures.t3
    t3["out_partial"]["natural_person"] = Printed("12①", None, "text")
    t3["out_partial"]["total"] = Printed("12<sup>1</sup>", None, "text")
    t3["out_notproc_petition"]["total"] = Printed("7²", None, "text")
    yield c.page()

    c = Case("two-numbers-in-a-cell", "a cell holds two numbers, one below the other, after two rows were merged; neither they nor 1215 are its value", figures=Figures(122))
    c.figures.t3["out_granted"]["natural_person"] = Printed("12<br>15", None, "text")
    c.figures.t3["out_granted"]["total"] = Printed("<p>12</p><p>15</p>", None, "text")
    yield c.page()

    c = Case("struck-out", "a corrected number stands behind the struck-out one, in del and s elements", figures=Figures(123))
    c.figures.t3["out_granted"]["org_other"] = Printed(f"<del>9</del>{c.figures.t3['out_granted']['org_other']}", str(c.figures.t3["out_granted"]["org_other"]))
    c.figures.t3["app_new"]["org_other"] = Printed(f"<s>8</s>{c.figures.t3['app_new']['org_other']}", str(c.figures.t3["app_new"]["org_other"]))
    yield c.page()

    c = Case("fee-in-yuan", "the fee's heading names 元 where the form has 万元: 251000 is 25.1 万元; formats.md 9, fee header", figures=Figures(124))
    c.figures.t2["fee_amount_wanyuan"] = Printed("251000", "25.1")
    yield c.page(web.table2(c.figures, label=swap(("单位：万元", "单位：元"))))

    c = Case("fee-in-yuan-brackets", "the heading names the unit in brackets alone: 本年收费金额（元）", figures=Figures(1005))
    c.figures.t2["fee_amount_wanyuan"] = Printed("251000", "25.1")
    yield c.page(web.table2(c.figures, label=swap(("（单位：万元）", "（元）"))))

    c = Case("units-of-counts", "counts with units that the forms do not name: 3部, 31份, 2起", figures=Figures(1006))
    for m, unit in (("rules_in_force", "部"), ("permit_decisions", "份"), ("penalty_decisions", "起")):
        c.figures.t2[m] = Printed(f"{c.figures.t2[m]}{unit}", str(c.figures.t2[m]))
    yield c.page()

    c = Case("first-row-blank", "the first row below the heading of table 3 is blank but for its total, as 0 requests are printed; it is no heading", figures=Figures(1007))
    c.figures.t3["app_new"] = dict(zip(forms.APPLICANTS, [BLANK] * 6 + [0]))
    c.figures.t3["app_carried_in"] = dict.fromkeys(forms.APPLICANTS, BLANK)
    yield c.page()

    for slug, about, mark in (("nothing-blank", "blank", BLANK), ("nothing-slashes", "a slash", Printed("/", None, "slash"))):
        c = Case(slug, f"a body that had nothing to report: every cell is {about}, and no number is printed. Title, period and text tell it from a blank form", figures=Figures(125))
        for row in (c.figures.t2, c.figures.t4, *c.figures.t3.values()):
            row.update(dict.fromkeys(row, mark))
        yield c.page(narrative="本年度未收到政府信息公开申请。")

    c = Case("total-blank", "the 总计 column is blank in every row of an outcome; formats.md 8 (上海 2019)", figures=Figures(13))
    for m, row in c.figures.t3.items():
        if m.startswith("out_"):
            row["total"] = BLANK
    yield c.page()

    c = Case("source-error", "the source's own arithmetic is wrong in a row, a column and table 4; it is kept and said; formats.md 8", figures=Figures(14))
    with_errors(c)
    yield c.page()

    c = Case("narrative-contradicts", "the text of section 一 gives another number of requests than the table; formats.md 8 NARRATIVE_MATCH", figures=Figures(15))
    n = c.figures.t3["app_new"]["total"]
    yield c.page(narrative=f"全年共受理政府信息公开申请{n + 7}件，答复{n}件。")


def shapes():
    c = Case("hybrid", "table 2 of the 2021 form with table 3 of the 2019 form; PROVENANCE.md, hongze-2023", year=2023, figures=Figures(21, "D", "C"))
    yield c.page()

    c = Case("cut-table", "table 3 is cut into two tables, the second without a heading; portals.md 7, split reports", figures=Figures(22))
    rows = web.rows3(c.figures)
    yield c.page(three=web.table(web.head3() + web.body3(rows[:12])) + "<p>&nbsp;</p>" + web.table(web.body3(rows[12:])))

    c = Case("cut-table-heading", "table 3 is cut into two tables and the second repeats the heading, as a page break leaves it; portals.md 7", figures=Figures(221))
    rows = web.rows3(c.figures)
    yield c.page(three=web.table(web.head3() + web.body3(rows[:12])) + web.table(web.head3() + web.body3(rows[12:])))

    c = Case("value-spans-columns", "one 0 spans all seven columns of a row: it is no value of any of them, and the row is said to be missing", figures=Figures(222))
    f = c.figures
    three = web.table3(f).split("\n")
    at = next(i for i, line in enumerate(three) if "3.要求提供公开出版物" in line)
    three[at] = web.tr(web.td("3.要求提供公开出版物"), web.td(0, 1, 7)).strip()
    del f.t3["out_notproc_publication"]
    yield c.page(three="\n".join(three))

    c = Case("value-spans-rows", "one cell stands for the same applicant in two rows: it is not the value of both, and none is given to either", figures=Figures(223))
    f = c.figures
    three = web.table3(f).split("\n")
    at = next(i for i, line in enumerate(three) if "2.重复申请" in line)
    cells = lambda m: [f.t3[m][a] for a in forms.APPLICANTS]
    first, second = cells("out_notproc_duplicate"), cells("out_notproc_publication")
    three[at] = web.tr(web.td("2.重复申请"), *[web.td(x, 2 if i == 5 else 1) for i, x in enumerate(first)]).strip()
    three[at + 1] = web.tr(web.td("3.要求提供公开出版物"), *[web.td(x) for i, x in enumerate(second) if i != 5]).strip()
    for m in ("out_notproc_duplicate", "out_notproc_publication"):
        del f.t3[m]["org_other"]
    yield c.page(three="\n".join(three))

    c = Case("spans-wrong", "spans of rows and labels are wrong by one, as hand-made tables have them: a row whose cells stand in other columns is read by its label and the seven values behind it",
             figures=Figures(224))
    wrong = web.table3(c.figures).replace('rowspan="22"', 'rowspan="21"').replace('rowspan="8"', 'rowspan="9"')
    wrong = re.sub(r'colspan="3"(>(?:<p>)二、)', r'colspan="2"\1', wrong).replace('rowspan="5"', 'rowspan="4"')
    yield c.page(three=wrong)

    c = Case("row-inserted", "a row that no form has, 9.属于工作秘密, with a request in it; formats.md 6: unknown rows are never dropped", year=2025, figures=Figures(23))
    f = c.figures
    extra = [2, 0, 0, 0, 0, 0, 2]
    for a in ("natural_person", "total"):
        f.t3["app_closed_total"][a] += 2
        f.t3["app_new"][a] += 2
    page = c.page(three=web.table3(f, insert={"out_denied_admin_query": [("9.属于工作秘密", extra)]}))
    f.t3["unmapped:属于工作秘密"] = dict(zip(forms.APPLICANTS, extra))
    c.failed = f.failed()
    yield page

    c = Case("row-missing", "a row of the form is not printed; formats.md 0 no. 9: absent is not zero", figures=Figures(24))
    three = web.table3(c.figures, leave_out=("out_denied_third_party",))
    del c.figures.t3["out_denied_third_party"]
    yield c.page(three=three)

    c = Case("column-cumulative", "table 3 has a column 历年累计 at the right that is no value of the year; formats.md 2 traps", figures=Figures(25))
    rows = [(g, s, cells + [999]) for g, s, cells in web.rows3(c.figures)]
    yield c.page(three=web.table(web.head3(extra=["历年累计"]) + web.body3(rows)))

    c = Case("column-subtotal", "table 3 has a column 小计 of the organisations, which no form has; formats.md 6 (govnianbao)", figures=Figures(26))
    head = [
        web.tr(web.td("项目", 2, 3), web.td("自然人", 2), web.td("法人或其他组织", 1, 6), web.td("总计", 2)),
        web.tr(*[web.td(h) for h in forms.APPLICANT_LABELS[1:-1]], web.td("小计")),
    ]
    rows = [(g, s, cells[:6] + [sum(cells[1:6])] + cells[6:]) for g, s, cells in web.rows3(c.figures)]
    yield c.page(three=web.table(head + web.body3(rows)))

    c = Case("heads-without-spans", "自然人 and 总计 stand above blank cells instead of spanning them, and so in table 4; a page of Hangzhou's kind", figures=Figures(1008))
    f = c.figures
    head = [
        web.tr(web.td("项目", 2, 3), web.td("自然人"), web.td("法人或其他组织", 1, 5), web.td("总计")),
        web.tr(web.td(""), *[web.td(h) for h in forms.APPLICANT_LABELS[1:-1]], web.td("")),
    ]
    heads = [web.td(h) for h in forms.T4_HEADS]
    four = web.table([
        web.tr(web.td("行政复议", 1, 5), web.td("行政诉讼", 1, 10)),
        web.tr(*heads, web.td("未经复议直接起诉", 1, 5), web.td("复议后起诉", 1, 5)),
        web.tr(*[web.td("")] * 5, *heads, *heads),
        web.tr(*[web.td(f.t4[m]) for m in forms.T4]),
    ])
    yield c.page(three=web.table(head + web.body3(web.rows3(f))), four=four)

    c = Case("table2-items-beside", "第二十条第（X）项 stands in a column at the left of table 2, and 备注 at the right; table 4 has a column 类别 before its headings", figures=Figures(1031))
    f, rows = c.figures, []
    for item, names, lines in forms.T2["D"]:
        rows.append(web.tr(web.td(item, len(lines) + 1), web.td("信息内容"), *[web.td(h, 1, 4 - len(names) if h is names[-1] else 1) for h in names], web.td("备注")))
        for name, metrics in lines:
            rows.append(web.tr(web.td(name), *[web.td(f.t2[m], 1, 4 - len(names) if m is metrics[-1] else 1) for m in metrics], web.td("")))
    tall = [web.td(h, 2) for h in forms.T4_HEADS]
    four = web.table([
        web.tr(web.td("类别", 3), web.td("行政复议", 1, 5), web.td("行政诉讼", 1, 10)),
        web.tr(*tall, web.td("未经复议直接起诉", 1, 5), web.td("复议后起诉", 1, 5)),
        web.tr(*heads, *heads),
        web.tr(web.td("件数"), *[web.td(f.t4[m]) for m in forms.T4]),
    ])
    yield c.page(web.table(rows), four=four)

    c = Case("merges-repeated", "an export repeats the text of a merged cell in each of its cells, （七）总计 twice among them, and ends labels in a colon", figures=Figures(1032))
    head = [
        web.tr(*[web.td("项目")] * 3, *[web.td("申请人情况")] * 7),
        web.tr(*[web.td("项目")] * 3, *[web.td(h) for h in forms.APPLICANT_LABELS]),
    ]
    rows = []
    for g, s, cells in web.rows3(c.figures, lambda s: s + "："):
        labels = [s] * 3 if g is None else [web.RESULT, g or s, s]
        rows.append(web.tr(*[web.td(x) for x in labels + cells]))
    yield c.page(three=web.table(head + rows))

    c = Case("table2-only", "a body without requests prints table 2 and says the rest in words: its cells are read, and what is missing is said", figures=Figures(1009))
    two = web.table2(c.figures)
    c.figures.t3, c.figures.t4 = {}, {}
    yield c.page(two, "<p>本年度未收到政府信息公开申请。</p>", "<p>无。</p>")

    c = Case("transposed", "table 3 has the applicants as rows; formats.md 9 (rare)", figures=Figures(27))
    lines = web.rows3(c.figures)
    head = web.tr(web.td("申请人情况"), *[web.td(s) for _, s, _ in lines])
    body = [web.tr(web.td(a), *[web.td(cells[i]) for _, _, cells in lines]) for i, a in enumerate(forms.APPLICANT_LABELS)]
    yield c.page(three=web.table([head] + body))

    c = Case("subtotal-rows", "（三）不予公开 and the other groups are printed as rows with their sums, which no form has; formats.md 0 no. 4", figures=Figures(28))
    f, rows, group = c.figures, [], None
    inserted = {}
    for g, s, cells in web.rows3(f):
        if g and g != group:
            members = [x for x in web.rows3(f) if x[0] == g]
            sums = [sum(x[2][i] for x in members) for i in range(7)]
            rows.append(("", g, sums))
            inserted["unmapped:" + g[3:]] = dict(zip(forms.APPLICANTS, sums))
        group = g
        rows.append(("" if g else g, s, cells))
    page = c.page(three=web.table(web.head3() + web.body3(rows)))
    c.failed = f.failed()
    f.t3.update(inserted)
    yield page

    c = Case("ragged-html", "rows of table 3 lack a cell at the right; a row that does not fit its columns is not shifted", figures=Figures(29))
    rows = web.rows3(c.figures)
    short = [(g, s, cells[:6] if s == "2.重复申请" else cells) for g, s, cells in rows]
    three = web.table3(c.figures)
    del c.figures.t3["out_notproc_duplicate"]
    yield c.page(three=web.table(web.head3() + web.body3(short)))


    c = Case("column-missing", "table 3 lacks the column 法律服务机构; the six others stand where they stand and the sums are not testable; formats.md 0 no. 9", figures=Figures(30))
    kept = [0, 1, 2, 3, 5, 6]
    head = [
        web.tr(web.td("项目", 2, 3), web.td("自然人", 2), web.td("法人或其他组织", 1, 4), web.td("总计", 2)),
        web.tr(*[web.td(forms.APPLICANT_LABELS[i]) for i in (1, 2, 3, 5)]),
    ]
    three = web.table(head + web.body3([(g, s, [cells[i] for i in kept]) for g, s, cells in web.rows3(c.figures)]))
    for row in c.figures.t3.values():
        del row["org_legal_service"]
    yield c.page(three=three)

    c = Case("columns-reordered", "总计 stands first and 其他 before 商业企业: columns are named by their headings, not by place", figures=Figures(301))
    order = [6, 0, 5, 1, 2, 3, 4]
    head = [web.tr(web.td("项目", 1, 3), *[web.td(forms.APPLICANT_LABELS[i]) for i in order])]
    yield c.page(three=web.table(head + web.body3([(g, s, [cells[i] for i in order]) for g, s, cells in web.rows3(c.figures)])))

    c = Case("rows-reordered", "四、结转下年度 stands before 三, as a local editor put it: rows are named by their labels", figures=Figures(302))
    rows = web.rows3(c.figures)
    yield c.page(three=web.table(web.head3() + web.body3(rows[:2] + rows[-1:] + rows[2:-1])))

    c = Case("row-twice", "a row is printed twice with other figures; which of them is meant cannot be known", figures=Figures(303))
    f = c.figures
    three = web.table3(f, insert={"out_granted": [("（一）予以公开", [5, 0, 0, 0, 0, 0, 5])]})
    again = dict(zip(forms.APPLICANTS, [5, 0, 0, 0, 0, 0, 5]))
    page = c.page(three=three)
    c.failed = f.failed()
    f.t3["unmapped:予以公开"] = again
    yield page

    c = Case("three-tables-in-one", "tables 2, 3 and 4 are rows of a single table, as Excel saves them; formats.md 9", figures=Figures(304))
    strip = lambda t: t.split("<tbody>\n")[1].split("</tbody>")[0]
    one = "<table><tbody>" + strip(web.table2(c.figures)) + strip(web.table3(c.figures)) + strip(web.table4(c.figures)) + "</tbody></table>"
    yield c.page(two="", three=one, four="")

    c = Case("table4-vertical", "table 4 lies on its side, one value a row", figures=Figures(305))
    lines = []
    for i, metric in enumerate(forms.T4):
        group = ("行政复议", "行政诉讼 未经复议直接起诉", "行政诉讼 复议后起诉")[i // 5]
        lines.append(web.tr(*([web.td(group, 5)] if i % 5 == 0 else []), web.td(forms.T4_HEADS[i % 5]), web.td(c.figures.t4[metric])))
    yield c.page(four=web.table(lines))

    c = Case("table4-matrix", "table 4 has a row for each of its groups", figures=Figures(3051))
    groups = [c.figures.t4[m] for m in forms.T4]
    yield c.page(four=web.table([
        web.tr(web.td("类别", 1, 2), *[web.td(h) for h in forms.T4_HEADS]),
        web.tr(web.td("行政复议", 1, 2), *[web.td(n) for n in groups[:5]]),
        web.tr(web.td("行政诉讼", 2), web.td("未经复议直接起诉"), *[web.td(n) for n in groups[5:10]]),
        web.tr(web.td("复议后起诉"), *[web.td(n) for n in groups[10:]]),
    ]))

    c = Case("table4-in-three", "table 4 is three tables, each below a paragraph that names its group", figures=Figures(3052))
    four = ""
    for i, group in enumerate(("（一）行政复议情况", "（二）行政诉讼（未经复议直接起诉）", "（三）行政诉讼（复议后起诉）")):
        four += f"<p>{group}</p>" + web.table([web.tr(*[web.td(h) for h in forms.T4_HEADS]), web.tr(*[web.td(c.figures.t4[m]) for m in forms.T4[5 * i:5 * i + 5]])])
    yield c.page(four=four)

    c = Case("table4-stacked", "行政诉讼 stands below 行政复议 in one table, each with headings of its own", figures=Figures(3053))
    values = [web.td(c.figures.t4[m], 1, 2 if i < 5 else 1) for i, m in enumerate(forms.T4)]
    yield c.page(four=web.table([
        web.tr(web.td("行政复议", 1, 10)), web.tr(*[web.td(h, 1, 2) for h in forms.T4_HEADS]), web.tr(*values[:5]),
        web.tr(web.td("行政诉讼", 1, 10)), web.tr(web.td("未经复议直接起诉", 1, 5), web.td("复议后起诉", 1, 5)),
        web.tr(*[web.td(h) for h in forms.T4_HEADS * 2]), web.tr(*values[5:]),
    ]))

    c = Case("table4-reordered", "table 4 has 行政诉讼 before 行政复议 and 总计 first: columns are named by their headings", figures=Figures(306))
    heads, order = ["总计", *forms.T4_HEADS[:4]], [4, 0, 1, 2, 3]
    head = [
        web.tr(web.td("行政诉讼", 1, 10), web.td("行政复议", 1, 5)),
        web.tr(web.td("复议后起诉", 1, 5), web.td("未经复议直接起诉", 1, 5), *[web.td(h, 2) for h in heads]),
        web.tr(*[web.td(h) for h in heads * 2]),
    ]
    values = [c.figures.t4[forms.T4[g * 5 + i]] for g in (2, 1, 0) for i in order]
    yield c.page(four=web.table(head + [web.tr(*[web.td(v) for v in values])]))


def pages():
    c = Case("nested-layout", "the report stands in layout tables three deep; stack.md, old portals", figures=Figures(31))

    def layout(body):
        return f'<table width="100%"><tr><td><table><tr><td>首页</td><td><table><tr><td>{body}</td></tr></table></td></tr></table></td></tr></table>'
    yield c.page(wrap=layout)

    c = Case("commented-duplicate", "table 3 stands twice, once with other figures inside a comment; PROVENANCE.md markup as read", figures=Figures(32))
    yield c.page(three=f"<!-- {web.table3(Figures(320))} -->" + web.table3(c.figures))

    c = Case("hidden-script", "a script holds a template of the table with zeros; portals.md 2", figures=Figures(33))
    zeros = web.table3(Figures(330)).replace("</", "<\\/")
    yield c.page(three=f"<script>var t='{zeros}'.trim();</script>" + web.table3(c.figures))

    c = Case("hidden-by-style", "a copy of table 3 with other figures in a hidden div, and hidden digits in the cells: what a browser does not show is not printed", figures=Figures(331))
    shown = lambda s: f'<p>{s}<span style="display: none">9</span></p>'
    yield c.page(three=f'<div style="display:none">{web.table3(Figures(332))}</div>' + web.table3(c.figures, shown))

    c = Case("hidden-rows", "rows and cells that a browser does not show stand between those of table 3, as Excel leaves them to fix the widths of columns; spans do not count them", figures=Figures(3311))
    three = web.table3(c.figures).split("\n")
    at = next(i for i, line in enumerate(three) if "2.重复申请" in line)
    three[at] = three[at].replace("<tr>", "<tr><td style='display: none'><p>8</p></td>")
    three.insert(at, "<tr style='display:none'><td>9.</td>" + "<td>5</td>" * 7 + "</tr>")
    three.insert(2, "<tr height=0 style='display:none'>" + "<td width=72></td>" * 10 + "</tr>")
    yield c.page(three="\n".join(three))

    c = Case("framed-cells", "each number stands in a table of one cell within its cell, as an editor left them", figures=Figures(3312))
    framed = lambda s: f"<table><tr><td>{s}</td></tr></table>" if s.isdigit() else web.plain(s)
    yield c.page(web.table2(c.figures, framed), web.table3(c.figures, framed), web.table4(c.figures, framed))

    c = Case("metadata-first", "a table of metadata (索引号, 发布机构) and another of links before the report; portals.md 2.2", figures=Figures(34))
    meta = web.table([web.tr(web.td("索 引 号"), web.td("00000000-1/2023-00007"), web.td("发布机构"), web.td(c.authority)),
                      web.tr(web.td("发文日期"), web.td("2023-01-18"), web.td("信息分类"), web.td("其他"))])
    yield c.page(wrap=lambda body: meta + body + web.table([web.tr(web.td("上一篇"), web.td("2021年"))]))

    c = Case("two-reports", "one page holds the reports of two bodies one after the other; portals.md 3 F6, Anhui year pages. The second must not mend or spoil the first",
             authority="甲县水务局", figures=Figures(35))
    b = Case("", "", authority="甲县教育局", figures=Figures(350))
    first = web.report(c, web.table2(c.figures), web.table3(c.figures), web.table4(c.figures))
    second = web.report(b, web.table2(b.figures), web.table3(b.figures), web.table4(b.figures))
    yield c.write(web.page(first + second, "2022年度报告汇总"))

    c = Case("period-lost-year", "the reporting period has lost its signs for year, month and day, and the title names no year; portals.md 6.5", figures=Figures(36),
             title="甲县水务局政府信息公开工作年度报告")
    yield c.page(period_text="统计期限从202211日至1231日止。")

    c = Case("document-number", "the title stands beside a document number of the next year; portals.md 6.2", authority="乙县统计局", year=2024, figures=Figures(37))
    yield c.page(wrap=lambda body: "<p>乙统发〔2025〕2号</p>" + body)

    c = Case("office", "a general office that also says 全县; formats.md 10.2", authority="乙县人民政府办公室", scope="general_office", figures=Figures(38))
    yield c.page(narrative="全县各部门认真落实。我办共收到申请若干件。")

    c = Case("dev-zone", "a development zone; formats.md 10.2", authority="虚构经济开发区管委会", scope="dev_zone", figures=Figures(39))
    yield c.page()


    c = Case("period-conflict", "the title says 2022, the reporting period 2021; both are said, the title's year is kept; portals.md 6.2", figures=Figures(391))
    yield c.page(period_text=web.period(2021))

    c = Case("title-in-table", "title and body stand in cells of a layout table, the page's own title names the column; portals.md 2.4", figures=Figures(392))
    f = c.figures
    body = (web.table([web.tr(web.td(c.title)), web.tr(web.td("虚构（made up）。" + web.period(2022)))])
            + web.table2(f) + web.table3(f) + web.table4(f))
    yield c.write(web.page(body, "政府信息公开年报-甲县水务局"))


def encodings():
    c = Case("gb18030-undeclared", "GB18030 bytes, with a four-byte character, without any declaration; portals.md 8", figures=Figures(41))
    yield c.page(encoding="gb18030", head="", narrative="联系人：朱镕㙍（虚构）。")

    c = Case("gb2312-label", "GBK bytes under a gb2312 label with 镕, which GB2312 lacks; portals.md 8, practice zhengzhou-2022-gbk-html", figures=Figures(42))
    yield c.page(encoding="gb18030", head='<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', narrative="联系人：朱镕（虚构）。")

    c = Case("utf8-bom", "UTF-8 with a byte order mark under a gbk label; portals.md 8", figures=Figures(43))
    yield c.page(encoding="utf-8-sig", head='<meta charset="gbk">')

    c = Case("utf16-text", "text in UTF-16 with a byte order mark, as Notepad saves it", figures=Figures(44), ext="txt")
    yield c.write(text.report(c, text.tabbed, blanks=True).encode("utf-16"))


def no_reports():
    c = Case("notice-blank-form", "a notice that asks for reports and embeds the blank form; portals.md 1.3. It is no report of blanks", reason="not_a_report",
             title="关于做好2022年政府信息公开工作年度报告编制工作的通知")
    blank = Figures(51)  # for the next cases too
    for row in blank.t3.values():
        row.update(dict.fromkeys(row, BLANK))
    for t in (blank.t2, blank.t4):
        t.update(dict.fromkeys(t, BLANK))
    body = f"<h1>{c.title}</h1><p>虚构（made up）。各单位：请按附件格式编制。</p><p>附件：政府信息公开工作年度报告格式</p>"
    yield c.write(web.page(body + web.table2(blank) + web.table3(blank) + web.table4(blank), c.title))

    c = Case("form-of-a-body", "a body's blank form, titled as its report: 模板", reason="not_a_report", title="甲县水务局2022年政府信息公开工作年度报告（模板）")
    yield c.page(web.table2(blank), web.table3(blank), web.table4(blank))

    c = Case("letter-with-form", "a letter that ends in the blank form, titled as the report of the county; it addresses those who are to fill it in", authority="甲县人民政府", reason="not_a_report")
    yield c.page(web.table2(blank), web.table3(blank), web.table4(blank), narrative="</p><p>各镇人民政府、县直各部门：</p><p>请于1月20日前报送。")

    c = Case("website-year-form", "政府网站工作年度报表, a parallel yearly system in the same lists; portals.md 1.3", reason="not_a_report", title="示例市水务局2022年政府网站工作年度报表")
    rows = [["网站名称", "示例市水务局（虚构）"], ["独立用户访问总量（单位：个）", "12345"], ["网站总访问量（单位：次）", "67890"],
            ["信息发布（单位：条）", "总数", "321"], ["专栏专题（单位：个）", "新开设数量", "2"], ["解读信息发布", "总数", "14"],
            ["依申请公开", "收到申请数量", "5"], ["办事服务", "政务服务事项数量（单位：项）", "61"]]
    yield c.write(web.page(f"<h1>{c.title}</h1>" + web.table([web.tr(*[web.td(x) for x in r]) for r in rows]), c.title))

    c = Case("index-page", "the list of reports instead of a report; portals.md 5.3: 40 links and more", reason="not_a_report", title="政府信息公开年报")
    links = "".join(f'<li><a href="t{n}.html">{b}{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-20</span></li>\n'
                    for n, (b, y) in enumerate((b, y) for y in range(2014, 2024) for b in ("甲县水务局", "甲县教育局", "乙县统计局", "乙县民政局")))
    yield c.write(web.page(f"<p>虚构（made up）</p><ul>{links}</ul>", c.title))

    c = Case("challenge-412", "the body of a 412 answer of 瑞数 without any text; portals.md 5.2. The crawler stops at it; if it is stored it yields no report", reason="challenge_page")
    yield c.write('<!DOCTYPE html><html><head><meta id="9DhefwqGPrz" content="made-up" r="m"><!--[if lt IE 9]><script r=\'m\'>document.createElement("section")</script><![endif]-->'
                  "<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=12345;$_ts.cd=\"虚构\";</script></head><body></body></html>")

    c = Case("soft-404", "an error page with status 200; portals.md 5.3", reason="soft_404")
    yield c.write(web.page("<div>您访问的页面不存在或已删除（虚构）</div><a href='/'>返回首页</a>", "404"))

    c = Case("images-for-tables", "a report whose tables are pictures; portals.md 7: tables_missing=image", reason="tables_are_images", figures=None)
    body = web.report(c, '<p><img src="./W020230118.png"></p>', '<p><img src="./W020230118_2.png"></p>', '<p><img src="./W020230118_3.png"></p>')
    yield c.write(web.page(body, c.title))

    c = Case("embedded-pdf", "a page that holds nothing but the address of a PDF; portals.md 7", reason="tables_missing")
    yield c.write(web.page(f'<h1>{c.title}</h1><p>虚构（made up）</p><embed src="/P020230118.pdf"><a href="/P020230118.pdf">下载全文</a>', c.title))

    c = Case("year-statistics-only", "a table of requests of one quarter, in no known form; portals.md 1.3, 依申请公开年度统计", reason="not_a_report", title="甲县2022年第一季度依申请公开统计")
    yield c.write(web.page(f"<h1>{c.title}</h1><p>虚构</p>" + web.table([web.tr(web.td("受理"), web.td("答复")), web.tr(web.td(5), web.td(4))]), c.title))


def older_forms():
    c = Case("c-full", "the form of 2019, all 198 cells: signed changes, money with its unit, （六） as one row; formats.md 4",
             year=2019, era="C", figures=Figures(61, "C", "C"))
    t2 = c.figures.t2
    t2["permit_items_delta"] = Printed("+1036", "1036")
    t2["penalty_items_delta"] = Printed("-8", "-8")
    t2["procurement_amount_wanyuan"] = Printed("251000元", "25.1")
    yield c.page()

    c = Case("b-full", "the statistical table of 2014, all 58 rows; formats.md 3.2", year=2016, era="B", figures=statistics(62))
    rows = [(label, unit, c.figures.stat.get(m, "")) for label, unit, m in forms.B]
    yield c.write(older(c, rows, ["统计指标", "单位", "统计数"]))

    c = Case("b-cumulative", "the statistical table of 2014 with a column 历年累计 beside the year's; formats.md 2 traps", year=2015, era="B", figures=statistics(63))
    rows = [(label, unit, c.figures.stat.get(m, ""), 99999 if m else "") for label, unit, m in forms.B]
    yield c.write(older(c, rows, ["统计指标", "单位", "统计数", "历年累计"]))

    c = Case("b-unit-yuan", "the statistical table of 2014 names 元 as the unit of the fees where the form has 万元; formats.md 3.2, units", year=2017, era="B", figures=statistics(66))
    c.figures.stat["app_fee_wanyuan"] = Printed("3000", "0.3")
    rows = [(label, "元" if m == "app_fee_wanyuan" else unit, c.figures.stat.get(m, "")) for label, unit, m in forms.B]
    yield c.write(older(c, rows, ["统计指标", "单位", "统计数"]))

    c = Case("b-heads", "the statistical table of 2014 with 数量 for 统计数 and circled ordinals", year=2016, era="B", figures=statistics(1010))
    circled = lambda label: label if label[1] != "." else "①②③④⑤⑥⑦⑧"[int(label[0]) - 1] + label[2:]
    rows = [(circled(label), unit, c.figures.stat.get(m, "")) for label, unit, m in forms.B]
    yield c.write(older(c, rows, ["指标名称", "计量单位", "数量"]))

    c = Case("b-beside", "the statistical table of 2014 in two halves beside each other", year=2016, era="B", figures=statistics(1011))
    half = [(label, unit, c.figures.stat.get(m, "")) for label, unit, m in forms.B]
    middle = (len(half) + 1) // 2
    rows = [a + b for a, b in zip(half[:middle], half[middle:] + [("", "", "")])]
    yield c.write(older(c, rows, ["统计指标", "单位", "统计数"] * 2))

    c = Case("b-dashes", "the statistical table of 2014 with rows numbered, — for what a heading of several rows counts, units in the labels and a title in its first row", year=2017, era="B", figures=statistics(1012))
    rows = [web.tr(web.td("政府信息公开情况统计表", 1, 3)), web.tr(web.td("序号"), web.td("统　计　指　标"), web.td("统计数"))]
    rows += [web.tr(web.td(i + 1), web.td(f"{label}（单位：{unit}）" if m else label), web.td(c.figures.stat.get(m, "—"))) for i, (label, unit, m) in enumerate(forms.B)]
    yield c.write(web.page(f"<h1>{c.title}</h1><p>虚构（made up）。{web.period(c.year)}</p>" + web.table(rows), c.title))

    c = Case("two-years", "the short form has a column of the year before beside the year's own; formats.md 2 traps", year=2018, era="B", figures=local(67, forms.FUJIAN))
    rows = [(label, "条", 7777, c.figures.stat[metric_of((label, m))]) for label, m in forms.FUJIAN]
    yield c.write(older(c, rows, ["指标名称", "单位", "2017年度", "2018年度"]))

    c = Case("a-local", "the local form of 2008, 34 coded rows; formats.md 2 (定西, 上海)", year=2008, era="A", figures=local(64, forms.A))
    rows = [(code, label, unit, c.figures.stat[metric_of((code, label, unit, m))]) for code, label, unit, m in forms.A]
    yield c.write(older(c, rows, ["代码", "指标名称", "计量单位", "本期实际"]))

    c = Case("fujian-short", "the provincial short form of Fujian with 历年累计; PROVENANCE.md, pingtan-2018-old", year=2018, era="B", figures=local(65, forms.FUJIAN))
    rows = [(label, "条", c.figures.stat[metric_of((label, m))], 8888) for label, m in forms.FUJIAN]
    yield c.write(older(c, rows, ["指标名称", "单位", "2018年度", "历年累计"]))


def older(case, rows, heads):
    body = f"<h1>{case.title}</h1><p>虚构（made up）。{web.period(case.year)}</p><p>附表</p>"
    return web.page(body + web.statistics(rows, heads), case.title)


def text_dumps():
    def dump(slug, about, seed, write, **how):
        c = Case(slug, about, figures=Figures(seed), ext="txt")
        return c.write(text.report(c, write, **how))
    yield dump("txt-tabs", "a cell a line with a tab before it, as a word processor saves text; PROVENANCE.md, zhengzhou-2022", 71, text.tabbed, blanks=True)
    yield dump("txt-tab-separated", "a row a line, tabs between the cells, spans lost", 72, text.joined("\t"), blanks=True)
    yield dump("txt-spaces", "a row a line, spaces between the cells, spans lost; formats.md 9, layout in text dumps", 73, text.joined(" "))
    yield dump("txt-pipes", "tables in Markdown", 74, text.joined(" | ", "| ", " |"), blanks=True)
    yield dump("txt-label-glued", "a row a line, the label runs into the first number, as PDF converters leave it", 75, text.glued, labels_of_leaf_only=True)
    c = Case("txt-lost-blanks", "spaces between the cells, and in two rows a blank cell that left nothing behind: which of the seven it was cannot be known, so those rows are not read", ext="txt", figures=Figures(77))
    lost = ("out_granted", "out_other_misc")
    c.figures.t3["out_granted"]["total"] = BLANK
    c.figures.t3["out_other_misc"]["org_research"] = BLANK
    c.write(text.report(c, text.without_blanks, labels_of_leaf_only=True))
    for m in lost:
        del c.figures.t3[m]
    yield c

    yield dump("txt-commas", "comma-separated values, spans as empty cells", 1021, text.commas, blanks=True)

    def with_blanks(seed):
        f = Figures(seed)
        for m in ("out_denied_admin_query", "out_notproc_petition"):
            f.t3[m].update(dict.fromkeys(forms.APPLICANTS[1:4], BLANK))
        return f
    c = Case("txt-padded", "bars at the end of a row for what its cells span; a page of Changchun's kind. A row whose total is blank ends in bars too: what is missing there is not known, so it is not read", ext="txt", figures=with_blanks(1022))
    c.figures.t3["out_granted"]["total"] = BLANK
    c.write(text.report(c, text.padded))
    del c.figures.t3["out_granted"]
    yield c
    c = Case("txt-barred", "each cell ends in a bar and a new line, a bar alone is a blank cell; a page of Yueyang's kind", ext="txt", figures=with_blanks(1023))
    yield c.write(text.report(c, text.barred))
    c = Case("txt-total-below", "the same, 总计 not beside 法人或其他组织 but behind 其他; a page of Suijiang's kind", ext="txt", figures=Figures(1027))
    lower = swap(("法人或其他组织 |\n总计 |\n", "法人或其他组织 |\n|\n"), ("法律服务机构 |\n其他 |\n", "法律服务机构 |\n其他 |\n总计 |\n"))
    yield c.write(lower(text.report(c, text.barred)))
    c = Case("txt-statistics", "the statistical table of 2014 as text: label, unit and value on a line", year=2016, era="B", figures=statistics(1028), ext="txt")
    lines = "".join(f"{label} {unit} {c.figures.stat.get(m, '')}\n" for label, unit, m in forms.B)
    yield c.write(f"{c.title}\n\n虚构（made up）。{web.period(c.year)}\n\n附表\n\n统计指标 单位 统计数\n{lines}")
    c = Case("txt-bars-between", "a cell a line and a bar on the line after it; a page of Ankang's kind", ext="txt", figures=with_blanks(1024))
    yield c.write(text.report(c, text.bars_between))
    c = Case("txt-lines", "a cell a line and nothing else, as copied from a page; where a blank cell left nothing behind a row is not read", ext="txt", figures=with_blanks(1025))
    c.write(text.report(c, text.lines))
    for m in ("out_denied_admin_query", "out_notproc_petition"):
        del c.figures.t3[m]
    yield c
    c = Case("txt-lines-broken", "a cell a line, and headings and labels broken over two", ext="txt", figures=Figures(1026))
    two = swap(("商业企业", "商业\n\n企业"), ("科研机构", "科研\n\n机构"), ("本年制发件数", "本年\n\n制发件数"), ("（三）不予公开", "（三）\n\n不予公开"),
               ("2.其他法律行政法规", "2.其他法律\n\n行政法规"), ("结转下年度", "结转\n\n下年度"), ("尚未审结", "尚未\n\n审结"))
    yield c.write(two(text.report(c, text.lines)))

    c = Case("txt-run-together", "numbers run together without anything between, as some PDF converters leave them: those of table 3 can be parted in one way alone so that its identities hold; those of table 2 with several columns and of table 4 cannot be told apart, so they are not read",
             ext="txt", figures=Figures(76))
    c.write(text.report(c, text.run_together, labels_of_leaf_only=True))
    for m in [m for _, rows in [(h, r) for _, h, r in forms.T2["D"] if len(h) > 1] for _, metrics in rows for m in metrics]:
        del c.figures.t2[m]
    c.figures.t4 = {}
    yield c

    c = Case("txt-few-digits", "the same with figures of a small body: seven digits are seven numbers, and nearly all are 0", ext="txt", figures=few(760))
    yield c.write(text.report(c, text.run_together))

    c = Case("txt-fragments", "text of a PDF: headings and labels in pieces between the numbers of their rows, those of columns side by side broken over the same lines", ext="txt", figures=Figures(761))
    yield c.write(text.report(c, text.fragments))

    c = Case("txt-no-heads", "Markdown that names no kind of applicant above the numbers of table 3 and parts table 4 by its groups; a text of Shuyang's kind", ext="txt", figures=Figures(762))
    yield c.write(text.report(c, text.markdown))

    c = Case("txt-order-unproved", "the same, but an outcome is not its sum: what stands in which column is then not certain, and table 3 is not read", ext="txt", figures=Figures(763))
    c.figures.t3["out_granted"]["total"] += 1
    c.write(text.report(c, text.markdown))
    c.figures.t3 = {}
    yield c

    c = Case("txt-drawn", "tables drawn with box characters, as text browsers print them", ext="txt", figures=Figures(764))
    yield c.write(text.report(c, text.drawn))

    c = Case("txt-statistics-lines", "the statistical table of 2014 with a cell a line, units among them; a blank cell leaves nothing behind", year=2016, era="B", figures=statistics(765), ext="txt")
    del c.figures.stat["resp_other"]
    lines = "".join(f"{label}\n{unit}\n" + (f"{c.figures.stat[m]}\n" if m in c.figures.stat else "") for label, unit, m in forms.B)
    yield c.write(f"{c.title}\n\n虚构（made up）。{web.period(c.year)}\n\n附表\n\n统计指标\n单位\n统计数\n{lines}")

    c = Case("txt-statistics-glued", "the statistical table of 2014 with nothing between label, unit and value, and without its headings", year=2016, era="B", figures=statistics(766), ext="txt")
    lines = "".join(f"{label}{unit}{c.figures.stat.get(m, '')}\n" for label, unit, m in forms.B)
    yield c.write(f"{c.title}\n\n虚构（made up）。{web.period(c.year)}\n\n政府信息公开情况统计表\n\n{lines}")


def few(seed):
    """Figures of a body with one request, carried over."""
    f = Figures(seed)
    for t in (f.t2, f.t4, *f.t3.values()):
        t.update(dict.fromkeys(t, 0))
    for m in ("app_new", "app_carried_out"):
        f.t3[m].update(natural_person=1, total=1)
    return f


def word_files():
    c = Case("docx-d", "a Word file with the merges of the notice's template, labels over several paragraphs; stack.md 4", figures=Figures(81), ext="docx")
    yield c.write(word.report(c))
    c = Case("docx-c-hybrid", "a Word file of the form of 2019", year=2020, era="C", figures=Figures(82, "C", "C"), ext="docx")
    yield c.write(word.report(c))
    c = Case("docx-revisions", "each digit a run of its own, a deleted 9 between every two", figures=Figures(83), ext="docx")
    yield c.write(word.report(c, runs=word.split_runs))
    c = Case("docx-nested", "a Word file whose report stands in the cell of a layout table", figures=Figures(84), ext="docx")
    yield c.write(word.report(c, wrap=lambda tables: word.table([[f"<w:tc>{tables}<w:p/></w:tc>"]])))

    c = Case("docx-raised", "a Word file in which a raised 1 stands behind a number, and the sign of a footnote behind another", figures=Figures(851), ext="docx")
    raised, noted = c.figures.t2["permit_decisions"], c.figures.t2["penalty_decisions"]
    mark = lambda text: '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>' + {raised: "<w:t>1</w:t>", noted: '<w:footnoteReference w:id="2"/>'}.get(text, "") + "</w:r>"
    c.write(word.report(c, runs=lambda text: word.run(text) + mark(int(text) if text.isdigit() else text)))
    c.figures.t2["permit_decisions"] = Printed("", None, "text")
    yield c

    c = Case("docx-source-error", "as source-error, in a Word file: LibreOffice and the reader of Word files say the same", figures=Figures(14), ext="docx")
    with_errors(c)
    yield c.write(word.report(c))

    c = Case("docx-controls", "cells stand in content controls, and each number is followed by hidden text; ISO/IEC 29500 sdt, vanish", figures=Figures(85), ext="docx")
    yield c.write(word.report(c, runs=word.hidden_tail))
