-- title_zh: 公布是否按时
-- title_en: Whether reports came in time
-- about: >-
--   Day on which the portal's list dates the report against the last day that the law allows; days_late is negative where it
--   came early. Portals date pages anew when they move them, so a late day is a question, no proof.
-- parameters:
--   - {name: year, type: integer, default: "", example: "2022", about: "Year of the reports; empty: all"}
SELECT p.report_year, p.adcode, p.authority, p.due_on, p.published_on, date_diff('day', p.due_on, p.published_on) AS days_late, p.late, p.state, p.url
FROM portal_coverage p
WHERE p.due_on IS NOT NULL AND p.published_on IS NOT NULL AND ifnull(p.report_year = $year, true)
ORDER BY p.report_year, p.adcode, p.authority, p.portal;
