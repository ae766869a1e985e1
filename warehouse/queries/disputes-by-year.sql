-- title_zh: 复议率和诉讼率及区间
-- title_en: Reviews and lawsuits, with intervals
-- about: >-
--   The rates of reviews, lawsuits, disputes and corrections with numerator, denominator and 95 % interval. The rates
--   of reviews and lawsuits are per request closed, but also count cases on earlier replies: they are no probabilities. enough
--   says whether the denominator is large enough to read the rate at all. Since 2024 a review comes before a suit.
-- parameters:
--   - {name: city, type: text, example: "410100", about: "GB/T 2260 code, or the Chinese or English name of the body or of its region"}
SELECT i.adcode, i.authority, i.scope, i.report_year, i.indicator, d.label_zh, d.label_en, i.numerator, i.denominator,
       round(i.value, 4) AS value, round(i.low, 4) AS low, round(i.high, 4) AS high, i.enough, i.comparable_with_prev, i.status, i.grade
FROM indicators i
JOIN current_report r USING (report_id)
JOIN indicator_definition d ON d.id = i.indicator
WHERE $city IN (r.adcode, r.authority, r.authority_en, r.region_zh, r.region_en)
  AND i.indicator IN ('review_rate', 'litigation_rate', 'dispute_rate', 'review_correction_rate', 'litigation_correction_rate')
ORDER BY i.adcode, i.authority, i.scope, i.indicator, i.report_year;
