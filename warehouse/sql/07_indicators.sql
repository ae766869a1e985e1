-- The Wilson score interval of x out of n at 95 % (Wilson 1927; method 3 of Newcombe 1998);
-- NULL unless 0 <= x <= n and n > 0.
CREATE MACRO wilson_centre(x, n) AS (x + 1.959963984540054::DOUBLE ** 2 / 2) / (n + 1.959963984540054::DOUBLE ** 2);
CREATE MACRO wilson_half(x, n) AS
    1.959963984540054::DOUBLE * sqrt(x * (n - x) / n + 1.959963984540054::DOUBLE ** 2 / 4) / (n + 1.959963984540054::DOUBLE ** 2);
CREATE MACRO wilson_low(x, n) AS
    CASE WHEN x >= 0 AND x <= n AND n > 0
         THEN greatest(0, wilson_centre(x::DOUBLE, n::DOUBLE) - wilson_half(x::DOUBLE, n::DOUBLE)) END;
CREATE MACRO wilson_high(x, n) AS
    CASE WHEN x >= 0 AND x <= n AND n > 0
         THEN least(1, wilson_centre(x::DOUBLE, n::DOUBLE) + wilson_half(x::DOUBLE, n::DOUBLE)) END;

CREATE VIEW indicators AS
WITH countable AS (
    SELECT t.owner AS id, bool_and(m.kind = 'count') AS counts
    FROM term t JOIN metric m ON m.id = t.metric
    WHERE t.kind = 'indicator'
    GROUP BY t.owner
), ratio AS (
    SELECT n.report_id, n.owner AS id, n.value AS x, d.value AS n,
           CASE WHEN n.status <> 'number' THEN n.status ELSE d.status END AS status,
           CASE WHEN 'contradicted' IN (n.grade, d.grade) THEN 'contradicted'
                WHEN 'unproved' IN (n.grade, d.grade) THEN 'unproved' ELSE 'proved' END AS grade
    FROM expression_value n
    JOIN expression_value d ON d.report_id = n.report_id AND d.kind = n.kind AND d.owner = n.owner AND d.side = 'denominator'
    WHERE n.kind = 'indicator' AND n.side = 'numerator'
)
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       i.id AS indicator, q.x AS numerator, q.n AS denominator,
       CASE WHEN q.n <> 0 THEN q.x::DOUBLE / q.n::DOUBLE END AS value,
       CASE WHEN c.counts THEN wilson_low(q.x, q.n) END AS wilson_low,
       CASE WHEN c.counts THEN wilson_high(q.x, q.n) END AS wilson_high,
       NOT EXISTS (FROM form_break b WHERE b.year = r.report_year AND b.family IN (i.family, '*')) AS comparable_with_prev,
       q.n IS NOT NULL AND q.n >= i.min_n AS enough,
       q.grade, q.status
FROM ratio q
JOIN report r USING (report_id)
JOIN indicator_definition i USING (id)
JOIN countable c USING (id);
