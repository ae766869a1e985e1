package extract

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

var (
	reportTitle = regexp.MustCompile(`(?:政府信息|政务信息|信息|政务)公开(?:工作)?(?:情况)?(?:20\d{2}年?度?)?(?:工作)?(?:年度)?(?:工作)?(?:情况)?的?(?:报告|年报)`)
	// titleNoise is what a title holds beside the name of the authority.
	titleNoise = regexp.MustCompile(`^关于(?:公布|发布|印发|公开|报送)?|^附件\d*[:.]?|^【[^】]*】|^[\p{Han}]{0,6}〔20\d{2}〕\d*号?|^\(?\d{1,2}[.、)]|^[\p{Han}]*门户网站|^(?:信息|文件)?(?:标题|名称)[:]|_?20\d{2}年?度?|(?:政府|政务)?信息公开.*$|政务公开.*$|关于(?:公布|发布|印发|公开|报送)?$|的$`)
	// columnTitle is how sites title a report within their column of reports, where
	// the name says no more than whose and which year: 高岭镇_2017年_北京市密云区人民政府.
	columnTitle = regexp.MustCompile(`^([^_]+_20\d{2}年度?)_([^_]+)$`)
	// departmentTitle is another such: 2023年度部门年报:某局.
	departmentTitle = codebook.MustPattern(`^20\d{2}年度?(?:部门|单位|乡镇|街道)年报[:-](.+)$`)
	// between is a dash that is no part of 2021-2022.
	between = regexp.MustCompile(`(\D)[-—–]+`)
	// companion marks the picture or explanation that goes with a report.
	companion = codebook.MustPattern(`图读懂|图解|解读`)
	// titleBody is an authority that a title names behind the report, in brackets.
	titleBody = codebook.MustPattern(`(?:报告|年报)\(([\p{Han}]{3,30}(?:局|委|会|厅|办|室|府|镇|乡|道|中心|站|所|院|队|处))\)`)
	// bodyName is how the name of an authority is spelled; a path of links is not.
	bodyName = regexp.MustCompile(`^[^>|/:;,。?!=]{2,60}$`)
	pathName = codebook.MustPattern(`首页|位置|返回|发布(?:日期|时间|机构)|索引|字体|打印|浏览`)
	// sentence is text that speaks of a report and is not its title.
	sentence = regexp.MustCompile(`^(?:现|根据|依据|按照|为|本报告|本年度报告)|[。;!]`)
	// announced is a report named in a sentence, as in 现公布某局2022年政府信息公开工作年度报告.
	announced = codebook.MustPattern(`(?:公布|发布|现将|编制)((?:[\p{Han}()]{2,30}?)?20\d{2}年?度?(?:政府|政务)信息公开(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报|公布如下|公开如下|汇报如下))`)
	// leading is the title that a paragraph begins with where its own end is lost.
	leading = regexp.MustCompile(`^([\p{Han}()]{2,30}20\d{2}年?度?(?:政府|政务)信息公开工作?年度报告)(?:根据|依据|按照|为)`)
	// ourselves is no name, nor is what a report was put together from.
	ourselves = regexp.MustCompile(`^(?:我|本(?:局|委|办|厅|府|院|站|镇|乡|街道|县|市|区|级|机关|单位|部门|中心))|综合各|汇总`)
)

// declaredTitle is the title that the page declares, and the site that it names there.
func declaredTitle(doc *grid.Document) (title, site string) {
	t := codebook.Squeeze(doc.Title)
	switch m := columnTitle.FindStringSubmatch(t); {
	case reportTitle.MatchString(t):
		return splitSite(t)
	case m != nil:
		return m[1], m[2]
	case departmentTitle.MatchString(t):
		return t, ""
	}
	return "", ""
}

// title is the title of the report: the first of the declared one, that in the text,
// that in a table and that in a sentence which names an authority, else the first
// (some pages declare the name of their column). The site is what the page declares
// beside it.
func title(doc *grid.Document) (title, site string) {
	declared, site := declaredTitle(doc)
	first := declared
	if authorityIn(declared) != "" {
		return declared, site
	}
	for _, look := range []func(*grid.Document) string{titleInText, titleInTable, titleInSentence} {
		t := look(doc)
		if authorityIn(t) != "" {
			return t, site
		}
		first = cmp.Or(first, t)
	}
	return first, site
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
		line := squeezed(block.Text)
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
		t := squeezed(block.Text)
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
				if t := squeezed(line); isTitle(t) && authorityIn(t) != "" {
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

// splitSite parts the title of a report from what pages add with _, - or |, such as the
// name of their site. Of several parts that are titles it is the first that names an authority.
func splitSite(t string) (title, site string) {
	parts := strings.FieldsFunc(between.ReplaceAllString(date.ReplaceAllString(t, ""), "$1|"), func(r rune) bool { return r == '|' || r == '_' })
	found := -1
	for i, part := range parts {
		if reportTitle.MatchString(part) && (found < 0 || authorityIn(parts[found]) == "" && authorityIn(part) != "") {
			found = i
		}
	}
	if found < 0 {
		return t, ""
	}
	if found+1 < len(parts) {
		site = parts[len(parts)-1]
	}
	return parts[found], site
}

// authorityIn is the authority that a title names, or an empty string.
func authorityIn(title string) string {
	title = arabicYears(title)
	for _, named := range []codebook.Pattern{titleBody, departmentTitle} {
		if m := named.FindStringSubmatch(title); m != nil {
			return m[1]
		}
	}
	name := strings.Trim(titleNoise.ReplaceAllString(titleNoise.ReplaceAllString(title, ""), ""), "-_,.:·•●■◆★*《》“”\"")
	if !bodyName.MatchString(name) || pathName.MatchString(name) {
		return ""
	}
	return name
}
