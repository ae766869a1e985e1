// Package codebook is the shared vocabulary of nianbao: the official forms of the
// annual report on government information disclosure (政府信息公开工作年度报告) by
// era, their metrics, identities (勾稽关系), indicators, scopes, regions and codes.
//
// All of it is data, in data/*.csv; a new form, synonym, region or indicator is a
// new line there and never a line of Go. Each bilingual label stands in one CSV,
// once. [Load] reads the embedded files and refuses any that contradict another,
// so a Book that loads is consistent.
//
//	book, err := codebook.Load()
//	book.Metric["app_new"].LabelEN // "Requests received in the year"
package codebook

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/version"
)

//go:embed data/*.csv *.go
var data embed.FS

// Book is the whole codebook. Slices are in file order; maps are by id.
type Book struct {
	Metrics       []Metric
	Units         []Unit
	Applicants    []Applicant
	Eras          []Era
	Tables        []Table
	Synonyms      []Synonym
	Identities    []*Identity
	Continuities  []Continuity
	Hierarchies   []Hierarchy
	Members       []Member
	Routes        []Route
	Indicators    []Indicator
	Harmonised    []Harmonised
	Breaks        []Break
	Populations   []Population
	Statuses      []Status
	Scopes        []Scope
	ScopeRules    []ScopeRule
	Narratives    []Narrative
	Regions       []Region
	RegionNames   []RegionName
	RegionAliases []RegionAlias
	Prefixes      []Prefix
	Authorities   []Authority
	Reasons       []Reason
	WrongPages    []WrongPage
	Challenges    []Challenge
	FindingKinds  []FindingKind

	Metric      map[string]Metric
	Unit        map[string]Unit
	Era         map[string]Era
	Indicator   map[string]Indicator
	Series      map[string]Harmonised
	Status      map[string]Status
	Region      map[string]Region
	Reason      map[string]Reason
	FindingKind map[string]FindingKind

	variants   map[string]map[string]string // table -> key of a variant -> key of the official label
	isVariant  map[string]bool              // keys of variants, of any table
	statusMark map[string]string            // mark -> status id
	byName     names                        // under each name, valid for the years of the name
	byAlias    names
	byShort    names
}

// Load reads and cross-checks the embedded codebook.
func Load() (*Book, error) {
	b := &Book{}
	var cells []*FormCell
	err := errors.Join(
		read("metric", &b.Metrics), read("unit", &b.Units), read("applicant", &b.Applicants),
		read("era", &b.Eras), read("table", &b.Tables), read("form", &cells), read("synonym", &b.Synonyms),
		read("identity", &b.Identities), read("continuity", &b.Continuities), read("hierarchy", &b.Hierarchies), read("roster", &b.Members), read("route", &b.Routes), read("indicator", &b.Indicators), read("crosswalk", &b.Harmonised),
		read("break", &b.Breaks), read("population", &b.Populations), read("status", &b.Statuses), read("scope", &b.Scopes),
		read("scope_rule", &b.ScopeRules), read("narrative", &b.Narratives), read("region", &b.Regions), read("region_name", &b.RegionNames), read("region_alias", &b.RegionAliases), read("prefix", &b.Prefixes), read("authority", &b.Authorities),
		read("reason", &b.Reasons), read("wrong_page", &b.WrongPages), read("challenge", &b.Challenges), read("finding", &b.FindingKinds),
	)
	if err != nil {
		return nil, err
	}
	b.index(cells)
	return b, b.lint()
}

func read[T any](name string, into *[]T) error {
	raw, err := data.ReadFile("data/" + name + ".csv")
	if err != nil {
		return err
	}
	if err := csvutil.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("codebook %s.csv: %w", name, err)
	}
	return nil
}

