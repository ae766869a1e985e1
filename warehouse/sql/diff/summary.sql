-- Both builds in counts.
WITH changes AS (
    SELECT 1 AS nr, 'rows' AS section, table_name AS item, old_rows AS old, new_rows AS new FROM table_rows
    UNION ALL
    SELECT 2, 'reports', 'only in this build',
           (SELECT count(*) FROM old.report ANTI JOIN new.report USING (report_id)), (SELECT count(*) FROM new.report ANTI JOIN old.report USING (report_id))
    UNION ALL
    SELECT 2, 'reports', 'replaced by a later version', 0, count(*) FROM standing WHERE old_id <> new_id
    UNION ALL
    SELECT 3, 'cells of the same documents', change, count(old_status), count(new_status) FROM cell_change GROUP BY change
    UNION ALL
    SELECT 4, 'grades', grade, count(*) FILTER (side = 'old'), count(*) FILTER (side = 'new')
    FROM (SELECT 'old' AS side, old_grade AS grade FROM standing WHERE old_id IS NOT NULL
          UNION ALL SELECT 'new', new_grade FROM standing WHERE new_id IS NOT NULL) GROUP BY grade
    UNION ALL
    SELECT 5, 'coverage', part, count(old_id), count(new_id) FROM standing GROUP BY part
    UNION ALL
    SELECT 6, 'identities of the same reports', 'failed and did not before', 0, count(*) FROM check_change WHERE new_outcome = 'failed'
    UNION ALL
    SELECT 6, 'identities of the same reports', 'held and did not before', 0, count(*) FROM check_change WHERE new_outcome = 'held'
)
SELECT section, item, old, new, ifnull(new, 0) - ifnull(old, 0) AS change FROM changes ORDER BY nr, item
