-- Reports that are new or gone, were replaced by a later version, or are graded or named otherwise.
WITH o AS (
    SELECT *, concat_ws(' ', nullif(authority, ''), nullif(adcode, ''), report_year, scope) AS name FROM old.report
), n AS (
    SELECT *, concat_ws(' ', nullif(authority, ''), nullif(adcode, ''), report_year, scope) AS name FROM new.report
)
SELECT CASE WHEN o.sha256 IS NULL AND n.supersedes IS NOT NULL THEN 'restates' WHEN o.sha256 IS NULL THEN 'new' WHEN n.sha256 IS NULL THEN 'gone'
            WHEN o.is_current AND NOT n.is_current THEN 'replaced' ELSE 'changed' END AS change,
       report_id, o.name AS old_name, n.name AS new_name, o.grade AS old_grade, n.grade AS new_grade,
       n.supersedes, ifnull(n.url, o.url) AS url
FROM o FULL JOIN n USING (report_id)
WHERE o.name IS DISTINCT FROM n.name OR o.grade IS DISTINCT FROM n.grade OR o.is_current IS DISTINCT FROM n.is_current
ORDER BY change, ifnull(new_name, old_name), report_id
