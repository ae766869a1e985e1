-- Fills the tables from the inputs, which stand as temporary views in_*, each over Parquet files.
-- Every insert names its order: the same inputs then give the same bytes.

INSERT INTO metric SELECT id, label_zh, label_en, unit, kind, family, by_applicant, sum_of FROM in_metric ORDER BY id;
INSERT INTO indicator_definition
    SELECT id, label_zh, label_en, kind, numerator, denominator, unit, per, family, min_n, note_zh, note_en FROM in_indicator ORDER BY id;
INSERT INTO series_definition
    SELECT id, label_zh, label_en, a, b, cd, family, comparability, note_zh, note_en FROM in_series ORDER BY id;
INSERT INTO identity
    SELECT id, "table", forms, per, lhs, op, rhs, severity, label_zh, label_en, source FROM in_identity ORDER BY id;
INSERT INTO continuity_definition
    SELECT id, "table", forms, per, before, now, severity, label_zh, label_en, source FROM in_continuity ORDER BY id;
INSERT INTO hierarchy_definition
    SELECT id, "table", forms, whole, part, metrics, tolerance, severity, label_zh, label_en, source FROM in_hierarchy ORDER BY id;
INSERT INTO roster SELECT adcode, authority, scope, valid_from, valid_to, source FROM in_roster ORDER BY ALL;
INSERT INTO route SELECT media_type, route, preference FROM in_route ORDER BY media_type;
INSERT INTO term
    SELECT kind, owner, side, era, position, sign, metric, applicant FROM in_term ORDER BY kind, owner, side, era, position;
INSERT INTO era SELECT id, label_zh, label_en, first_year, last_year, source FROM in_era ORDER BY id;
INSERT INTO scope SELECT id, label_zh, label_en, whole FROM in_scope ORDER BY id;
INSERT INTO population
    SELECT adcode, year, (printed::DECIMAL(18, 4) * CASE unit WHEN '万人' THEN 10000 ELSE 1 END)::BIGINT, printed, unit, source, url,
           nullif(published_on, '')::DATE
    FROM in_population ORDER BY adcode, year;
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
           http_status, content_type, provenance, nullif(published_on, '')::DATE, published_as
    FROM in_location ORDER BY ALL;

INSERT INTO crawl_ledger
    SELECT url, portal, kind, title, found_on, state, reason, detail, http_status, sha256, nullif(fetched_at, '')::TIMESTAMP,
           nullif(published_on, '')::DATE, published_as, stale
    FROM in_ledger ORDER BY ALL;

-- The year is that of the title or, as with some systems, of the address; none where they name different ones.
INSERT INTO link
    WITH named AS (
        SELECT url, unnest(CASE WHEN report_year IS NULL THEN regexp_extract_all(title, '(20\d\d)年', 1) ELSE [report_year::VARCHAR] END)::INTEGER AS year,
               title AS evidence FROM in_link
        UNION ALL
        SELECT url, unnest(regexp_extract_all(url, '[?&]fbtime=(20\d\d)', 1))::INTEGER, url FROM in_link
    ), dated AS (
        SELECT url, any_value(year) AS year, min(evidence) AS evidence FROM named GROUP BY url HAVING count(DISTINCT year) = 1
    )
    SELECT url, k.title, k.authority, k.authority_evidence, k.adcode, k.adcode_candidates, d.year, ifnull(d.evidence, ''),
           k.scope, k.scope_evidence, k.scope_confidence
    FROM in_link k LEFT JOIN dated d USING (url) ORDER BY url;

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

INSERT INTO finding SELECT sha256, code, severity, message, locator FROM in_finding ORDER BY ALL;

