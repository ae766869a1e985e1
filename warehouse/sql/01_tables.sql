-- The tables of the warehouse. What each table and column means stands in comments.csv,
-- which the build attaches to them; only types and keys stand here.
--
-- The same rows have to give the same bytes. A number or time that may be NULL is therefore
-- compressed by runs: bit packing stores what memory happened to hold in the place of a NULL.

CREATE TABLE authority (
    authority    VARCHAR PRIMARY KEY,
    authority_en VARCHAR,
    adcode       VARCHAR
);

CREATE TABLE document (
    sha256     VARCHAR PRIMARY KEY,
    url        VARCHAR,
    fetched_at TIMESTAMP USING COMPRESSION rle,
    media_type VARCHAR NOT NULL,
    bytes      BIGINT NOT NULL,
    title      VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    detail     VARCHAR NOT NULL
);

CREATE TABLE location (
    url          VARCHAR NOT NULL,
    sha256       VARCHAR NOT NULL,
    portal       VARCHAR NOT NULL,
    portal_name  VARCHAR NOT NULL,
    region_code  VARCHAR NOT NULL,
    title        VARCHAR NOT NULL,
    found_on     VARCHAR NOT NULL,
    fetched_at   TIMESTAMP NOT NULL,
    http_status  INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    provenance   VARCHAR NOT NULL,
    published_on DATE USING COMPRESSION rle,
    published_as VARCHAR NOT NULL
);

CREATE TABLE report (
    report_id          VARCHAR PRIMARY KEY,
    sha256             VARCHAR NOT NULL,
    title              VARCHAR NOT NULL,
    authority          VARCHAR NOT NULL,
    authority_evidence VARCHAR NOT NULL,
    authority_confidence DOUBLE NOT NULL,
    adcode             VARCHAR NOT NULL,
    adcode_evidence    VARCHAR NOT NULL,
    report_year        INTEGER USING COMPRESSION rle,
    year_evidence      VARCHAR NOT NULL,
    year_confidence    DOUBLE NOT NULL,
    scope              VARCHAR NOT NULL,
    scope_evidence     VARCHAR NOT NULL,
    scope_confidence   DOUBLE NOT NULL,
    era                VARCHAR NOT NULL,
    forms              VARCHAR NOT NULL,
    identities_held    INTEGER NOT NULL,
    identities_failed  INTEGER NOT NULL,
    identities_open    INTEGER NOT NULL,
    extractor          VARCHAR NOT NULL,
    codebook           VARCHAR NOT NULL,
    grade              VARCHAR NOT NULL,
    is_current         BOOLEAN NOT NULL,
    supersedes         VARCHAR,
    rendition_of       VARCHAR,
    part_of            VARCHAR,
    url                VARCHAR,
    fetched_at         TIMESTAMP USING COMPRESSION rle
);

CREATE TABLE cell (
    report_id    VARCHAR NOT NULL,
    cell_no      INTEGER NOT NULL,
    "table"      VARCHAR NOT NULL,
    metric       VARCHAR NOT NULL,
    applicant    VARCHAR NOT NULL,
    value        DECIMAL(28, 8) USING COMPRESSION rle,
    status       VARCHAR NOT NULL,
    raw          VARCHAR NOT NULL,
    locator      VARCHAR NOT NULL,
    row_label    VARCHAR NOT NULL,
    column_label VARCHAR NOT NULL,
    grade        VARCHAR NOT NULL,
    sha256       VARCHAR NOT NULL
);

CREATE TABLE raw_cell (
    report_id   VARCHAR NOT NULL,
    table_no    INTEGER NOT NULL,
    "row"       INTEGER NOT NULL,
    "column"    INTEGER NOT NULL,
    row_span    INTEGER NOT NULL,
    column_span INTEGER NOT NULL,
    raw         VARCHAR NOT NULL,
    locator     VARCHAR NOT NULL
);

CREATE TABLE settled_quantity (
    report_id VARCHAR NOT NULL,
    metric    VARCHAR NOT NULL,
    applicant VARCHAR NOT NULL,
    value     DECIMAL(28, 8) USING COMPRESSION rle,
    status    VARCHAR NOT NULL,
    grade     VARCHAR NOT NULL,
    cell_no   INTEGER USING COMPRESSION rle
);

