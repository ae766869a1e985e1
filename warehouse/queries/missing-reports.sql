-- title_zh: 应有而没有的年报
-- title_en: Reports that were due and are not here
-- about: >-
--   Reports that the law asked of a portal's own authority, or that the portal lists for other years of a body, and of which
--   none was extracted: how far it went (state) and why no further. unknown does not mean that the body did not publish.
-- parameters:
--   - {name: year, type: integer, default: "", example: "2023", about: "Year of the reports; empty: all"}
SELECT p.report_year, p.adcode, p.authority, p.expected, p.due_on, p.state, p.reason, p.detail, p.portal, p.url
FROM portal_coverage p
WHERE p.expected <> '' AND p.state <> 'accepted' AND ifnull(p.report_year = $year, true)
ORDER BY p.report_year, p.adcode, p.authority, p.portal;
