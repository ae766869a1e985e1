package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

var (
	// documentNumber is taken out before years are looked for: 金统发〔2025〕2号
	// heads a report for 2024.
	documentNumber = codebook.MustPattern(`[〔\[((【](19|20)\d{2}[〕\]))】]第?\d+号|〔(19|20)\d{2}〕(?:第?\d+)?`)
	// date is a day or month, as titles have of when they were published.
	date   = regexp.MustCompile(`20\d{2}(?:年\d{1,2}月(?:\d{1,2}日)?|[-/.]\d{1,2}[-/.]\d{1,2}日?)`)
	digits = regexp.MustCompile(`\d+`)
	// disclosure is what the year of a title stands before or behind.
	disclosure = regexp.MustCompile(`(?:信息|政务)公开|部门年报|年报`)
	// period is the reporting period, which may have lost its signs: 统计期限从201911日至1231日止.
	period = codebook.MustPattern(`(?:统计|期限|报告期)[^。]{0,24}?(20\d{2})[年./-]?0?[15][月./-]?0?1日?[^。]{0,12}?(20\d{2})?[年./-]?12[月./-]?31日?`)
	// wholeYear is a period that needs no other word.
	wholeYear = codebook.MustPattern(`(20\d{2})年0?[15]月0?1日起?[至到—–~-]+(20\d{2})?年?12月31日`)
	// opening is how the first paragraphs begin.
	opening = regexp.MustCompile(`(?m)^(?:[^。\n]{0,20}情况。?|[(一、)]{0,4})(20\d{2})年度?[,以]`)
	// chineseYear is a year of this century in Chinese digits.
	chineseYear = regexp.MustCompile(`二[〇○零0O][一二三四五六七八九〇○零0O]{2}年`)
)

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "O", "0", "一", "1", "二", "2", "三", "3", "四", "4",
	"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// arabicYears writes years such as 二〇二二年 with Arabic digits.
func arabicYears(s string) string {
	return chineseYear.ReplaceAllStringFunc(s, chineseDigits.Replace)
}

// withoutNumbers takes document numbers out of text, and writes years in digits.
func withoutNumbers(text string) string {
	return documentNumber.ReplaceAllString(arabicYears(text), "")
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// maxYearGap is over how many characters a title's year belongs to what it is about.
const maxYearGap = 30

// titleYears returns the year that a title is about, 0 if it names none, and whether it
// names another one too. It is the last before 信息公开, else the first behind.
func titleYears(title string) (year int, several bool) {
	title = date.ReplaceAllString(withoutNumbers(title), "")
	before, behind := title, ""
	if m := disclosure.FindStringIndex(title); m != nil {
		before, behind = title[:m[0]], title[m[1]:]
	}
	all := yearsIn(before)
	if n := len(all); n > 0 {
		last := strings.LastIndex(before, strconv.Itoa(all[n-1]))
		if len([]rune(before[last:])) <= maxYearGap {
			year = all[n-1]
		}
	}
	if after := yearsIn(behind); len(after) > 0 {
		year, all = cmp.Or(year, after[0]), append(all, after...)
	}
	slices.Sort(all)
	return year, len(slices.Compact(all)) > 1
}

// yearsIn returns the years of a text; digits of longer numbers are none.
func yearsIn(text string) (years []int) {
	for _, run := range digits.FindAllString(text, -1) {
		if len(run) == 4 && strings.HasPrefix(run, "20") {
			years = append(years, atoi(run))
		}
	}
	return years
}

// reportedYears returns the reporting period that the text states, and its first and last
// year, 0 if it states none.
func reportedYears(text string) (sentence string, first, last int) {
	for _, written := range []func(string) string{arabicYears, withoutNumbers} {
		t := written(text)
		m := period.FindStringSubmatch(t)
		if m == nil {
			m = wholeYear.FindStringSubmatch(t)
		}
		if m == nil || documentNumber.MatchString(m[0]) {
			continue
		}
		if first, last = atoi(m[1]), atoi(m[2]); last == 0 {
			last = first
		}
		return m[0], first, last
	}
	return "", 0, 0
}

// setYear prefers the title, then the reporting period (统计期限), then how the text
// opens; where the first two are printed and differ, or one of them names two years, a
// finding says so.
func (id *identity) setYear(text string) {
	conflicts := 0
	conflict := func(format string, args ...any) {
		conflicts++
		id.note("year_conflict", format, args...)
	}
	declared, several := titleYears(id.title)
	sentence, first, last := reportedYears(text)
	if several {
		conflict("the title %q names several years", id.title)
	}
	if first != last {
		conflict("the reporting period is from %d to %d", first, last)
	}
	year := declared
	switch {
	case declared != 0:
		id.yearEvidence, id.yearConfidence = "title: "+id.title, said
		switch {
		case first == 0:
		case declared == first, declared == last:
			id.yearConfidence = agreed
		default:
			conflict("title says %d, reporting period says %d", declared, last)
		}
	case first != 0 && first == last:
		year, id.yearEvidence, id.yearConfidence = first, "period: "+sentence, said
	default:
		if m := opening.FindStringSubmatch(withoutNumbers(text)); m != nil {
			year, id.yearEvidence, id.yearConfidence = atoi(m[1]), "opening: "+strings.TrimSpace(m[0]), hinted
		}
	}
	if conflicts > 0 {
		id.yearConfidence = disputed
	}
	if year == 0 {
		id.yearConfidence = 0
		id.note("year_unknown", "neither the title %q nor a 统计期限 names a year", id.title)
		return
	}
	y := int32(year)
	id.year = &y
}

// atYear is the year of the report, 0 where it is not known.
func (id *identity) atYear() int {
	if id.year == nil {
		return 0
	}
	return int(*id.year)
}
