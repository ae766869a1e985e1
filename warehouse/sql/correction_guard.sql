-- Each row is an accepted correction whose report is here and whose guard does not hold, or that fits several reports or
-- cells, or another accepted correction of the same cell.

WITH met AS (
    SELECT k.file, k.line, k.id, k.report_id, k.metric || CASE WHEN k.applicant = '' THEN '' ELSE ' ' || k.applicant END AS cell, k.printed, k.reports,
           list(c.raw ORDER BY c.cell_no) FILTER (c.raw IS NOT NULL) AS found
    FROM correction k
    LEFT JOIN cell c ON c.report_id = k.report_id AND c.metric = k.metric AND c.applicant = k.applicant
    WHERE k.status = 'accepted' AND k.reports > 0
    GROUP BY ALL
), judged AS (
    SELECT *, CASE WHEN report_id IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY report_id, cell) END AS rivals FROM met
)
SELECT file, line, id, cell || ' of report ' || ifnull(report_id, '?'), printed,
       CASE WHEN reports > 1 THEN reports || ' reports that it fits'
            WHEN rivals > 1 THEN rivals || ' accepted corrections of the cell'
            WHEN found IS NULL THEN 'no such cell'
            ELSE array_to_string(list_transform(found, lambda raw: '"' || raw || '"'), ' and ') END
FROM judged
WHERE reports > 1 OR rivals > 1 OR found IS NULL OR list_distinct(found) <> [printed]
ORDER BY file, line;
