package extract

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// maxText bounds how much of a document is searched for who, when and what scope.
const maxText = 64 << 10

var (
	// documentNumber is taken out before years are looked for: 金统发〔2025〕2号
	// heads a report for 2024.
	documentNumber = regexp.MustCompile(`[〔\[((【](19|20)\d{2}[〕\]))】]第?\d+号`)
	reportTitle    = regexp.MustCompile(`(政府|政务)?信息公开(工作)?(年度)?(报告|年报)`)
	titleYear      = regexp.MustCompile(`(20\d{2})年?度?.{0,30}?信息公开|信息公开.{0,12}?(20\d{2})|_(20\d{2})年`)
	period         = regexp.MustCompile(`统计[^。]{0,24}?(20\d{2})年?0?1月?0?1日?[^。]{0,12}?(20\d{2})?年?12月?31日?`)
	// columnTitle is how sites title a report within their column of reports, where
	// the name says no more than whose and which year: 高岭镇_2017年_北京市密云区人民政府.
	columnTitle = regexp.MustCompile(`^([^_]+_20\d{2}年度?)_([^_]+)$`)
	// chineseYear is a year in Chinese digits.
	chineseYear = regexp.MustCompile(`二[〇○零O0][〇○零一二三四五六七八九O0]{2}年`)
	// companion marks the picture or explanation that goes with a report.
	companion = regexp.MustCompile(`图读懂|图解|解读`)
	// titleNoise is what a title holds beside the name of the authority.
	titleNoise = regexp.MustCompile(`^关于|_?(20\d{2}|二[〇○零O0][〇○零一二三四五六七八九O0]{2}(?:年))年?度?|(政府|政务)?信息公开.*$|的$`)
)

// identity is who reports, for when and on whose behalf, each with its evidence.
type identity struct {
	title, authority, authorityEvidence, adcode string
	site                                        string   // that the title ends with; empty: none
	candidates                                  []string // codes of the regions that the authority may belong to
	year                                        *int32
	yearEvidence                                string
	scope, scopeEvidence                        string
	scopeConfidence                             float64
	findings                                    []finding
}

// identify reads authority, year and scope from the document alone; text is its
// documentText.
func identify(book *codebook.Book, doc *grid.Document, text string) identity {
	var id identity
	id.title = title(doc)
	if m := columnTitle.FindStringSubmatch(codebook.Squeeze(doc.Title)); m != nil && id.title == "" {
		id.title, id.site = m[1], m[2]
	}
	id.setYear(text)
	region := id.setAuthority(book, doc)
	id.setScope(book, region, text)
	return id
}

