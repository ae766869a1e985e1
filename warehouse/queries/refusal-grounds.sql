-- title_zh: 不予公开的理由
-- title_en: Grounds of refusal
-- about: >-
--   Each printed ground with its number and its share of all refusals. The grounds of the forms up to 2018 and of those
--   since 2019 are different ones; group sums are left out, they are in query outcome-shares.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: year, type: integer, default: "", example: "2022", about: "Year of the reports; empty: all"}
SELECT r.adcode, r.authority, r.scope, r.report_year, r.era, v.metric, m.label_zh, m.label_en, v.value AS requests, t.value AS refused,
       round(v.value / nullif(t.value, 0), 4) AS share, v.status, v.grade
FROM current_report r
JOIN metric_by_applicant v ON v.report_id = r.report_id AND v.applicant = 'total' AND starts_with(v.metric, 'out_denied_')
JOIN metric m ON m.id = v.metric
LEFT JOIN metric_by_applicant t ON t.report_id = r.report_id AND t.applicant = 'total' AND t.metric = 'out_denied'
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND ifnull(r.report_year = $year, true)
ORDER BY r.adcode, r.authority, r.scope, r.report_year, v.value DESC NULLS LAST, v.metric;
