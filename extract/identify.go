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
	reportTitle    = regexp.MustCompile(`(?:政府信息|政务信息|信息|政务)公开(?:工作)?(?:情况)?(?:20\d{2}年?度?)?(?:工作)?(?:年度)?(?:工作)?(?:情况)?的?(?:报告|年报)`)
	titleYear      = regexp.MustCompile(`(20\d{2})年?度?.{0,30}?(?:信息|政务)公开|(?:信息|政务)公开.{0,12}?(20\d{2})|_(20\d{2})年`)
	period         = regexp.MustCompile(`统计[^。]{0,24}?(20\d{2})[年./-]?0?1[月./-]?0?1日?[^。]{0,12}?(20\d{2})?[年./-]?12[月./-]?31日?`)
	// titleNoise is what a title holds beside the name of the authority.
	titleNoise = regexp.MustCompile(`^关于(?:公布|发布|印发|公开|报送)?|^附件\d*[:.]?|^【[^】]*】|_?20\d{2}年?度?|(?:政府|政务)?信息公开.*$|政务公开.*$|关于(?:公布|发布|印发|公开|报送)?$|的$`)
	// columnTitle is how sites title a report within their column of reports, where
	// the name says no more than whose and which year: 高岭镇_2017年_北京市密云区人民政府.
	columnTitle = regexp.MustCompile(`^([^_]+_20\d{2}年度?)_([^_]+)$`)
	// companion marks the picture or explanation that goes with a report.
	companion = regexp.MustCompile(`图读懂|图解|解读`)
	// titleBody is an authority that a title names behind the report, in brackets.
	titleBody = regexp.MustCompile(`(?:报告|年报)\(([\p{Han}]{3,30}(?:局|委|会|厅|办|室|府|镇|乡|道|中心|站|所|院|队|处))\)`)
	// bodyName is how the name of an authority is spelled; a path of links is not.
	bodyName = regexp.MustCompile(`^[^>|/:;,。?!=]{2,60}$`)
	pathName = regexp.MustCompile(`首页|位置|返回|发布(?:日期|时间|机构)|索引|字体|打印|浏览`)
	// sentence is text that speaks of a report and is not its title.
	sentence = regexp.MustCompile(`^(?:现|根据|依据|按照|为|本报告|本年度报告)|[。;!]`)
	// announced is a report named in a sentence, as in 现公布某局2022年政府信息公开工作年度报告.
	announced = regexp.MustCompile(`(?:公布|发布|现将|编制)((?:[\p{Han}()]{2,30}?)?20\d{2}年?度?(?:政府|政务)信息公开(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报))`)
	// leading is the title that a paragraph begins with where its own end is lost.
	leading = regexp.MustCompile(`^([\p{Han}()]{2,30}20\d{2}年?度?(?:政府|政务)信息公开工作?年度报告)(?:根据|依据|按照|为)`)
	// compiled names the authority that wrote the report.
	compiled = regexp.MustCompile(`由([\p{Han}()]{4,30}?)(?:负责|组织)?编制`)
	// ourselves is no name, nor is what a report was put together from.
	ourselves = regexp.MustCompile(`^(?:我|本(?:局|委|办|厅|府|院|站|镇|乡|街道|县|市|区|级|机关|单位|部门|中心))|综合各|汇总`)
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
	b.Grow(16 << 10) // of most reports
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

// title is the title of the report: the first of the declared one, that in the text,
// that in a table and that in a sentence which names an authority, else the first
// (some pages declare the name of their column).
func title(doc *grid.Document) string {
	declared := ""
	if t := codebook.Squeeze(doc.Title); reportTitle.MatchString(t) {
		declared = withoutSite(t)
	}
	first := declared
	if authorityIn(declared) != "" {
		return declared
	}
	for _, look := range []func(*grid.Document) string{titleInText, titleInTable, titleInSentence} {
		t := look(doc)
		if authorityIn(t) != "" {
			return t
		}
		first = cmp.Or(first, t)
	}
	return first
}

// maxTitleLines is over how many paragraphs a title may run.
const maxTitleLines = 3