-- A column is a metric, or a metric and an applicant.
CREATE TABLE total (
    report_id VARCHAR NOT NULL,
    app_new                      DECIMAL(28, 8) USING COMPRESSION rle,
    app_new_natural_person       DECIMAL(28, 8) USING COMPRESSION rle,
    app_carried_in               DECIMAL(28, 8) USING COMPRESSION rle,
    app_closed_total             DECIMAL(28, 8) USING COMPRESSION rle,
    app_carried_out              DECIMAL(28, 8) USING COMPRESSION rle,
    app_replied                  DECIMAL(28, 8) USING COMPRESSION rle,
    out_granted                  DECIMAL(28, 8) USING COMPRESSION rle,
    out_partial                  DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied                   DECIMAL(28, 8) USING COMPRESSION rle,
    out_unavail                  DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc                  DECIMAL(28, 8) USING COMPRESSION rle,
    out_other                    DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_state_secret      DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_law_prohibited    DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_safety_stability  DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_third_party       DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_internal_affairs  DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_process_info      DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_enforcement_file  DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_admin_query       DECIMAL(28, 8) USING COMPRESSION rle,
    out_unavail_not_held         DECIMAL(28, 8) USING COMPRESSION rle,
    out_unavail_needs_creation   DECIMAL(28, 8) USING COMPRESSION rle,
    out_unavail_unclear          DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc_petition         DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc_duplicate        DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc_publication      DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc_excessive        DECIMAL(28, 8) USING COMPRESSION rle,
    out_notproc_confirm_reissue  DECIMAL(28, 8) USING COMPRESSION rle,
    out_other_overdue_correction DECIMAL(28, 8) USING COMPRESSION rle,
    out_other_overdue_fee        DECIMAL(28, 8) USING COMPRESSION rle,
    out_other_misc               DECIMAL(28, 8) USING COMPRESSION rle,
    out_already_public           DECIMAL(28, 8) USING COMPRESSION rle,
    out_agreed                   DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_trade_secret      DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_privacy           DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_not_gov_info      DECIMAL(28, 8) USING COMPRESSION rle,
    out_denied_other_law         DECIMAL(28, 8) USING COMPRESSION rle,
    out_not_this_agency          DECIMAL(28, 8) USING COMPRESSION rle,
    out_info_not_exist           DECIMAL(28, 8) USING COMPRESSION rle,
    out_told_amend               DECIMAL(28, 8) USING COMPRESSION rle,
    out_told_other_channel       DECIMAL(28, 8) USING COMPRESSION rle,
    out_a_content_unclear        DECIMAL(28, 8) USING COMPRESSION rle,
    out_a_denied_internal        DECIMAL(28, 8) USING COMPRESSION rle,
    out_a_denied_process         DECIMAL(28, 8) USING COMPRESSION rle,
    out_a_denied_enforcement     DECIMAL(28, 8) USING COMPRESSION rle,
    rev_upheld                   DECIMAL(28, 8) USING COMPRESSION rle,
    rev_corrected                DECIMAL(28, 8) USING COMPRESSION rle,
    rev_other                    DECIMAL(28, 8) USING COMPRESSION rle,
    rev_pending                  DECIMAL(28, 8) USING COMPRESSION rle,
    rev_total                    DECIMAL(28, 8) USING COMPRESSION rle,
    lit_direct_upheld            DECIMAL(28, 8) USING COMPRESSION rle,
    lit_direct_corrected         DECIMAL(28, 8) USING COMPRESSION rle,
    lit_direct_other             DECIMAL(28, 8) USING COMPRESSION rle,
    lit_direct_pending           DECIMAL(28, 8) USING COMPRESSION rle,
    lit_direct_total             DECIMAL(28, 8) USING COMPRESSION rle,
    lit_post_upheld              DECIMAL(28, 8) USING COMPRESSION rle,
    lit_post_corrected           DECIMAL(28, 8) USING COMPRESSION rle,
    lit_post_other               DECIMAL(28, 8) USING COMPRESSION rle,
    lit_post_pending             DECIMAL(28, 8) USING COMPRESSION rle,
    lit_post_total               DECIMAL(28, 8) USING COMPRESSION rle,
    lit_total                    DECIMAL(28, 8) USING COMPRESSION rle
);

CREATE TABLE series_value (
    report_id VARCHAR NOT NULL,
    series    VARCHAR NOT NULL,
    value     DECIMAL(28, 8) USING COMPRESSION rle,
    status    VARCHAR NOT NULL,
    grade     VARCHAR NOT NULL
);

CREATE TABLE indicator_value (
    report_id   VARCHAR NOT NULL,
    indicator   VARCHAR NOT NULL,
    numerator   DECIMAL(28, 8) USING COMPRESSION rle,
    denominator DECIMAL(28, 8) USING COMPRESSION rle,
    status      VARCHAR NOT NULL,
    grade       VARCHAR NOT NULL
);

CREATE TABLE funnel_target (
    indicator      VARCHAR NOT NULL,
    scope          VARCHAR NOT NULL,
    report_year    INTEGER NOT NULL,
    years          INTEGER NOT NULL,
    bodies         BIGINT NOT NULL,
    target         DOUBLE NOT NULL,
    overdispersion DOUBLE NOT NULL,
    tau2           DOUBLE NOT NULL
);

