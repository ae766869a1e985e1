-- title_zh: 有哪些机关、哪些年份
-- title_en: Which bodies there are, and which years
-- about: One row a body and scope of its reports. The names and codes are what the other queries take as city.
-- parameters:
--   - {name: scope, type: text, default: "", example: city_aggregate, about: "Scope of the reports, such as city_aggregate, general_office or department; empty: all"}
SELECT adcode, authority, authority_en, province_zh, scope, min(report_year) AS first_year, max(report_year) AS last_year,
       count(*) AS reports, count(*) FILTER (grade = 'proved') AS proved, count(*) FILTER (grade = 'contradicted') AS contradicted
FROM current_report
WHERE ifnull(scope = $scope, true)
GROUP BY adcode, authority, authority_en, province_zh, scope
ORDER BY adcode, authority, scope;
