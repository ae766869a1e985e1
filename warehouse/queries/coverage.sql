-- title_zh: 有哪些年份，缺哪些年份
-- title_en: Which years are there and which are missing
-- about: >-
--   For each body and scope its years from the first report to the last, with those that are absent between. What the law
--   asked for, whether or not a body ever published, is in query missing-reports.
-- parameters:
--   - {name: city, type: text, default: "", example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region; empty: all"}
SELECT c.adcode, c.authority, c.scope, min(c.report_year) AS first_year, max(c.report_year) AS last_year,
       count(*) FILTER (c.state = 'reported') AS reported, count(*) FILTER (c.state = 'absent') AS absent,
       ifnull(string_agg(c.report_year::VARCHAR, ' ' ORDER BY c.report_year) FILTER (c.state = 'absent'), '') AS absent_years
FROM coverage c
LEFT JOIN region g ON g.adcode = c.adcode
WHERE ifnull($city IN (c.adcode, c.authority, g.name, g.name_en), $city IS NULL)
GROUP BY c.adcode, c.authority, c.scope
ORDER BY c.adcode, c.authority, c.scope;
