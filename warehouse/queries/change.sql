-- title_zh: 同比变化，只在可比时给出
-- title_en: Change from year to year, only where it can be compared
-- about: >-
--   The difference of one indicator to the year before with its 95 % interval (Newcombe 1998, method 10, from the
--   bounds of both years). It is left out, with the reason in why_not, where forms or law changed, where either year is not
--   there or no number, and where a denominator is too small. distinct_from_zero says that the interval does not hold zero.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
--   - {name: indicator, type: text, default: disclosure_rate, example: disclosure_rate, about: "An id of table indicator_definition"}
WITH own AS (
    SELECT i.* FROM indicators i JOIN current_report r USING (report_id)
    WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en) AND i.indicator = $indicator
), pair AS (
    SELECT n.* RENAME (low AS now_low, high AS now_high), b.value AS before, b.low AS before_low, b.high AS before_high,
           CASE WHEN b.report_id IS NULL THEN 'no report of the year before'
                WHEN NOT n.comparable_with_prev THEN 'forms or law changed'
                WHEN n.value IS NULL OR b.value IS NULL THEN 'a number is missing'
                WHEN NOT (n.enough AND b.enough) THEN 'too few requests' ELSE '' END AS why_not
    FROM own n
    LEFT JOIN own b ON b.adcode = n.adcode AND b.authority = n.authority AND b.scope = n.scope AND b.report_year = n.report_year - 1
)
SELECT adcode, authority, scope, report_year, indicator, numerator, denominator, round(value, 4) AS value, round(before, 4) AS before,
       CASE WHEN why_not = '' THEN round(value - before, 4) END AS change,
       CASE WHEN why_not = '' THEN round(value - before - sqrt((value - now_low) ** 2 + (before_high - before) ** 2), 4) END AS low,
       CASE WHEN why_not = '' THEN round(value - before + sqrt((now_high - value) ** 2 + (before - before_low) ** 2), 4) END AS high,
       low > 0 OR high < 0 AS distinct_from_zero, why_not, grade
FROM pair
ORDER BY adcode, authority, scope, report_year;
