-- title_zh: 一份年报的勾稽关系
-- title_en: The arithmetic of one report
-- about: Every identity that was evaluated for a report, with both sides, the failed ones first.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: year, type: integer, example: "2022", about: Year of the report}
SELECT r.adcode, r.authority, r.scope, r.report_year, c.outcome, i.severity, c.identity, c.instance, i.lhs AS lhs_formula, i.op, i.rhs AS rhs_formula,
       c.lhs, c.rhs, c.delta, c.unprinted, i.label_zh, i.label_en
FROM check_result c
JOIN current_report r USING (report_id)
JOIN identity i ON i.id = c.identity
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND r.report_year = $year
ORDER BY r.adcode, r.authority, r.scope, list_position(['failed', 'untestable', 'held'], c.outcome), c.identity, c.instance;
