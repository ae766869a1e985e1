-- One row an authority, year and scope: the total of all applicants, NULL where the report has no number.

CREATE VIEW requests AS
SELECT r.* EXCLUDE (sha256, url, fetched_at),
       w.app_new, w.app_new_natural_person, w.app_carried_in, w.app_closed_total, w.app_carried_out, w.app_replied
FROM current_report r LEFT JOIN total w USING (report_id);

CREATE VIEW outcomes AS
SELECT r.* EXCLUDE (sha256, url, fetched_at),
       w.app_closed_total, w.out_granted, w.out_partial, w.out_denied, w.out_unavail, w.out_notproc, w.out_other,
       w.out_denied_state_secret, w.out_denied_law_prohibited, w.out_denied_safety_stability,
       w.out_denied_third_party, w.out_denied_internal_affairs, w.out_denied_process_info,
       w.out_denied_enforcement_file, w.out_denied_admin_query, w.out_unavail_not_held, w.out_unavail_needs_creation,
       w.out_unavail_unclear, w.out_notproc_petition, w.out_notproc_duplicate, w.out_notproc_publication,
       w.out_notproc_excessive, w.out_notproc_confirm_reissue, w.out_other_overdue_correction,
       w.out_other_overdue_fee, w.out_other_misc, w.out_already_public, w.out_agreed, w.out_denied_trade_secret,
       w.out_denied_privacy, w.out_denied_not_gov_info, w.out_denied_other_law, w.out_not_this_agency,
       w.out_info_not_exist, w.out_told_amend, w.out_told_other_channel, w.out_a_content_unclear,
       w.out_a_denied_internal, w.out_a_denied_process, w.out_a_denied_enforcement
FROM current_report r LEFT JOIN total w USING (report_id);

CREATE VIEW disputes AS
SELECT r.* EXCLUDE (sha256, url, fetched_at),
       w.rev_upheld, w.rev_corrected, w.rev_other, w.rev_pending, w.rev_total, w.lit_direct_upheld,
       w.lit_direct_corrected, w.lit_direct_other, w.lit_direct_pending, w.lit_direct_total, w.lit_post_upheld,
       w.lit_post_corrected, w.lit_post_other, w.lit_post_pending, w.lit_post_total, w.lit_total
FROM current_report r LEFT JOIN total w USING (report_id);

-- What was known at a time: of each report the version that had come by then. What belongs together as renditions is judged
-- by all that is known now.
CREATE MACRO as_of(moment) AS TABLE
WITH came AS (
    SELECT ifnull(n.rendition_of, n.report_id) AS report_id, min(d.fetched_at) AS first
    FROM report n JOIN document d USING (sha256) GROUP BY ALL
)
SELECT r.*
FROM report r JOIN came c USING (report_id)
WHERE (r.is_current OR r.report_id IN (SELECT supersedes FROM report)) AND (c.first IS NULL OR c.first <= moment)
QUALIFY row_number() OVER (PARTITION BY r.adcode, r.authority, r.scope, r.report_year ORDER BY c.first DESC NULLS LAST, r.sha256 DESC) = 1;

CREATE MACRO cells_as_of(moment) AS TABLE
SELECT a.adcode, a.authority, a.scope, a.report_year, a.era, c.*
FROM cell c JOIN as_of(moment) a USING (report_id);

-- The total of all applicants is 'total', or '' where the table does not split them.
CREATE MACRO requests_as_of(moment) AS TABLE
WITH stated AS (
    SELECT report_id, metric, applicant, value FROM quantity
    WHERE metric IN ('app_new', 'app_carried_in', 'app_closed_total', 'app_carried_out', 'app_replied') AND applicant IN ('', 'total', 'natural_person')
)
SELECT a.report_id, a.adcode, a.authority, a.scope, a.report_year, a.era, a.grade,
       arg_max_null(s.value, s.applicant) FILTER (s.metric = 'app_new' AND s.applicant <> 'natural_person') AS app_new,
       max(s.value) FILTER (s.metric = 'app_new' AND s.applicant = 'natural_person') AS app_new_natural_person,
       arg_max_null(s.value, s.applicant) FILTER (s.metric = 'app_carried_in' AND s.applicant <> 'natural_person') AS app_carried_in,
       arg_max_null(s.value, s.applicant) FILTER (s.metric = 'app_closed_total' AND s.applicant <> 'natural_person') AS app_closed_total,
       arg_max_null(s.value, s.applicant) FILTER (s.metric = 'app_carried_out' AND s.applicant <> 'natural_person') AS app_carried_out,
       arg_max_null(s.value, s.applicant) FILTER (s.metric = 'app_replied' AND s.applicant <> 'natural_person') AS app_replied
FROM as_of(moment) a LEFT JOIN stated s USING (report_id)
GROUP BY ALL;
