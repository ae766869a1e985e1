package extract

import (
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// maxText bounds how much of a document is searched for who, when and what scope.
const maxText = 64 << 10

// How sure a piece of evidence is, by judgement: two agree; one says so itself; one says it
// of what lies around; none but a hint; two differ.
const (
	agreed    = 1.0
	said      = 0.9
	suggested = 0.8
	hinted    = 0.7
	disputed  = 0.5
)

// identity is who reports, for when and on whose behalf, each with its evidence.
type identity struct {
	recognised                                  bool   // read from a picture
	mended                                      string // title with what recognition spoilt of 政府信息公开工作年度报告 put right
	title, authority, authorityEvidence, adcode string
	site                                        string   // that the title ends with; empty: none
	candidates                                  []string // codes of the regions that the authority may belong to
	year                                        *int32
	yearEvidence                                string
	scope, scopeEvidence                        string
	scopeConfidence                             float64
	authorityConfidence, yearConfidence         float64
	findings                                    []finding
}

// identify reads authority, year and scope from the document alone; text is its
// documentText.
func identify(book *codebook.Book, doc *grid.Document, text string) identity {
	var id identity
	id.title, id.site = title(doc)
	if id.title == "" && hasRecognisedText(doc) {
		id.identifyRecognised(book, doc, text)
		return id
	}
	id.setYear(text)
	region := id.setAuthority(book, doc, text)
	id.setScope(book, region, text)
	return id
}

// documentText is the squeezed text of the document, tables included.
func documentText(doc *grid.Document) string {
	var b strings.Builder
	size := 0
	for _, block := range doc.Blocks {
		if size += len(block.Text) + 1; block.Grid != nil {
			size += textSize(block.Grid)
		}
	}
	b.Grow(min(size, maxText))
	for _, block := range doc.Blocks {
		if b.Len() > maxText {
			break
		}
		b.WriteString(squeezed(block.Text))
		if block.Grid != nil {
			for i := range block.Grid.Cells {
				b.WriteString(squeezed(block.Grid.Cells[i].Text))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// setScope applies the first rule of scope_rule.csv that holds.
func (id *identity) setScope(book *codebook.Book, region codebook.Region, text string) {
	id.scope = "unknown"
	for _, rule := range book.ScopeRules {
		if rule.Level != "" && rule.Level != region.Level {
			continue
		}
		in := text
		if rule.Where == "authority" {
			in = id.authority
			if !rule.Pattern.MatchString(in) {
				in = codebook.LabelKey(in) // without a second name in brackets
			}
		}
		if at := rule.Pattern.FindStringIndex(in); at != nil {
			id.scope, id.scopeConfidence = rule.Scope, rule.Confidence
			id.scopeEvidence = rule.Where + ": " + around(in, at)
			if rule.Confidence < 0.5 {
				id.note("scope_inferred", "%s is taken for %s: no phrase in the text says so", id.authority, rule.Scope)
			}
			return
		}
	}
	id.note("scope_unknown", "no rule of scope_rule.csv fits %s", id.authority)
}

// scopeOfName is the scope that a body has by its name alone, wherever it is; empty: none.
func scopeOfName(book *codebook.Book, name string) string {
	for _, rule := range book.ScopeRules {
		if rule.Where == "authority" && rule.Level == "" && rule.Pattern.MatchString(name) {
			return rule.Scope
		}
	}
	return ""
}

// squeezed is the beginning of a paragraph or a cell, squeezed: what says who, when or for
// whom stands there, if anywhere.
func squeezed(text string) string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return codebook.Squeeze(text)
}

// around quotes the match with a few characters on each side, within its line.
func around(text string, at []int) string {
	start, end := at[0], at[1]
	if i := strings.LastIndexByte(text[:start], '\n'); i >= 0 {
		text, start, end = text[i+1:], start-i-1, end-i-1
	}
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		text = text[:end+i]
	}
	before, after := []rune(text[:start]), []rune(text[end:])
	return string(before[max(0, len(before)-12):]) + text[start:end] + string(after[:min(len(after), 12)])
}

// eraOf is the era of table 2, else of table 3, else of the statistical table.
func eraOf(matches map[string]*match) string {
	for _, t := range []string{"t2", "t3", "stat"} {
		if m := matches[t]; m != nil {
			return m.table.Era
		}
	}
	return ""
}

func (id *identity) fill(r *record.Report) {
	r.Title, r.Authority, r.AuthorityEvidence, r.Adcode = id.title, id.authority, id.authorityEvidence, id.adcode
	r.AuthorityConfidence, r.YearConfidence = id.authorityConfidence, id.yearConfidence
	r.AdcodeCandidates = strings.Join(id.candidates, " ")
	r.ReportYear, r.YearEvidence = id.year, id.yearEvidence
	r.Scope, r.ScopeEvidence, r.ScopeConfidence = id.scope, id.scopeEvidence, id.scopeConfidence
}
