-- How much the new build loses, by measure and, where one has parts, by part: lost of base, and three examples. Table
-- threshold says how much is let pass.
WITH definition AS (
    SELECT kind || ' ' || owner AS owner, o.terms AS old_terms, ifnull(n.terms, []) AS new_terms
    FROM (SELECT kind, owner, list(t::VARCHAR ORDER BY t::VARCHAR) AS terms FROM old.term t GROUP BY kind, owner) o
    LEFT JOIN (SELECT kind, owner, list(t::VARCHAR ORDER BY t::VARCHAR) AS terms FROM new.term t GROUP BY kind, owner) n USING (kind, owner)
    WHERE kind IN ('indicator', 'series', 'metric')
), named AS (
    SELECT report_id, concat_ws(' ', nullif(n.authority, ''), n.report_year) AS name FROM new.report n
), renamed AS (
    SELECT concat_ws(' ', o.authority, o.adcode, o.report_year, o.scope, 'became', n.authority, n.adcode, n.report_year, n.scope, n.url) AS example
    FROM old.report o JOIN new.report n USING (report_id)
    WHERE o.authority <> '' AND o.authority <> n.authority OR o.adcode <> '' AND o.adcode <> n.adcode
       OR o.report_year IS NOT NULL AND o.report_year IS DISTINCT FROM n.report_year OR o.scope <> 'unknown' AND o.scope <> n.scope
), measured AS (
    SELECT 'documents_gone' AS measure, '' AS part, (SELECT count(*) FROM old.document) AS base, count(*) AS lost,
           min(concat_ws(' ', url, sha256), 3) AS examples
    FROM old.document ANTI JOIN new.document USING (sha256)
    UNION ALL
    SELECT 'reports_gone', '', (SELECT count(*) FROM old.report), count(*), min(concat_ws(' ', r.authority, r.report_year, r.url, r.sha256), 3)
    FROM old.report r ANTI JOIN new.report USING (report_id)
    UNION ALL
    SELECT 'reports_renamed', '', (SELECT count(*) FROM old.report), count(*), min(example, 3) FROM renamed
    UNION ALL
    SELECT 'authority_years_gone', '', count(old_id), count(*) FILTER (new_id IS NULL),
           min(concat_ws(' ', authority, report_year, scope), 3) FILTER (new_id IS NULL) FROM standing
    UNION ALL
    SELECT 'coverage', part, count(old_id), greatest(0, count(old_id) - count(new_id)),
           min(concat_ws(' ', authority, report_year, scope), 3) FILTER (new_id IS NULL) FROM standing GROUP BY part
    UNION ALL
    SELECT 'restated', '', count(old_id), count(*) FILTER (new_id <> old_id),
           min(concat_ws(' ', authority, report_year, scope, 'report', old_id, 'became', new_id), 3) FILTER (new_id <> old_id) FROM standing
    UNION ALL
    SELECT 'values_changed', '', (SELECT count(value) FROM old.cell), count(*),
           min(format('{} {} {}: {} became {} ({} of document {})', name, metric, applicant, number(old_value, old_status), number(new_value, new_status), locator, sha256), 3)
    FROM cell_change JOIN named USING (report_id) WHERE change = 'changed' AND old_value IS DISTINCT FROM new_value
    UNION ALL
    SELECT 'values_gone', '', (SELECT count(value) FROM old.cell), count(*),
           min(format('{} {} {}: was {} ({} of document {})', ifnull(name, 'unknown'), metric, applicant, number(old_value, old_status), locator, sha256), 3)
    FROM cell_change LEFT JOIN named USING (report_id) WHERE change = 'gone' AND old_value IS NOT NULL
    UNION ALL
    SELECT 'quantities_changed', '', (SELECT count(value) FROM old.quantity), count(*),
           min(format('{} {} {}: {} became {}', name, metric, applicant, number(old_value, old_status), number(new_value, new_status)), 3)
    FROM quantity_change JOIN named USING (report_id)
    UNION ALL
    SELECT 'identities_lost', '', (SELECT count(*) FROM old.check_result WHERE outcome = 'held'), count(*),
           min(format('{} {} {}: {} = {} held, {} = {} {}', name, identity, instance, number(old_lhs, '?'), number(old_rhs, '?'),
                      number(new_lhs, '?'), number(new_rhs, '?'), new_outcome), 3)
    FROM check_change JOIN named USING (report_id) WHERE old_outcome = 'held'
    UNION ALL
    SELECT 'grades_lost', '', count(*) FILTER (old_grade <> 'contradicted'), count(*) FILTER (lost),
           min(concat_ws(' ', authority, report_year, scope, old_grade, 'became', new_grade), 3) FILTER (lost)
    FROM (SELECT *, old_grade = 'proved' AND new_grade <> 'proved' OR old_grade = 'unproved' AND new_grade = 'contradicted' AS lost FROM standing)
    WHERE old_id IS NOT NULL AND new_id IS NOT NULL
    UNION ALL
    SELECT 'definitions_changed', '', count(*), count(*) FILTER (old_terms <> new_terms),
           min(format('{}: {} became {}', owner, list_filter(old_terms, lambda t: NOT list_contains(new_terms, t)),
                      list_filter(new_terms, lambda t: NOT list_contains(old_terms, t))), 3) FILTER (old_terms <> new_terms)
    FROM definition
    UNION ALL
    SELECT 'rows_gone', table_name, old_rows, greatest(0, old_rows - ifnull(new_rows, 0)), NULL FROM table_rows WHERE old_rows > 0
)
SELECT measure, part, base, lost, floor(greatest(t.max_count, t.max_share * base))::BIGINT AS allowed, lost > allowed AS broken,
       ifnull(array_to_string(examples, '; '), '') AS examples, t.reason
FROM measured LEFT JOIN threshold t USING (measure)
ORDER BY broken DESC NULLS FIRST, measure, part
