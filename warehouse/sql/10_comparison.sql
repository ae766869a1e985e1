-- Bodies beside each other. One row never mixes scopes: what a whole city received and what its government itself
-- received are different quantities.

-- How many regions of the level that a scope counts whole there were in a year, in the country and in each province.
CREATE VIEW place_count AS
SELECT s.id AS scope, a.area, y.report_year, count(*) AS places
FROM scope s
JOIN region g ON g.level = s.whole
JOIN (SELECT DISTINCT report_year FROM report WHERE is_current) y
  ON y.report_year >= ifnull(g.valid_from, y.report_year) AND y.report_year <= ifnull(g.valid_to, y.report_year)
CROSS JOIN LATERAL (SELECT unnest(['000000', left(g.adcode, 2) || '0000']) AS area) a
GROUP BY ALL;

-- The whole of an area (sum over sum) beside its median body. A change from the year before is that of the bodies which
-- report comparably in both years, so that it is not that of the set of bodies; the two may go in opposite directions
-- where large bodies do not do as most do (Simpson 1951).
CREATE VIEW pooled AS
WITH body AS (
    SELECT v.indicator, v.scope, v.report_year, v.adcode, v.authority, v.value, v.enough, v.numerator AS x, v.denominator AS n,
           v.comparable_with_prev AND lag(v.report_year) OVER before = v.report_year - 1 AS matched,
           lag(v.value) OVER before AS value_before, lag(v.enough) OVER before AS enough_before,
           lag(v.numerator) OVER before AS x_before, lag(v.denominator) OVER before AS n_before
    FROM indicators v
    WHERE v.value IS NOT NULL AND v.adcode <> ''
    WINDOW before AS (PARTITION BY v.indicator, v.scope, v.adcode, v.authority ORDER BY v.report_year)
), summed AS (
    SELECT b.indicator, b.scope, b.report_year, unnest(['000000', left(b.adcode, 2) || '0000']) AS area,
           b.value, b.enough, b.x, b.n, b.matched, b.matched AND b.enough AND b.enough_before AS paired, b.value_before, b.x_before, b.n_before
    FROM body b
), area AS (
    SELECT indicator, scope, report_year, area, count(*) AS bodies,
           sum(x) AS numerator, sum(n) AS denominator, median(value) FILTER (enough) AS median, count(*) FILTER (enough) AS median_bodies,
           count(*) FILTER (matched) AS matched_bodies,
           sum(x) FILTER (matched) AS x_now, sum(n) FILTER (matched) AS n_now,
           sum(x_before) FILTER (matched) AS x_before, sum(n_before) FILTER (matched) AS n_before,
           median(value) FILTER (paired) - median(value_before) FILTER (paired) AS median_change
    FROM summed GROUP BY ALL
)
SELECT a.indicator, a.scope, a.area AS adcode, a.report_year, a.bodies, p.places, a.bodies / p.places AS coverage,
       a.numerator, a.denominator,
       CASE WHEN i.kind = 'count' THEN a.numerator::DOUBLE ELSE i.per * a.numerator::DOUBLE / a.denominator::DOUBLE END AS pooled,
       a.median, a.median_bodies, a.matched_bodies,
       CASE WHEN i.kind = 'count' THEN (a.x_now - a.x_before)::DOUBLE
            ELSE i.per * (a.x_now::DOUBLE / a.n_now::DOUBLE - a.x_before::DOUBLE / a.n_before::DOUBLE) END AS pooled_change,
       a.median_change, sign(pooled_change) * sign(a.median_change) = -1 AS directions_differ
FROM area a
JOIN indicator_definition i ON i.id = a.indicator
LEFT JOIN place_count p ON p.scope = a.scope AND p.area = a.area AND p.report_year = a.report_year;

-- Funnel limits (Spiegelhalter 2005) for shares and rates, of the bodies of one scope in one year, and in three years in a
-- row between which no break lies. Binomial and Poisson figures are transformed as by Anscombe 1948, so that the limits
-- stay within what can be and hold for small denominators, where normal ones mislead. Bodies differ by more than chance:
-- an additive variance tau2 between them is estimated by the moments of DerSimonian and Laird 1986 from z scores
-- winsorised at their 10 and 90 % quantiles. Of fewer than ten bodies nothing is said.
CREATE MACRO funnel_score(kind, x, n) AS CASE WHEN kind = 'share' THEN asin(sqrt((x + 0.375) / (n + 0.75))) ELSE sqrt((x + 0.375) / n) END;
CREATE MACRO funnel_centre(kind, target) AS CASE WHEN kind = 'share' THEN asin(sqrt(target)) ELSE sqrt(target) END;
CREATE MACRO funnel_variance(kind, n) AS CASE WHEN kind = 'share' THEN 1 / (4 * n + 2) ELSE 1 / (4 * n) END;
CREATE MACRO funnel_limit(kind, n, score) AS
    CASE WHEN kind = 'share' THEN least(1, greatest(0, ((n + 0.75) * sin(least(pi() / 2, greatest(0, score))) ** 2 - 0.375) / n))
         ELSE greatest(0, greatest(0, score) ** 2 - 0.375 / n) END;