// documentText is the squeezed text of the document, tables included.
func documentText(doc *grid.Document) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		if b.Len() > maxText {
			break
		}
		b.WriteString(codebook.Squeeze(block.Text))
		if block.Grid != nil {
			for _, c := range block.Grid.Cells {
				b.WriteString(codebook.Squeeze(c.Text))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// title is the title of the report: the declared one if it names an authority, else
// the first in the text that is one, else what is declared (some pages declare the
// name of their column).
func title(doc *grid.Document) string {
	declared := ""
	if t := codebook.Squeeze(doc.Title); reportTitle.MatchString(t) {
		declared = withoutSite(t)
	}
	if authorityIn(declared) != "" {
		return declared
	}
	return cmp.Or(titleInText(doc), titleInTable(doc), declared)
}

// titleInText is the first paragraph that is a title, together with the one above it
// where it names no authority itself.
func titleInText(doc *grid.Document) string {
	above := ""
	for _, block := range doc.Blocks {
		t := codebook.Squeeze(block.Text)
		if isTitle(t) {
			if authorityIn(t) == "" && len([]rune(above)) <= 30 {
				return above + t
			}
			return t
		}
		above = t
	}
	return ""
}

// titleInTable looks for the title in the cells of tables, which some pages lay out
// their text with.
func titleInTable(doc *grid.Document) string {
	for _, block := range doc.Blocks {
		if block.Grid == nil {
			continue
		}
		for _, c := range block.Grid.Cells {
			for line := range strings.Lines(c.Text) {
				if t := codebook.Squeeze(line); isTitle(t) && authorityIn(t) != "" {
					return t
				}
			}
		}
	}
	return ""
}

// isTitle reports whether squeezed text may be the title of a report.
func isTitle(t string) bool { return len(t) <= 240 && reportTitle.MatchString(t) }

// withoutSite cuts the site's name, which pages add after _ or -.
func withoutSite(t string) string {
	if i := strings.IndexAny(t, "_-|"); i > 0 && reportTitle.MatchString(t[:i]) {
		return t[:i]
	}
	return t
}

func authorityIn(title string) string {
	return strings.Trim(titleNoise.ReplaceAllString(titleNoise.ReplaceAllString(title, ""), ""), "-_,.:《》“”\"")
}

// setYear prefers the title, then the reporting period (统计期限); where both are
// printed and differ the title's year is kept and a finding made.
func (id *identity) setYear(text string) {
	declared, reported := 0, 0
	if m := titleYear.FindStringSubmatch(withoutNumbers(id.title)); m != nil {
		declared = atoi(m[1] + m[2] + m[3])
	}
	sentence := period.FindStringSubmatch(withoutNumbers(text))
	if sentence != nil {
		reported = atoi(sentence[1])
	}
	year := int32(declared)
	switch {
	case declared == 0 && reported == 0:
		id.findings = append(id.findings, finding{"year_unknown", fmt.Sprintf("neither the title %q nor a 统计期限 names a year", id.title), ""})
		return
	case declared == 0:
		year, id.yearEvidence = int32(reported), "period: "+sentence[0]
	default:
		id.yearEvidence = "title: " + id.title
		if reported != 0 && reported != declared {
			id.findings = append(id.findings, finding{"year_conflict", fmt.Sprintf("title says %d, reporting period says %d", declared, reported), ""})
		}
	}
	id.year = &year
}

// withoutNumbers takes document numbers out of text, and writes years in digits.
func withoutNumbers(text string) string {
	text = chineseYear.ReplaceAllStringFunc(text, chineseDigits.Replace)
	return documentNumber.ReplaceAllString(text, "")
}

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "O", "0", "一", "1", "二", "2", "三", "3", "四", "4",
	"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// setAuthority takes the name from the title, else from the publisher that the
// page declares, and finds its region by the longest region name it begins with, as
// regions were in the year of the report. Where the title's name fits several regions
// the publisher may decide between them; else they are all kept, for the portal to.
func (id *identity) setAuthority(book *codebook.Book, doc *grid.Document) (region codebook.Region) {
	year := 0
	if id.year != nil {
		year = int(*id.year)
	}
	publisher := codebook.Squeeze(doc.Issuer)
	for _, candidate := range []struct{ name, from string }{
		{authorityIn(id.title), "title: " + id.title},
		{publisher, "publisher: " + doc.Issuer},
	} {
		if len([]rune(candidate.name)) < 2 {
			continue
		}
		id.authority, id.authorityEvidence = candidate.name, candidate.from
		if a, ok := book.AuthorityNamed(candidate.name); ok {
			id.authority, id.adcode = a.Name, a.Adcode
			return book.Region[a.Adcode]
		}
		regions := regionsOf(book, candidate.name, id.site, publisher, year)
		switch len(regions) {
		case 0:
			if then := book.RegionsIn(candidate.name, 0); len(then) > 0 {
				id.findings = append(id.findings, finding{"region_not_of_year", fmt.Sprintf("%q begins with %s (%s), which was not there in %d", candidate.name, then[0].Name, then[0].Adcode, year), ""})
			}
			continue
		case 1:
			id.adcode = regions[0].Adcode
			id.authority = book.FullName(regions[0], candidate.name, year)
			return regions[0]
		}
		for _, r := range regions {
			id.candidates = append(id.candidates, r.Adcode)
		}
		id.findings = append(id.findings, finding{"region_ambiguous", fmt.Sprintf("%q may belong to %s", candidate.name, strings.Join(id.candidates, ", ")), ""})
		return codebook.Region{Level: regions[0].Level}
	}
	if id.authority == "" {
		id.findings = append(id.findings, finding{"authority_unknown", fmt.Sprintf("the title %q names no authority and the page declares no publisher", id.title), ""})
	}
	return codebook.Region{}
}

// regionsOf is the regions that a body's name begins with: those that the site or the
// publisher names too, if there are such, and those of the site where the name has none.
func regionsOf(book *codebook.Book, name, site, publisher string, year int) []codebook.Region {
	regions := book.RegionsIn(name, year)
	if len(regions) == 0 {
		return book.RegionsIn(site, year)
	}
	for _, other := range []string{site, publisher} {
		var both []codebook.Region
		for _, r := range book.RegionsIn(other, year) {
			both = append(both, slices.DeleteFunc(slices.Clone(regions), func(o codebook.Region) bool {
				return o.Adcode != r.Adcode && o.Parent != r.Adcode
			})...)
		}
		if len(both) == 1 {
			return both
		}
	}
	return regions
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
		}
		if at := rule.Pattern.FindStringIndex(in); at != nil {
			id.scope, id.scopeConfidence = rule.Scope, rule.Confidence
			id.scopeEvidence = rule.Where + ": " + around(in, at)
			if rule.Confidence < 0.5 {
				id.findings = append(id.findings, finding{"scope_inferred", fmt.Sprintf("%s is taken for %s: no phrase in the text says so", id.authority, rule.Scope), ""})
			}
			return
		}
	}
	id.findings = append(id.findings, finding{"scope_unknown", "no rule of scope_rule.csv fits " + id.authority, ""})
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
	r.AdcodeCandidates = strings.Join(id.candidates, " ")
	r.ReportYear, r.YearEvidence = id.year, id.yearEvidence
	r.Scope, r.ScopeEvidence, r.ScopeConfidence = id.scope, id.scopeEvidence, id.scopeConfidence
}
