-- title_zh: 一省之内的比较，不排名
-- title_en: Bodies of one province compared, without ranking
-- about: >-
--   One indicator, one year and one scope for all bodies of a province, in the order of their codes: no league table. against
--   says whether the 95 % interval of a body lies below, above or around the province's pooled value, which all bodies of the
--   query with enough requests make; the others are shown without a rate.
-- parameters:
--   - {name: province, type: text, example: 河南省, about: "GB/T 2260 code of the province, or its Chinese or English name"}
--   - {name: year, type: integer, example: "2022", about: Year of the reports}
--   - {name: indicator, type: text, default: merits_disclosure_rate, example: merits_disclosure_rate, about: "An id of table indicator_definition"}
--   - {name: scope, type: text, default: city_aggregate, example: city_aggregate, about: Scope of the reports}
WITH own AS (
    SELECT i.*, r.region_zh, r.region_en FROM indicators i JOIN current_report r USING (report_id)
    WHERE $province IN (left(r.adcode, 2) || '0000', r.province_zh, r.province_en)
      AND i.report_year = $year AND i.indicator = $indicator AND i.scope = $scope
), pooled AS (
    SELECT any_value(d.per) * sum(o.numerator)::DOUBLE / nullif(sum(o.denominator), 0)::DOUBLE AS value, count(*) AS bodies
    FROM own o JOIN indicator_definition d ON d.id = o.indicator
    WHERE o.enough AND o.value IS NOT NULL
)
SELECT o.adcode, o.region_zh, o.authority, o.numerator, o.denominator,
       CASE WHEN o.enough THEN round(o.value, 4) END AS value, CASE WHEN o.enough THEN round(o.low, 4) END AS low,
       CASE WHEN o.enough THEN round(o.high, 4) END AS high, round(p.value, 4) AS pooled, p.bodies,
       CASE WHEN NOT o.enough OR o.value IS NULL THEN 'not shown' WHEN o.high < p.value THEN 'below' WHEN o.low > p.value THEN 'above'
            WHEN o.low IS NULL THEN 'no interval' ELSE 'around' END AS against,
       o.status, o.grade
FROM own o CROSS JOIN pooled p
ORDER BY o.adcode, o.authority;
