-- title_zh: 还不认识的行
-- title_en: Printed rows that no metric is known for
-- about: >-
--   Labels that the codebook does not know yet, with how often and where they are printed. Their numbers enter no metric; a
--   line in codebook/data/synonym.csv makes them known.
SELECT substr(c.metric, length('unmapped:') + 1) AS label, c."table", count(DISTINCT c.report_id) AS reports, count(*) AS cells,
       min(r.authority) AS example_authority, min(r.report_year) AS first_year, max(r.report_year) AS last_year
FROM current_cell c JOIN current_report r USING (report_id)
WHERE starts_with(c.metric, 'unmapped:')
GROUP BY ALL
ORDER BY reports DESC, label, c."table";
