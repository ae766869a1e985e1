-- Fills the tables from the inputs, which stand as temporary views in_*, each over Parquet files.
-- Every insert names its order: the same inputs then give the same bytes.

INSERT INTO metric SELECT id, label_zh, label_en, unit, kind, family, by_applicant, sum_of FROM in_metric ORDER BY id;
INSERT INTO indicator_definition
    SELECT id, label_zh, label_en, numerator, denominator, unit, family, min_n, note_zh, note_en FROM in_indicator ORDER BY id;
INSERT INTO series_definition
    SELECT id, label_zh, label_en, a, b, cd, comparability, note_zh, note_en FROM in_series ORDER BY id;
INSERT INTO identity
    SELECT id, "table", forms, per, lhs, op, rhs, severity, label_zh, label_en, source FROM in_identity ORDER BY id;
INSERT INTO term
    SELECT kind, owner, side, position, sign, metric, applicant FROM in_term ORDER BY kind, owner, side, position;
INSERT INTO form_break SELECT year, family, label_zh, label_en, source FROM in_break ORDER BY year, family;
INSERT INTO region SELECT adcode, name, level, parent, name_en FROM in_region ORDER BY adcode;

INSERT INTO location
    SELECT url, sha256, portal, portal_name, region_code, title, found_on, fetched_at::TIMESTAMP,
           http_status, content_type, provenance
    FROM in_location ORDER BY ALL;

INSERT INTO crawl_ledger
    SELECT url, portal, kind, title, found_on, state, reason, detail, http_status, sha256, nullif(fetched_at, '')::TIMESTAMP
    FROM in_ledger ORDER BY ALL;

INSERT INTO expectation
    SELECT portal, portal_name, authority, region_code, admin_level, needs, report_year, nullif(due_on, '')::DATE
    FROM in_expectation ORDER BY ALL;

-- A document is cited by the place where its bytes were first received.
INSERT INTO document
    WITH first_location AS (
        SELECT sha256, url, fetched_at FROM location
        QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY fetched_at, url, portal) = 1
    )
    SELECT d.sha256, l.url, l.fetched_at, d.media_type, d.bytes, d.title, d.reason, d.detail
    FROM in_document d LEFT JOIN first_location l USING (sha256)
    ORDER BY d.sha256;

INSERT INTO cell
    SELECT report_id, cell_no, "table", metric, applicant, value, status, raw, locator, row_label, column_label, grade
    FROM in_cell ORDER BY report_id, cell_no;

INSERT INTO check_result
    SELECT report_id, identity, instance, lhs, rhs, delta, outcome, unprinted
    FROM in_check_result ORDER BY report_id, identity, instance;

INSERT INTO finding SELECT sha256, code, severity, message, locator FROM in_finding ORDER BY ALL;

-- Of the versions of one report (same adcode, authority, scope and year) the one fetched last is current;
-- a document of unknown fetch time counts as older than any other. A report whose year or authority is not
-- established has no key, so it is kept but is no version of anything.
INSERT INTO report
    WITH proof AS (
        SELECT c.report_id,
               bool_or(c.outcome = 'failed' AND i.severity = 'error') AS contradicted,
               bool_or(c.outcome = 'failed') AS failed,
               bool_or(c.outcome = 'held') AS held
        FROM check_result c LEFT JOIN identity i ON i.id = c.identity
        GROUP BY c.report_id
    ), version AS (
        SELECT r.report_id,
               lag(r.report_id) OVER newer AS supersedes,
               lead(r.report_id) OVER newer IS NULL AS is_current
        FROM in_report r LEFT JOIN document d USING (sha256)
        WHERE r.report_year IS NOT NULL AND r.authority <> ''
        WINDOW newer AS (PARTITION BY r.adcode, r.authority, r.scope, r.report_year
                         ORDER BY d.fetched_at NULLS FIRST, r.sha256)
    )
    SELECT r.report_id, r.sha256, r.title, r.authority, r.authority_evidence, r.adcode, r.report_year, r.year_evidence,
           r.scope, r.scope_evidence, r.scope_confidence, r.era, r.forms, r.identities_held, r.identities_failed,
           r.identities_open, r.extractor, r.codebook,
           CASE WHEN p.contradicted THEN 'contradicted' WHEN p.held AND NOT p.failed THEN 'proved' ELSE 'unproved' END,
           v.is_current IS NOT NULL AND v.is_current, v.supersedes, d.url, d.fetched_at
    FROM in_report r
    LEFT JOIN document d USING (sha256)
    LEFT JOIN proof p USING (report_id)
    LEFT JOIN version v USING (report_id)
    ORDER BY r.report_id;

-- The codebook knows the region of an authority best; else the reports tell, if they agree.
INSERT INTO authority
    WITH signed AS (
        SELECT authority, CASE WHEN count(DISTINCT adcode) = 1 THEN min(adcode) END AS adcode
        FROM report WHERE authority <> '' GROUP BY authority
    )
    SELECT s.authority, nullif(a.name_en, ''), CASE WHEN a.name IS NOT NULL THEN a.adcode ELSE nullif(s.adcode, '') END
    FROM signed s LEFT JOIN in_authority a ON a.name = s.authority
    ORDER BY s.authority;

INSERT INTO run
    SELECT getvariable('build_id'),
           (SELECT ifnull(string_agg(DISTINCT extractor, ' ' ORDER BY extractor), '') FROM report),
           getvariable('codebook'),
           (SELECT count(*) FROM document), (SELECT count(*) FROM report), (SELECT count(*) FROM cell);
