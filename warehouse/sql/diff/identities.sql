-- Checks of reports that both builds hold, which come out otherwise.
SELECT r.authority, r.report_year, r.scope, c.identity, c.instance, c.old_outcome, c.old_lhs, c.old_rhs, c.new_outcome, c.new_lhs, c.new_rhs, r.url
FROM check_change c JOIN new.report r USING (report_id)
ORDER BY c.new_outcome, r.authority, r.report_year, r.scope, c.identity, c.instance, c.report_id
