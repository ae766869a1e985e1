-- title_zh: 办理结果构成
-- title_en: How requests were closed
-- about: >-
--   The six kinds of outcome of the forms since 2019 as numbers and as shares of all closed requests, with the 95 % Wilson
--   interval of the share. grade says whether the form's arithmetic proves the number.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: year, type: integer, default: "", example: "2022", about: "Year of the reports; empty: all"}
SELECT r.adcode, r.authority, r.scope, r.report_year, v.metric, m.label_zh, m.label_en, v.value AS requests, t.value AS closed,
       round(v.value / nullif(t.value, 0), 4) AS share, round(wilson_low(v.value, t.value), 4) AS low, round(wilson_high(v.value, t.value), 4) AS high,
       v.status, v.grade
FROM current_report r
JOIN metric_by_applicant v ON v.report_id = r.report_id AND v.applicant = 'total'
                          AND v.metric IN ('out_granted', 'out_partial', 'out_denied', 'out_unavail', 'out_notproc', 'out_other')
JOIN metric m ON m.id = v.metric
LEFT JOIN metric_by_applicant t ON t.report_id = r.report_id AND t.applicant = 'total' AND t.metric = 'app_closed_total'
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND ifnull(r.report_year = $year, true)
ORDER BY r.adcode, r.authority, r.scope, r.report_year,
         list_position(['out_granted', 'out_partial', 'out_denied', 'out_unavail', 'out_notproc', 'out_other'], v.metric);
