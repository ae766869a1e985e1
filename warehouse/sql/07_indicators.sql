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

-- The score interval of a Poisson rate, x events on an exposure of n, at 95 % (Rao's score; method "score" of Barker 2002):
-- for events that are no part of n, so that x may exceed it. It takes events as independent; NULL unless x >= 0 and n > 0.
CREATE MACRO poisson_half(x) AS 1.959963984540054::DOUBLE * sqrt(x + 1.959963984540054::DOUBLE ** 2 / 4);
CREATE MACRO poisson_low(x, n) AS
    CASE WHEN x >= 0 AND n > 0 THEN greatest(0, x::DOUBLE + 1.959963984540054::DOUBLE ** 2 / 2 - poisson_half(x::DOUBLE)) / n::DOUBLE END;
CREATE MACRO poisson_high(x, n) AS
    CASE WHEN x >= 0 AND n > 0 THEN (x::DOUBLE + 1.959963984540054::DOUBLE ** 2 / 2 + poisson_half(x::DOUBLE)) / n::DOUBLE END;

-- Which breaks lie between a report and that of the year before: of the year itself, and those between the forms that
-- the two follow, for some bodies change forms later than the rest.
CREATE VIEW comparability AS
WITH formed AS (
    SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year,
           least(greatest(r.report_year, e.first_year), e.last_year) AS form_year
    FROM report r LEFT JOIN era e ON e.id = r.era
    WHERE r.is_current
), step AS (
    SELECT n.report_id, n.report_year, least(n.form_year, ifnull(b.form_year, n.report_year - 1)) AS low,
           greatest(n.form_year, ifnull(b.form_year, n.report_year - 1)) AS high
    FROM formed n
    LEFT JOIN formed b ON b.adcode = n.adcode AND b.authority = n.authority AND b.scope = n.scope AND b.report_year = n.report_year - 1
)
SELECT s.report_id, ifnull(list(DISTINCT k.family ORDER BY k.family) FILTER (k.family IS NOT NULL), []) AS broken_families
FROM step s LEFT JOIN form_break k ON k.year = s.report_year OR (k.year > s.low AND k.year <= s.high)
GROUP BY s.report_id;

CREATE VIEW harmonised AS
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era,
       s.id AS series, v.value, v.status, s.comparability,
       NOT (list_contains(k.broken_families, s.family) OR (list_contains(k.broken_families, '*') AND s.comparability <> 'near')) AS comparable_with_prev,
       v.grade
FROM series_value v
JOIN report r USING (report_id)
JOIN comparability k USING (report_id)
JOIN series_definition s ON s.id = v.series;

CREATE VIEW indicators AS
WITH measured AS (
    SELECT v.*, i.kind, i.family, i.min_n, i.per,
           v.numerator::DOUBLE AS x, CASE WHEN v.denominator > 0 THEN v.denominator::DOUBLE END AS n
    FROM indicator_value v JOIN indicator_definition i ON i.id = v.indicator
)
SELECT r.report_id, r.adcode, r.authority, r.scope, r.report_year, r.era, m.indicator, m.numerator, m.denominator,
       CASE WHEN m.kind = 'count' THEN m.x ELSE m.per * m.x / m.n END AS value,
       CASE WHEN m.kind = 'share' THEN wilson_low(m.x, m.n) END AS wilson_low,
       CASE WHEN m.kind = 'share' THEN wilson_high(m.x, m.n) END AS wilson_high,
       m.per * CASE m.kind WHEN 'share' THEN wilson_low(m.x, m.n) WHEN 'rate' THEN poisson_low(m.x, m.n) END AS low,
       m.per * CASE m.kind WHEN 'share' THEN wilson_high(m.x, m.n) WHEN 'rate' THEN poisson_high(m.x, m.n) END AS high,
       NOT list_has_any(k.broken_families, [m.family, '*']) AS comparable_with_prev,
       CASE WHEN m.kind = 'count' THEN m.x IS NOT NULL ELSE m.n IS NOT NULL AND m.n >= m.min_n END AS enough,
       m.grade, m.status
FROM measured m
JOIN report r USING (report_id)
JOIN comparability k USING (report_id);