CREATE TABLE check_result (
    report_id VARCHAR NOT NULL,
    identity  VARCHAR NOT NULL,
    instance  VARCHAR NOT NULL,
    lhs       DECIMAL(28, 8) USING COMPRESSION rle,
    rhs       DECIMAL(28, 8) USING COMPRESSION rle,
    delta     DECIMAL(28, 8) USING COMPRESSION rle,
    outcome   VARCHAR NOT NULL,
    unprinted VARCHAR NOT NULL,
    reread    VARCHAR NOT NULL
);

CREATE TABLE correction (
    id          VARCHAR PRIMARY KEY,
    file        VARCHAR NOT NULL,
    line        INTEGER NOT NULL,
    sha256      VARCHAR NOT NULL,
    url         VARCHAR NOT NULL,
    adcode      VARCHAR NOT NULL,
    authority   VARCHAR NOT NULL,
    report_year INTEGER USING COMPRESSION rle,
    scope       VARCHAR NOT NULL,
    metric      VARCHAR NOT NULL,
    applicant   VARCHAR NOT NULL,
    printed     VARCHAR NOT NULL,
    corrected   DECIMAL(28, 8) NOT NULL,
    reason      VARCHAR NOT NULL,
    evidence    VARCHAR NOT NULL,
    status      VARCHAR NOT NULL,
    reporter    VARCHAR NOT NULL,
    reviewed_by VARCHAR NOT NULL,
    decided_on  DATE NOT NULL,
    reports     BIGINT NOT NULL,
    report_id   VARCHAR
);

CREATE TABLE finding (
    sha256   VARCHAR NOT NULL,
    code     VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    message  VARCHAR NOT NULL,
    locator  VARCHAR NOT NULL
);

CREATE TABLE crawl_ledger (
    url          VARCHAR NOT NULL,
    portal       VARCHAR NOT NULL,
    kind         VARCHAR NOT NULL,
    title        VARCHAR NOT NULL,
    found_on     VARCHAR NOT NULL,
    state        VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL,
    detail       VARCHAR NOT NULL,
    http_status  INTEGER USING COMPRESSION rle,
    sha256       VARCHAR NOT NULL,
    fetched_at   TIMESTAMP USING COMPRESSION rle,
    published_on DATE USING COMPRESSION rle,
    published_as VARCHAR NOT NULL,
    stale        BOOLEAN NOT NULL
);

CREATE TABLE link (
    url                VARCHAR NOT NULL,
    title              VARCHAR NOT NULL,
    authority          VARCHAR NOT NULL,
    authority_evidence VARCHAR NOT NULL,
    adcode             VARCHAR NOT NULL,
    adcode_candidates  VARCHAR NOT NULL,
    report_year        INTEGER USING COMPRESSION rle,
    year_evidence      VARCHAR NOT NULL,
    scope              VARCHAR NOT NULL,
    scope_evidence     VARCHAR NOT NULL,
    scope_confidence   DOUBLE NOT NULL
);

CREATE TABLE expectation (
    portal      VARCHAR NOT NULL,
    portal_name VARCHAR NOT NULL,
    authority   VARCHAR NOT NULL,
    adcode      VARCHAR NOT NULL,
    admin_level VARCHAR NOT NULL,
    needs       VARCHAR NOT NULL,
    report_year INTEGER USING COMPRESSION rle,
    due_on      DATE USING COMPRESSION rle
);

CREATE TABLE metric (
    id           VARCHAR PRIMARY KEY,
    label_zh     VARCHAR NOT NULL,
    label_en     VARCHAR NOT NULL,
    unit         VARCHAR NOT NULL,
    kind         VARCHAR NOT NULL,
    family       VARCHAR NOT NULL,
    by_applicant BOOLEAN NOT NULL,
    sum_of       VARCHAR NOT NULL
);

CREATE TABLE indicator_definition (
    id          VARCHAR PRIMARY KEY,
    label_zh    VARCHAR NOT NULL,
    label_en    VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    numerator   VARCHAR NOT NULL,
    denominator VARCHAR NOT NULL,
    unit        VARCHAR NOT NULL,
    per         INTEGER NOT NULL,
    family      VARCHAR NOT NULL,
    min_n       INTEGER NOT NULL,
    note_zh     VARCHAR NOT NULL,
    note_en     VARCHAR NOT NULL
);