func (b *Book) index(cells []*FormCell) {
	b.Metric = byID(b.Metrics, func(m Metric) string { return m.ID })
	b.Unit = byID(b.Units, func(u Unit) string { return u.ID })
	b.Era = byID(b.Eras, func(e Era) string { return e.ID })
	b.Indicator = byID(b.Indicators, func(i Indicator) string { return i.ID })
	b.Series = byID(b.Harmonised, func(h Harmonised) string { return h.ID })
	b.Status = byID(b.Statuses, func(s Status) string { return s.ID })
	b.Region = byID(b.Regions, func(r Region) string { return r.Adcode })
	b.Reason = byID(b.Reasons, func(r Reason) string { return r.ID })
	b.FindingKind = byID(b.FindingKinds, func(f FindingKind) string { return f.ID })
	b.indexRegions()
	b.variants, b.isVariant = map[string]map[string]string{}, map[string]bool{}
	for _, s := range b.Synonyms {
		if b.variants[s.Table] == nil {
			b.variants[s.Table] = map[string]string{}
		}
		key := LabelKey(s.Variant)
		b.variants[s.Table][key], b.isVariant[key] = LabelKey(s.Label), true
	}
	for i := range b.Tables {
		t := &b.Tables[i]
		t.ColumnKeys, t.Headings, t.RowCells = map[string]bool{}, map[string]bool{}, map[string][]*FormCell{}
		for _, c := range cells {
			if c.Form != t.Form || c.Table != t.ID {
				continue
			}
			c.RowKey, c.ColumnKey = b.Canonical(t.ID, c.Row), b.Canonical(t.ID, c.Column)
			for _, g := range strings.Split(c.Group, "/") {
				c.GroupKeys = append(c.GroupKeys, b.Canonical(t.ID, g))
			}
			c.Path = append(slices.Clone(c.GroupKeys), c.ColumnKey)
			t.Cells = append(t.Cells, c)
			t.RowCells[c.RowKey] = append(t.RowCells[c.RowKey], c)
			t.ColumnKeys[c.ColumnKey] = true
			for _, heading := range c.Path {
				t.Headings[heading] = true
			}
			for _, g := range c.GroupKeys {
				if g != "" && !slices.Contains(t.Groups, g) {
					t.Groups = append(t.Groups, g)
				}
			}
		}
		for _, c := range t.Cells {
			at := slices.IndexFunc(t.Cells, func(o *FormCell) bool { return len(o.RowKey) > len(c.RowKey) && strings.HasPrefix(o.RowKey, c.RowKey) })
			if at >= 0 {
				c.Longer = t.Cells[at]
			}
		}
		t.Columns = b.wordings(t)
	}
	for i := range b.Applicants {
		a := &b.Applicants[i]
		a.Key, a.GroupKey = b.Canonical("t3", a.LabelZH), b.Canonical("t3", a.GroupZH)
	}
	b.statusMark = map[string]string{}
	for _, s := range b.Statuses {
		for _, m := range s.Marks {
			b.statusMark[m] = s.ID
		}
	}
}

// wordings lists the keys of the column labels of a table and of their known variants, the
// longest first.
func (b *Book) wordings(t *Table) []string {
	keys := slices.Collect(maps.Keys(t.ColumnKeys))
	for variant, official := range b.variants[t.ID] {
		if t.ColumnKeys[official] {
			keys = append(keys, variant)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return keys
}

func byID[T any](rows []T, id func(T) string) map[string]T {
	m := make(map[string]T, len(rows))
	for _, r := range rows {
		m[id(r)] = r
	}
	return m
}

// Canonical returns the key of the official label of a table that a printed label
// stands for: its own key, or that of the label it is a known variant of.
func (b *Book) Canonical(table, label string) string {
	key := LabelKey(label)
	if official, ok := b.variants[table][key]; ok {
		return official
	}
	return key
}

// Variants maps the keys of known variants of a table's labels to those of the
// official ones; it is not to be changed.
func (b *Book) Variants(table string) map[string]string { return b.variants[table] }

// IsVariant reports whether a key is that of a known variant of a label of any table.
func (b *Book) IsVariant(key string) bool { return b.isVariant[key] }

// MarkStatus returns the status of squeezed text that is empty or a mark printed in
// place of a number, repeated or not, and an empty string for any other text.
func (b *Book) MarkStatus(squeezed string) string {
	if squeezed == "" {
		return "blank"
	}
	status := ""
	for _, r := range squeezed {
		s := b.statusMark[string(r)]
		if s == "" || status != "" && s != status {
			return ""
		}
		status = s
	}
	return status
}

// Version identifies the codebook, its data and the code that reads them: equal
// versions, equal meaning.
var Version = sync.OnceValue(func() string { return version.Of(data) })

// comparing are the files that only say how what was read is compared.
var comparing = []string{"data/break.csv", "data/continuity.csv", "data/crosswalk.csv", "data/hierarchy.csv", "data/indicator.csv",
	"data/population.csv", "data/roster.csv", "data/route.csv"}

// ReadingVersion identifies what a document is read with: Version without the files that
// only say how figures are compared. A new indicator asks for no new extraction.
var ReadingVersion = sync.OnceValue(func() string { return version.Without(data, comparing...) })
