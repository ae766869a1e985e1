-- One row an authority, year and scope: the total of all applicants, NULL where the report has no number.

CREATE VIEW requests AS
WITH total AS (
    SELECT report_id, value, CASE WHEN applicant = 'total' THEN metric ELSE metric || '_' || applicant END AS name
    FROM metric_by_applicant
), wide AS (
    FROM total PIVOT (max(value) FOR name IN (
        'app_new', 'app_new_natural_person', 'app_carried_in', 'app_closed_total', 'app_carried_out', 'app_replied'
    ) GROUP BY report_id)
)
SELECT r.* EXCLUDE (sha256, url, fetched_at), w.* EXCLUDE (report_id)
FROM current_report r LEFT JOIN wide w USING (report_id);

CREATE VIEW outcomes AS
WITH total AS (SELECT report_id, value, metric FROM metric_by_applicant WHERE applicant = 'total'),
wide AS (
    FROM total PIVOT (max(value) FOR metric IN (
        'app_closed_total', 'out_granted', 'out_partial', 'out_denied', 'out_unavail', 'out_notproc', 'out_other',
        'out_denied_state_secret', 'out_denied_law_prohibited', 'out_denied_safety_stability',
        'out_denied_third_party', 'out_denied_internal_affairs', 'out_denied_process_info',
        'out_denied_enforcement_file', 'out_denied_admin_query',
        'out_unavail_not_held', 'out_unavail_needs_creation', 'out_unavail_unclear',
        'out_notproc_petition', 'out_notproc_duplicate', 'out_notproc_publication', 'out_notproc_excessive',
        'out_notproc_confirm_reissue',
        'out_other_overdue_correction', 'out_other_overdue_fee', 'out_other_misc',
        'out_already_public', 'out_agreed', 'out_denied_trade_secret', 'out_denied_privacy',
        'out_denied_not_gov_info', 'out_denied_other_law', 'out_not_this_agency', 'out_info_not_exist',
        'out_told_amend', 'out_told_other_channel', 'out_a_content_unclear', 'out_a_denied_internal',
        'out_a_denied_process', 'out_a_denied_enforcement'
    ) GROUP BY report_id)
)
SELECT r.* EXCLUDE (sha256, url, fetched_at), w.* EXCLUDE (report_id)
FROM current_report r LEFT JOIN wide w USING (report_id);

CREATE VIEW disputes AS
WITH total AS (SELECT report_id, value, metric FROM metric_by_applicant WHERE applicant = 'total'),
wide AS (
    FROM total PIVOT (max(value) FOR metric IN (
        'rev_upheld', 'rev_corrected', 'rev_other', 'rev_pending', 'rev_total',
        'lit_direct_upheld', 'lit_direct_corrected', 'lit_direct_other', 'lit_direct_pending', 'lit_direct_total',
        'lit_post_upheld', 'lit_post_corrected', 'lit_post_other', 'lit_post_pending', 'lit_post_total',
        'lit_total'
    ) GROUP BY report_id)
)
SELECT r.* EXCLUDE (sha256, url, fetched_at), w.* EXCLUDE (report_id)
FROM current_report r LEFT JOIN wide w USING (report_id);

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
