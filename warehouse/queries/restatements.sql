-- title_zh: 后来改过的数字
-- title_en: Numbers that were changed later
-- about: >-
--   Cells that two consecutive versions of one report print differently, with the text of both. A report that was only moved
--   or set anew has no row.
-- parameters:
--   - {name: city, type: text, default: "", example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region; empty: all"}
SELECT t.adcode, t.authority, t.scope, t.report_year, t."table", t.metric, t.applicant, t.old_value, t.old_status, t.old_raw,
       t.new_value, t.new_status, t.new_raw, o.url AS old_url, o.fetched_at AS old_fetched_at, n.url AS new_url, n.fetched_at AS new_fetched_at
FROM restatements t
JOIN report o ON o.report_id = t.old_report_id
JOIN report n ON n.report_id = t.new_report_id
LEFT JOIN region g ON g.adcode = t.adcode
WHERE ifnull($city IN (t.adcode, t.authority, g.name, g.name_en), $city IS NULL)
ORDER BY ALL;
