-- title_zh: 一个机关历年的申请
-- title_en: Requests of one body over the years
-- about: >-
--   Received, carried in, closed and carried over. Up to 2018 the form has neither of the carried figures, and app_replied
--   in place of app_closed_total. comparable_with_prev is false where forms or law changed; never read across scopes.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: scope, type: text, default: "", example: city_aggregate, about: "Scope of the reports, as query bodies lists them; empty: all"}
SELECT q.adcode, q.authority, q.scope, q.report_year, q.era, q.app_new, q.app_carried_in, q.app_closed_total, q.app_replied, q.app_carried_out,
       NOT EXISTS (FROM form_break b WHERE b.year = q.report_year AND b.family IN ('app_flow', '*')) AS comparable_with_prev, q.grade
FROM requests q
WHERE $city IN (q.adcode, q.authority, q.authority_en, q.region_zh, q.region_en) AND ifnull(q.scope = $scope, true)
ORDER BY q.adcode, q.authority, q.scope, q.report_year;