-- The figures of each body in one year, and in three in a row.
CREATE VIEW funnel_body AS
WITH body AS (
    SELECT v.indicator, v.scope, v.report_year, v.adcode, v.authority, i.kind, i.per, i.min_n,
           count(*) OVER three = 3 AND bool_and(v.comparable_with_prev) OVER two AS whole,
           [v.numerator::DOUBLE, CASE WHEN whole THEN sum(v.numerator) OVER three END::DOUBLE] AS x,
           [v.denominator::DOUBLE, CASE WHEN whole THEN sum(v.denominator) OVER three END::DOUBLE] AS n
    FROM indicators v JOIN indicator_definition i ON i.id = v.indicator
    WHERE v.value IS NOT NULL AND i.kind <> 'count' AND v.numerator >= 0 AND (i.kind = 'rate' OR v.numerator <= v.denominator)
    WINDOW three AS (PARTITION BY v.indicator, v.scope, v.adcode, v.authority ORDER BY v.report_year RANGE BETWEEN 2 PRECEDING AND CURRENT ROW),
           two AS (PARTITION BY v.indicator, v.scope, v.adcode, v.authority ORDER BY v.report_year RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)
), spanned AS (
    SELECT * EXCLUDE (x, n, whole), unnest([1, 3]) AS years, unnest(x) AS x, unnest(n) AS n FROM body
)
SELECT * EXCLUDE (min_n) FROM spanned WHERE n >= min_n;

INSERT INTO funnel_target
WITH body AS MATERIALIZED (
    FROM funnel_body
), target AS (
    SELECT indicator, scope, report_year, years, count(*) AS bodies, list_sum(list(x ORDER BY adcode, authority)) / list_sum(list(n ORDER BY adcode, authority)) AS target
    FROM body GROUP BY ALL HAVING count(*) >= 10
), scored AS (
    SELECT b.*, t.target, t.bodies, funnel_variance(b.kind, b.n) AS variance,
           (funnel_score(b.kind, b.x, b.n) - funnel_centre(b.kind, t.target)) / sqrt(variance) AS z
    FROM body b JOIN target t USING (indicator, scope, report_year, years)
), fence AS (
    SELECT indicator, scope, report_year, years, quantile_cont(z, 0.1) AS low, quantile_cont(z, 0.9) AS high
    FROM scored GROUP BY ALL
), moment AS ( -- sums go by the order of the bodies: the same rows give the same bits
    SELECT indicator, scope, report_year, years, any_value(s.target) AS target, any_value(s.bodies) AS bodies,
           list_sum(list(least(f.high, greatest(f.low, s.z)) ** 2 ORDER BY s.adcode, s.authority)) AS q,
           list_sum(list(1 / s.variance ORDER BY s.adcode, s.authority)) AS w,
           list_sum(list(1 / s.variance ** 2 ORDER BY s.adcode, s.authority)) AS w2
    FROM scored s JOIN fence f USING (indicator, scope, report_year, years)
    GROUP BY ALL
)
SELECT indicator, scope, report_year, years, bodies, target, q / bodies, greatest(0, (q - (bodies - 1)) / (w - w2 / w))
FROM moment
ORDER BY indicator, scope, report_year, years;

CREATE VIEW funnel AS
WITH spread AS (
    SELECT b.*, t.bodies, t.target, t.overdispersion, t.tau2, funnel_centre(b.kind, t.target) AS centre,
           sqrt(funnel_variance(b.kind, b.n) + t.tau2) AS sd
    FROM funnel_body b JOIN funnel_target t USING (indicator, scope, report_year, years)
)
SELECT indicator, scope, report_year, years, adcode, authority, x AS numerator, n AS denominator, per * x / n AS value,
       per * target AS target, bodies, overdispersion, tau2, (funnel_score(kind, x, n) - centre) / sd AS z,
       per * funnel_limit(kind, n, centre - 1.959963984540054::DOUBLE * sd) AS low_95,
       per * funnel_limit(kind, n, centre + 1.959963984540054::DOUBLE * sd) AS high_95,
       per * funnel_limit(kind, n, centre - 3.090232306167813::DOUBLE * sd) AS low_998,
       per * funnel_limit(kind, n, centre + 3.090232306167813::DOUBLE * sd) AS high_998,
       CASE WHEN abs(z) <= 1.959963984540054::DOUBLE THEN 'inside'
            ELSE CASE WHEN z < 0 THEN 'below_' ELSE 'above_' END || CASE WHEN abs(z) > 3.090232306167813::DOUBLE THEN '998' ELSE '95' END END AS position
FROM spread;
