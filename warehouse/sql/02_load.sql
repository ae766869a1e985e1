-- Fills the tables from the inputs, which stand as temporary views in_*, each over Parquet files.
-- Every insert names its order: the same inputs then give the same bytes.

INSERT INTO metric SELECT id, label_zh, label_en, unit, kind, family, by_applicant, sum_of FROM in_metric ORDER BY id;
INSERT INTO indicator_definition
    SELECT id, label_zh, label_en, numerator, denominator, unit, family, min_n, note_zh, note_en FROM in_indicator ORDER BY id;
INSERT INTO series_definition
    SELECT id, label_zh, label_en, a, b, cd, comparability, note_zh, note_en FROM in_series ORDER BY id;
INSERT INTO identity
    SELECT id, "table", forms, per, lhs, op, rhs, severity, label_zh, label_en, source FROM in_identity ORDER BY id;
INSERT INTO continuity_definition
    SELECT id, "table", forms, per, before, now, severity, label_zh, label_en, source FROM in_continuity ORDER BY id;
INSERT INTO hierarchy_definition
    SELECT id, "table", forms, whole, part, metrics, tolerance, severity, label_zh, label_en, source FROM in_hierarchy ORDER BY id;
INSERT INTO roster SELECT adcode, authority, scope, valid_from, valid_to, source FROM in_roster ORDER BY ALL;
INSERT INTO route SELECT media_type, route FROM in_route ORDER BY media_type;
INSERT INTO term
    SELECT kind, owner, side, position, sign, metric, applicant FROM in_term ORDER BY kind, owner, side, position;
INSERT INTO form_break SELECT year, family, label_zh, label_en, source FROM in_break ORDER BY year, family;
INSERT INTO region
    WITH before AS (
        SELECT successor AS adcode, string_agg(adcode, ' ' ORDER BY adcode) AS predecessors
        FROM (SELECT adcode, unnest(string_split(successors, ' ')) AS successor FROM in_region WHERE successors <> '')
        GROUP BY successor
    )
    SELECT r.adcode, r.name, r.level, r.parent, r.name_en, r.valid_from, r.valid_to, ifnull(b.predecessors, ''), r.successors
    FROM in_region r LEFT JOIN before b USING (adcode)
    ORDER BY r.adcode;
INSERT INTO region_name SELECT adcode, name, valid_from, valid_to FROM in_region_name ORDER BY adcode, valid_to;

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

INSERT INTO raw_cell
    SELECT report_id, table_no, "row", "column", row_span, column_span, raw, locator
    FROM in_raw_cell ORDER BY report_id, table_no, "row", "column", row_span, column_span, raw, locator;

INSERT INTO check_result
    SELECT report_id, identity, instance, lhs, rhs, delta, outcome, unprinted, reread
    FROM in_check_result ORDER BY report_id, identity, instance;

INSERT INTO finding SELECT sha256, code, severity, message, locator FROM in_finding ORDER BY ALL;

-- What the document alone does not settle, the portals that carry it may: which of the regions that its authority's name
-- fits is meant, if only one lies in the region of a portal; and the year, if all links name the same one in their title
-- or, as some systems do, in the address. A district's body then takes its city's name, as extract does.
CREATE TEMP VIEW settled_report AS
    WITH candidate AS (
        SELECT report_id, sha256, unnest(string_split(adcode_candidates, ' ')) AS adcode
        FROM in_report WHERE adcode_candidates <> ''
    ), placed AS (
        SELECT c.report_id, min(c.adcode) AS adcode
        FROM candidate c JOIN location l USING (sha256)
        WHERE l.region_code IN (c.adcode, left(c.adcode, 4) || '00', left(c.adcode, 2) || '0000')
        GROUP BY c.report_id HAVING count(DISTINCT c.adcode) = 1
    ), link AS (
        SELECT r.report_id, l.title, l.url,
               unnest(regexp_extract_all(l.title, '(20\d\d)年', 1) || regexp_extract_all(l.url, '[?&]fbtime=(20\d\d)', 1))::INTEGER AS year
        FROM in_report r JOIN location l USING (sha256)
        WHERE r.report_year IS NULL
    ), dated AS (
        SELECT report_id, min(year) AS year, min(CASE WHEN contains(title, year::VARCHAR) THEN title ELSE url END) AS evidence
        FROM link GROUP BY report_id HAVING count(DISTINCT year) = 1
    )
    SELECT r.* REPLACE (
               ifnull(p.adcode, r.adcode) AS adcode,
               CASE WHEN regexp_matches(g.name, '[^特林]区$') AND c.name LIKE '%市' AND starts_with(r.authority, g.name)
                    THEN c.name || r.authority ELSE r.authority END AS authority,
               CASE WHEN p.adcode IS NULL THEN r.authority_confidence ELSE 0.8 END AS authority_confidence,
               ifnull(r.report_year, d.year) AS report_year,
               CASE WHEN d.year IS NULL THEN r.year_confidence ELSE 0.7 END AS year_confidence,
               CASE WHEN d.year IS NULL THEN r.year_evidence ELSE 'link: ' || d.evidence END AS year_evidence),
           CASE WHEN p.adcode IS NOT NULL THEN 'portal' WHEN r.adcode <> '' THEN 'name' ELSE '' END AS adcode_evidence
    FROM in_report r
    LEFT JOIN placed p USING (report_id)
    LEFT JOIN region g ON g.adcode = p.adcode
    LEFT JOIN region c ON c.adcode = g.parent
    LEFT JOIN dated d USING (report_id);

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
        FROM settled_report r LEFT JOIN document d USING (sha256)
        WHERE r.report_year IS NOT NULL AND r.authority <> ''
        WINDOW newer AS (PARTITION BY r.adcode, r.authority, r.scope, r.report_year
                         ORDER BY d.fetched_at NULLS FIRST, r.sha256)
    )
    SELECT r.report_id, r.sha256, r.title, r.authority, r.authority_evidence, r.authority_confidence, r.adcode, r.adcode_evidence,
           r.report_year, r.year_evidence, r.year_confidence,
           r.scope, r.scope_evidence, r.scope_confidence, r.era, r.forms, r.identities_held, r.identities_failed,
           r.identities_open, r.extractor, r.codebook,
           CASE WHEN p.contradicted THEN 'contradicted' WHEN p.held AND NOT p.failed THEN 'proved' ELSE 'unproved' END,
           v.is_current IS NOT NULL AND v.is_current, v.supersedes, d.url, d.fetched_at
    FROM settled_report r
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