// titleInText is the first paragraph that is a title and names an authority, alone or
// together with the ones right above it; else the first that is a title. Text read
// from pictures is not asked.
func titleInText(doc *grid.Document) string {
	first := ""
	var short []string // the last paragraphs, if they are short
	for _, block := range doc.Blocks {
		line := codebook.Squeeze(block.Text)
		if line == "" || block.Recognised {
			continue
		}
		if short = append(short, line); len([]rune(line)) > 30 {
			short = nil
		}
		short = short[max(0, len(short)-maxTitleLines):]
		t := line
		for n := 1; ; n++ {
			if isTitle(t) {
				if authorityIn(t) != "" {
					return t
				}
				first = cmp.Or(first, t)
			}
			if n >= len(short) {
				break
			}
			t = short[len(short)-1-n] + t
		}
	}
	return first
}

// titleInSentence is the title with which a paragraph begins, or which it announces.
func titleInSentence(doc *grid.Document) string {
	for _, block := range doc.Blocks {
		t := codebook.Squeeze(block.Text)
		if m := leading.FindStringSubmatch(t); m != nil {
			return m[1]
		}
		if m := announced.FindStringSubmatch(t); m != nil {
			if ourselves.MatchString(m[1]) {
				return m[1][strings.Index(m[1], "20"):]
			}
			return m[1]
		}
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
			if c.Recognised != nil {
				break
			}
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
func isTitle(t string) bool {
	return len(t) <= 240 && strings.Contains(t, "公开") && reportTitle.MatchString(t) && !sentence.MatchString(t)
}

// withoutSite cuts the site's name, which pages add after _ or -.
func withoutSite(t string) string {
	if i := strings.IndexAny(t, "_-|"); i > 0 && reportTitle.MatchString(t[:i]) {
		return t[:i]
	}
	return t
}

// authorityIn is the authority that a title names, or an empty string.
func authorityIn(title string) string {
	title = arabicYears(title)
	if m := titleBody.FindStringSubmatch(title); m != nil {
		return m[1]
	}
	name := strings.Trim(titleNoise.ReplaceAllString(titleNoise.ReplaceAllString(title, ""), ""), "-_,.:《》“”\"")
	if !bodyName.MatchString(name) || pathName.MatchString(name) {
		return ""
	}
	return name
}

// chineseYear is a year of this century in Chinese digits.
var chineseYear = regexp.MustCompile(`二[〇○零0O][一二三四五六七八九〇○零0O]{2}年`)

// arabicYears writes years such as 二〇二二年 with Arabic digits.
func arabicYears(s string) string {
	return chineseYear.ReplaceAllStringFunc(s, chineseDigits.Replace)
}

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "O", "0", "一", "1", "二", "2", "三", "3", "四", "4",
	"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// setYear prefers the title, then the reporting period (统计期限); where both are
// printed and differ the title's year is kept and a finding made.
func (id *identity) setYear(text string) {
	declared, reported := 0, 0
	if m := titleYear.FindStringSubmatch(withoutNumbers(id.title)); m != nil {
		declared = atoi(m[1] + m[2] + m[3])
	}
	sentence := period.FindStringSubmatch(arabicYears(text))
	if sentence == nil || documentNumber.MatchString(sentence[0]) {
		sentence = period.FindStringSubmatch(withoutNumbers(text))
	}
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

// atYear is the year of the report, 0 where it is not known.
func (id *identity) atYear() int {
	if id.year == nil {
		return 0
	}
	return int(*id.year)
}

// withoutNumbers takes document numbers out of text, and writes years in digits.
func withoutNumbers(text string) string {
	return documentNumber.ReplaceAllString(arabicYears(text), "")
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// setAuthority takes the name from the title, else from the publisher that the page
// declares, else from the sentence that says who wrote the report. It finds its region
// by the longest region name it begins with, as regions were in the year of the report.
// Where a name fits several regions the publisher may decide between them; else they
// are all kept, for the portal to.
func (id *identity) setAuthority(book *codebook.Book, doc *grid.Document, text string) (region codebook.Region) {
	year, author := id.atYear(), ""
	if m := compiled.FindStringSubmatch(text); m != nil && !ourselves.MatchString(m[1]) {
		author = m[1]
	}
	publisher := codebook.Squeeze(doc.Issuer)
	for _, candidate := range []struct{ name, from string }{
		{authorityIn(id.title), "title: " + id.title},
		{publisher, "publisher: " + doc.Issuer},
		{author, "author: " + author},
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
			if !rule.Pattern.MatchString(in) {
				in = codebook.LabelKey(in) // without a second name in brackets
			}
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
