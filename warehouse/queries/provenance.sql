-- title_zh: 一个数字从哪里来
-- title_en: Where one number is from
-- about: >-
--   The printed cells of one metric: text as printed, row and column, place in the document, its bytes (sha256), address and
--   time. A metric that the form does not print, such as out_denied, is a sum and has no row: nianbao explain shows its parts.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: year, type: integer, example: "2022", about: Year of the report}
--   - {name: metric, type: text, example: app_new, about: "An id of table metric"}
--   - {name: applicant, type: text, default: total, example: total, about: "Column of table 3; total also stands for tables without applicants"}
SELECT l.adcode, l.authority, l.scope, l.report_year, l.metric, l.applicant, l.value, l.status, l.raw, l."table", l.row_label, l.column_label,
       l.locator, l.sha256, l.url, l.fetched_at, l.media_type, l.grade
FROM lineage l
JOIN current_report r USING (report_id)
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND l.report_year = $year AND l.metric = $metric
  AND l.applicant IN ($applicant, CASE WHEN $applicant = 'total' THEN '' ELSE $applicant END)
ORDER BY l.adcode, l.authority, l.scope, l.cell_no;