-- What the document alone does not settle, the portals that carry it may: whose report it is, if it names nobody and all
-- links that name a body name the same; which of the regions that its authority's name fits is meant, if only one lies in
-- the region of a portal; and the year, if all links that name one name the same. A district's body then takes its city's
-- name, as extract does.
CREATE TEMP VIEW settled_report AS
    WITH linked AS (
        SELECT l.sha256, min(k.authority) AS authority, min(k.authority_evidence) AS authority_evidence, min(k.adcode) AS adcode,
               min(k.adcode_candidates) AS adcode_candidates, min(k.scope) AS scope, min(k.scope_evidence) AS scope_evidence,
               min(k.scope_confidence) AS scope_confidence
        FROM location l JOIN link k USING (url) WHERE k.authority <> ''
        GROUP BY l.sha256 HAVING count(DISTINCT k.authority) = 1
    ), named AS (
        SELECT r.* REPLACE (
                   ifnull(k.authority, r.authority) AS authority,
                   CASE WHEN k.authority IS NULL THEN r.authority_evidence ELSE 'link: ' || k.authority_evidence END AS authority_evidence,
                   ifnull(k.adcode, r.adcode) AS adcode, ifnull(k.adcode_candidates, r.adcode_candidates) AS adcode_candidates,
                   CASE WHEN r.scope = 'unknown' THEN ifnull(k.scope, r.scope) ELSE r.scope END AS scope,
                   CASE WHEN r.scope = 'unknown' THEN ifnull(k.scope_evidence, r.scope_evidence) ELSE r.scope_evidence END AS scope_evidence,
                   CASE WHEN r.scope = 'unknown' THEN ifnull(k.scope_confidence, r.scope_confidence) ELSE r.scope_confidence END AS scope_confidence)
        FROM in_report r LEFT JOIN linked k ON k.sha256 = r.sha256 AND r.authority = ''
    ), candidate AS (
        SELECT report_id, sha256, unnest(string_split(adcode_candidates, ' ')) AS adcode
        FROM named WHERE adcode_candidates <> ''
    ), placed AS (
        SELECT c.report_id, min(c.adcode) AS adcode
        FROM candidate c JOIN location l USING (sha256)
        WHERE l.region_code IN (c.adcode, left(c.adcode, 4) || '00', left(c.adcode, 2) || '0000')
        GROUP BY c.report_id HAVING count(DISTINCT c.adcode) = 1
    ), dated AS (
        SELECT l.sha256, any_value(k.report_year) AS year, min(k.year_evidence) AS evidence
        FROM location l JOIN link k USING (url) WHERE k.report_year IS NOT NULL
        GROUP BY l.sha256 HAVING count(DISTINCT k.report_year) = 1
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
    FROM named r
    LEFT JOIN placed p USING (report_id)
    LEFT JOIN region g ON g.adcode = p.adcode
    LEFT JOIN region c ON c.adcode = g.parent
    LEFT JOIN dated d ON d.sha256 = r.sha256 AND r.report_year IS NULL;

-- A divided report: of a page and what belongs to it, those that hold tables which none before them holds. They are read
-- as one, in their order; a document that came to the same address later takes the place of the earlier.
CREATE TEMP TABLE further_page AS
    WITH latest AS (
        SELECT * FROM location QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC, sha256 DESC) = 1
    ), held AS (
        SELECT report_id, list(DISTINCT "table") AS tables FROM in_cell WHERE value IS NOT NULL GROUP BY report_id
    ), page AS (
        SELECT ifnull(first.url, l.url) AS root, r.report_id, r.authority, r.report_year, h.tables,
               row_number() OVER (PARTITION BY root, r.authority, r.report_year ORDER BY first.url IS NOT NULL, l.url) AS nr
        FROM latest l JOIN settled_report r USING (sha256) JOIN held h USING (report_id) LEFT JOIN latest first ON first.url = l.found_on
        WHERE r.authority <> '' AND r.report_year IS NOT NULL
    ), further AS (
        SELECT n.report_id, min(o.report_id) AS part_of, min(n.nr) AS nr
        FROM page n JOIN page o ON o.root = n.root AND o.authority = n.authority AND o.report_year = n.report_year AND o.nr = 1
        WHERE n.nr > 1 AND n.report_id <> o.report_id
          AND NOT EXISTS (FROM page b WHERE b.root = n.root AND b.authority = n.authority AND b.report_year = n.report_year
                                        AND b.nr < n.nr AND list_has_any(b.tables, n.tables))
        GROUP BY n.report_id
    ), sized AS (
        SELECT part_of, report_id, nr, (SELECT max(cell_no) FROM in_cell c WHERE c.report_id = p.report_id) AS cells,
               (SELECT ifnull(max(table_no), 0) FROM in_raw_cell c WHERE c.report_id = p.report_id) AS tables
        FROM (SELECT part_of, report_id, nr FROM further UNION SELECT part_of, part_of, 0 FROM further) p
        WHERE part_of NOT IN (SELECT report_id FROM further)
    )
    SELECT part_of, report_id, sum(cells) OVER before AS cells_before, sum(tables) OVER before AS tables_before
    FROM sized WINDOW before AS (PARTITION BY part_of ORDER BY nr, report_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    QUALIFY report_id <> part_of;

INSERT INTO cell
    SELECT ifnull(p.part_of, c.report_id), c.cell_no + ifnull(p.cells_before, 0), c."table", c.metric, c.applicant, c.value, c.status, c.raw, c.locator,
           c.row_label, c.column_label, c.grade, ifnull(r.sha256, '')
    FROM in_cell c LEFT JOIN further_page p USING (report_id) LEFT JOIN in_report r USING (report_id);

INSERT INTO raw_cell
    SELECT ifnull(p.part_of, c.report_id), c.table_no + ifnull(p.tables_before, 0), c."row", c."column", c.row_span, c.column_span, c.raw, c.locator
    FROM in_raw_cell c LEFT JOIN further_page p USING (report_id);

INSERT INTO check_result
    SELECT ifnull(p.part_of, c.report_id), c.identity, c.instance, c.lhs, c.rhs, c.delta, c.outcome, c.unprinted, c.reread
    FROM in_check_result c LEFT JOIN further_page p USING (report_id);

-- Documents of one report that state the same figures, and a page and its attachments, are renditions of it: that which
-- has most tables, reads best, is no attachment and came first stands for them. What one address held after the other are versions.
CREATE TEMP TABLE rendition AS
    WITH RECURSIVE several AS (
        SELECT r.report_id, r.sha256, r.authority, r.adcode, r.scope, r.report_year, d.media_type, d.fetched_at
        FROM settled_report r JOIN document d USING (sha256) ANTI JOIN further_page p USING (report_id)
        WHERE r.report_year IS NOT NULL AND r.authority <> ''
        QUALIFY count(*) OVER (PARTITION BY r.authority, r.report_year) > 1
    ), stated AS (
        SELECT report_id, count(DISTINCT "table") AS tables, count(*) AS numbers,
               list({'t': "table", 'm': metric, 'a': applicant, 'v': value} ORDER BY "table", metric, applicant, value) AS figures
        FROM cell SEMI JOIN several USING (report_id) WHERE value IS NOT NULL GROUP BY report_id
    ), attached AS (
        SELECT DISTINCT part.sha256 AS part, page.sha256 AS page FROM location part JOIN location page ON page.url = part.found_on
    ), ranked AS (
        SELECT s.*, f.figures, row_number() OVER (
                   ORDER BY f.tables DESC, w.preference NULLS LAST, s.sha256 IN (SELECT part FROM attached), f.numbers DESC,
                            s.fetched_at NULLS LAST, s.sha256 DESC) AS rank
        FROM several s JOIN stated f USING (report_id) LEFT JOIN route w USING (media_type)
    ), pair AS (
        SELECT d.report_id, e.report_id AS other, e.rank, d.figures = e.figures AS alike
        FROM ranked d JOIN ranked e ON e.authority = d.authority AND e.report_year = d.report_year AND e.rank < d.rank
        WHERE (d.sha256, e.sha256) IN (FROM attached) OR (e.sha256, d.sha256) IN (FROM attached)
           OR d.adcode = e.adcode AND d.scope = e.scope AND d.figures = e.figures
              AND NOT EXISTS (FROM location a JOIN location b USING (url) WHERE a.sha256 = d.sha256 AND b.sha256 = e.sha256)
    ), better AS (
        SELECT report_id, other FROM pair QUALIFY row_number() OVER (PARTITION BY report_id ORDER BY alike DESC, rank) = 1
    ), up AS (
        SELECT report_id, other FROM better
        UNION ALL
        SELECT up.report_id, b.other FROM up JOIN better b ON b.report_id = up.other
    )
    SELECT report_id, other AS rendition_of FROM up WHERE other NOT IN (SELECT report_id FROM better);

-- Of the versions of one report (same adcode, authority, scope and year) the one that came last, in any rendition, is
-- current; a document of unknown fetch time counts as older than any other. A report whose year or authority is not
-- established has no key, so it is kept but is no version of anything.
INSERT INTO report
    WITH proof AS (
        SELECT c.report_id,
               bool_or(c.outcome = 'failed' AND i.severity = 'error') AS contradicted,
               bool_or(c.outcome = 'failed') AS failed,
               bool_or(c.outcome = 'held') AS held
        FROM check_result c LEFT JOIN identity i ON i.id = c.identity
        GROUP BY c.report_id
    ), more AS ( -- that further pages bring
        SELECT f.part_of AS report_id, min(nullif(r.era, '')) AS era, string_agg(nullif(r.forms, ''), ' ' ORDER BY f.cells_before) AS forms,
               sum(r.identities_held) AS held, sum(r.identities_failed) AS failed, sum(r.identities_open) AS open
        FROM further_page f JOIN in_report r USING (report_id) GROUP BY f.part_of
    ), came AS (
        SELECT ifnull(n.rendition_of, r.report_id) AS report_id, min(d.fetched_at) AS first
        FROM settled_report r JOIN document d USING (sha256) LEFT JOIN rendition n USING (report_id) GROUP BY ALL
    ), version AS (
        SELECT r.report_id,
               lag(r.report_id) OVER newer AS supersedes,
               lead(r.report_id) OVER newer IS NULL AS is_current
        FROM settled_report r JOIN came c USING (report_id) ANTI JOIN rendition n USING (report_id) ANTI JOIN further_page p USING (report_id)
        WHERE r.report_year IS NOT NULL AND r.authority <> ''
        WINDOW newer AS (PARTITION BY r.adcode, r.authority, r.scope, r.report_year
                         ORDER BY c.first NULLS FIRST, r.sha256)
    )
    SELECT r.report_id, r.sha256, r.title, r.authority, r.authority_evidence, r.authority_confidence, r.adcode, r.adcode_evidence,
           r.report_year, r.year_evidence, r.year_confidence,
           r.scope, r.scope_evidence, r.scope_confidence, CASE WHEN r.era = '' THEN ifnull(m.era, '') ELSE r.era END,
           concat_ws(' ', nullif(r.forms, ''), m.forms), r.identities_held + ifnull(m.held, 0), r.identities_failed + ifnull(m.failed, 0),
           r.identities_open + ifnull(m.open, 0), r.extractor, r.codebook,
           CASE WHEN p.contradicted THEN 'contradicted' WHEN p.held AND NOT p.failed THEN 'proved' ELSE 'unproved' END,
           v.is_current IS NOT NULL AND v.is_current, v.supersedes, n.rendition_of, f.part_of, d.url, d.fetched_at
    FROM settled_report r
    LEFT JOIN document d USING (sha256)
    LEFT JOIN proof p USING (report_id)
    LEFT JOIN version v USING (report_id)
    LEFT JOIN rendition n USING (report_id)
    LEFT JOIN further_page f USING (report_id)
    LEFT JOIN more m USING (report_id)
    ORDER BY r.report_id;

-- A correction that names its report by address means each document that came from there; by its key, the version that stands.
INSERT INTO correction
    WITH named AS (
        SELECT k.id, ifnull(r.part_of, r.report_id) AS report_id FROM in_correction k JOIN report r ON r.sha256 = k.sha256
        UNION
        SELECT k.id, ifnull(r.part_of, r.report_id) FROM in_correction k JOIN location l ON l.url = k.url JOIN report r ON r.sha256 = l.sha256
        UNION
        SELECT k.id, r.report_id FROM in_correction k
        JOIN report r ON r.is_current AND r.adcode = k.adcode AND r.report_year = k.report_year AND r.scope = k.scope AND k.authority IN ('', r.authority)
    ), found AS (
        SELECT id, count(*) AS reports, CASE WHEN count(*) = 1 THEN min(report_id) END AS report_id FROM named GROUP BY id
    )
    SELECT k.id, k.file, k.line, k.sha256, k.url, k.adcode, k.authority, k.report_year, k.scope, k.metric, k.applicant, k.printed,
           k.corrected::DECIMAL(28, 8), k.reason, k.evidence, k.status, k.reporter, k.reviewed_by, k.decided_on::DATE, ifnull(f.reports, 0), f.report_id
    FROM in_correction k LEFT JOIN found f USING (id)
    ORDER BY k.id;

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