CREATE TABLE series_definition (
    id            VARCHAR PRIMARY KEY,
    label_zh      VARCHAR NOT NULL,
    label_en      VARCHAR NOT NULL,
    a             VARCHAR NOT NULL,
    b             VARCHAR NOT NULL,
    cd            VARCHAR NOT NULL,
    family        VARCHAR NOT NULL,
    comparability VARCHAR NOT NULL,
    note_zh       VARCHAR NOT NULL,
    note_en       VARCHAR NOT NULL
);

CREATE TABLE identity (
    id       VARCHAR PRIMARY KEY,
    "table"  VARCHAR NOT NULL,
    forms    VARCHAR NOT NULL,
    per      VARCHAR NOT NULL,
    lhs      VARCHAR NOT NULL,
    op       VARCHAR NOT NULL,
    rhs      VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    label_zh VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    source   VARCHAR NOT NULL
);

CREATE TABLE continuity_definition (
    id       VARCHAR PRIMARY KEY,
    "table"  VARCHAR NOT NULL,
    forms    VARCHAR NOT NULL,
    per      VARCHAR NOT NULL,
    before   VARCHAR NOT NULL,
    now      VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    label_zh VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    source   VARCHAR NOT NULL
);

CREATE TABLE hierarchy_definition (
    id        VARCHAR PRIMARY KEY,
    "table"   VARCHAR NOT NULL,
    forms     VARCHAR NOT NULL,
    whole     VARCHAR NOT NULL,
    part      VARCHAR NOT NULL,
    metrics   VARCHAR NOT NULL,
    tolerance DOUBLE NOT NULL,
    severity  VARCHAR NOT NULL,
    label_zh  VARCHAR NOT NULL,
    label_en  VARCHAR NOT NULL,
    source    VARCHAR NOT NULL
);

CREATE TABLE roster (
    adcode     VARCHAR NOT NULL,
    authority  VARCHAR NOT NULL,
    scope      VARCHAR NOT NULL,
    valid_from INTEGER USING COMPRESSION rle,
    valid_to   INTEGER USING COMPRESSION rle,
    source     VARCHAR NOT NULL
);

CREATE TABLE route (
    media_type VARCHAR PRIMARY KEY,
    route      VARCHAR NOT NULL,
    preference INTEGER NOT NULL
);

CREATE TABLE term (
    kind      VARCHAR NOT NULL,
    owner     VARCHAR NOT NULL,
    side      VARCHAR NOT NULL,
    era       VARCHAR NOT NULL,
    position  INTEGER NOT NULL,
    sign      INTEGER NOT NULL,
    metric    VARCHAR NOT NULL,
    applicant VARCHAR NOT NULL,
    PRIMARY KEY (kind, owner, side, era, position)
);

CREATE TABLE era (
    id         VARCHAR PRIMARY KEY,
    label_zh   VARCHAR NOT NULL,
    label_en   VARCHAR NOT NULL,
    first_year INTEGER NOT NULL,
    last_year  INTEGER USING COMPRESSION rle,
    source     VARCHAR NOT NULL
);

CREATE TABLE scope (
    id       VARCHAR PRIMARY KEY,
    label_zh VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    whole    VARCHAR NOT NULL
);

CREATE TABLE population (
    adcode       VARCHAR NOT NULL,
    year         INTEGER NOT NULL,
    population   BIGINT NOT NULL,
    printed      VARCHAR NOT NULL,
    unit         VARCHAR NOT NULL,
    source       VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    published_on DATE USING COMPRESSION rle,
    PRIMARY KEY (adcode, year)
);

CREATE TABLE form_break (
    year     INTEGER NOT NULL,
    family   VARCHAR NOT NULL,
    label_zh VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    source   VARCHAR NOT NULL,
    PRIMARY KEY (year, family)
);

CREATE TABLE region (
    adcode       VARCHAR PRIMARY KEY,
    name         VARCHAR NOT NULL,
    level        VARCHAR NOT NULL,
    parent       VARCHAR NOT NULL,
    name_en      VARCHAR NOT NULL,
    valid_from   INTEGER USING COMPRESSION rle,
    valid_to     INTEGER USING COMPRESSION rle,
    predecessors VARCHAR NOT NULL,
    successors   VARCHAR NOT NULL
);

CREATE TABLE region_name (
    adcode     VARCHAR NOT NULL,
    name       VARCHAR NOT NULL,
    valid_from INTEGER USING COMPRESSION rle,
    valid_to   INTEGER NOT NULL,
    PRIMARY KEY (adcode, valid_to)
);

CREATE TABLE run (
    build_id  VARCHAR PRIMARY KEY,
    extractor VARCHAR NOT NULL,
    codebook  VARCHAR NOT NULL,
    documents BIGINT NOT NULL,
    reports   BIGINT NOT NULL,
    cells     BIGINT NOT NULL
);
