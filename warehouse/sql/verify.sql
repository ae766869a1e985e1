-- Each row is a promise of the warehouse, how many rows break it, and one that does. All must be 0.

SELECT 'every document of the parts is loaded' AS promise, abs((SELECT count(*) FROM in_document) - (SELECT count(*) FROM document)) AS broken, NULL AS example
UNION ALL
SELECT 'every report of the parts is loaded', abs((SELECT count(*) FROM in_report) - (SELECT count(*) FROM report)), NULL
UNION ALL
SELECT 'every cell of the parts is loaded', abs((SELECT count(*) FROM in_cell) - (SELECT count(*) FROM cell)), NULL
UNION ALL
SELECT 'every raw cell of the parts is loaded', abs((SELECT count(*) FROM in_raw_cell) - (SELECT count(*) FROM raw_cell)), NULL
UNION ALL
SELECT 'every check of the parts is loaded', abs((SELECT count(*) FROM in_check_result) - (SELECT count(*) FROM check_result)), NULL
UNION ALL
SELECT 'every finding of the parts is loaded', abs((SELECT count(*) FROM in_finding) - (SELECT count(*) FROM finding)), NULL
UNION ALL
SELECT 'every location is loaded', abs((SELECT count(*) FROM in_location) - (SELECT count(*) FROM location)), NULL
UNION ALL
SELECT 'every ledger entry is loaded', abs((SELECT count(*) FROM in_ledger) - (SELECT count(*) FROM crawl_ledger)), NULL
UNION ALL
SELECT 'every link is loaded', abs((SELECT count(*) FROM in_link) - (SELECT count(*) FROM link)), NULL
UNION ALL
SELECT 'a link stands once', count(*), min(url) FROM (SELECT url FROM link GROUP BY url HAVING count(*) > 1)
UNION ALL
SELECT 'a cell number stands once in a report', count(*), min(report_id || ' cell ' || cell_no)
FROM ( -- of reports whose cells stand in several places or not in their order; where they ascend, none stands twice
    SELECT report_id, cell_no FROM cell SEMI JOIN (
        SELECT report_id FROM (SELECT report_id, cell_no, lag(report_id) OVER () AS before, lag(cell_no) OVER () AS cell_before FROM cell)
        WHERE before IS DISTINCT FROM report_id OR cell_no <= cell_before
        GROUP BY report_id HAVING count(*) > 1
    ) USING (report_id)
    GROUP BY ALL HAVING count(*) > 1
)
UNION ALL
SELECT 'a check stands once in a report', count(*), min(report_id || ' ' || identity || ' ' || instance)
FROM (SELECT report_id, identity, instance FROM check_result GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a cell belongs to a report', count(*), min(report_id) FROM cell ANTI JOIN report USING (report_id)
UNION ALL
SELECT 'a raw cell belongs to a report', count(*), min(report_id) FROM raw_cell ANTI JOIN report USING (report_id)
UNION ALL
SELECT 'a check belongs to a report', count(*), min(report_id) FROM check_result ANTI JOIN report USING (report_id)
UNION ALL
SELECT 'every identity of a report is evaluated and stored', count(*), min(r.report_id)
FROM report r LEFT JOIN (
    SELECT report_id, count(*) FILTER (outcome = 'held') AS held, count(*) FILTER (outcome = 'failed') AS failed,
           count(*) FILTER (outcome = 'untestable') AS open
    FROM check_result GROUP BY report_id
) c USING (report_id)
WHERE r.part_of IS NULL
  AND (r.identities_held, r.identities_failed, r.identities_open) <> (ifnull(c.held, 0), ifnull(c.failed, 0), ifnull(c.open, 0))
UNION ALL
SELECT 'a check has both sides, or is not testable', count(*), min(report_id || ' ' || identity || ' ' || instance)
FROM check_result WHERE (lhs IS NULL OR rhs IS NULL OR delta IS DISTINCT FROM lhs - rhs) AND outcome <> 'untestable'
UNION ALL
SELECT 'a check names an identity of the codebook', count(*), min(c.identity)
FROM check_result c ANTI JOIN identity i ON i.id = c.identity
UNION ALL
SELECT 'a cell names a metric of the codebook or is unmapped', count(*), min(report_id || ' cell ' || cell_no || ' ' || metric)
FROM cell c ANTI JOIN metric m ON m.id = c.metric WHERE NOT starts_with(c.metric, 'unmapped:')
UNION ALL
SELECT 'a report belongs to a document', count(*), min(report_id) FROM report ANTI JOIN document USING (sha256)
UNION ALL
SELECT 'a finding belongs to a document', count(*), min(sha256) FROM finding ANTI JOIN document USING (sha256)
UNION ALL
SELECT 'a cell has a value only if its status says so', count(*), min(report_id || ' cell ' || cell_no)
FROM cell WHERE (value IS NOT NULL) <> (status IN ('number', 'computed', 'repaired'))
UNION ALL
SELECT 'a report has at most one current version', count(*), min(authority || ' ' || report_year)
FROM (SELECT adcode, authority, scope, report_year FROM report WHERE is_current GROUP BY ALL HAVING count(*) > 1)
UNION ALL
SELECT 'a report that stands for renditions is none itself', count(*), min(r.report_id)
FROM report r JOIN report o ON o.report_id = r.rendition_of WHERE o.rendition_of IS NOT NULL OR r.is_current OR r.supersedes IS NOT NULL
UNION ALL
SELECT 'a further page of a report is none of its own', count(*), min(r.report_id)
FROM report r JOIN report o ON o.report_id = r.part_of
WHERE o.part_of IS NOT NULL OR r.is_current OR r.rendition_of IS NOT NULL OR EXISTS (FROM cell c WHERE c.report_id = r.report_id)
UNION ALL
SELECT 'a cell is printed in a document', count(*), min(report_id || ' cell ' || cell_no) FROM cell ANTI JOIN document USING (sha256)
UNION ALL
SELECT 'a report has a location, where locations are known', count(*), min(report_id)
FROM report ANTI JOIN location USING (sha256) WHERE EXISTS (FROM location)
ORDER BY promise;
