package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// What text read from a picture says is weaker evidence than text: a year or a name
// stands on two readings, or a finding says that it does not.

func hasRecognisedText(doc *grid.Document) bool {
	return slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool { return b.Recognised && b.Text != "" })
}

// minRecognised is how many recognised cells make a table of a form; table 4 has 30.
const minRecognised = 30

func hasRecognisedTable(doc *grid.Document) bool {
	return slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool {
		return b.Grid != nil && len(b.Grid.Cells) >= minRecognised && b.Grid.Cells[0].Recognised != nil
	})
}

// identifyRecognised reads authority, year and scope of a document whose title was
// read from a picture.
func (id *identity) identifyRecognised(book *codebook.Book, doc *grid.Document, text string) {
	id.recognised = true
	id.title, id.mended = recognisedTitle(book, doc)
	id.setRecognisedYear(text)
	region := id.setRecognisedAuthority(book, text)
	id.setScope(book, region, text)
	for _, confidence := range []*float64{&id.scopeConfidence, &id.authorityConfidence, &id.yearConfidence} {
		*confidence *= recognisedConfidence
	}
}

// recognisedConfidence is what is left of the confidence in evidence that was read from
// a picture.
const recognisedConfidence = 0.9

// titleEnds is what titles of reports end in, the longest first.
var titleEnds = []string{"政府信息公开工作年度报告", "政务信息公开工作年度报告", "政府信息公开工作报告", "政府信息公开年度报告", "政府信息公开年报"}

// mendedTitle returns the line with its end as titles print it, if at most one in four
// characters of that end is read otherwise. What sentences end in is no such end.
func mendedTitle(t string) (mended string, ok bool) {
	line := []rune(strings.TrimRightFunc(t, func(r rune) bool { return !unicode.IsLetter(r) }))
	least := 1 << 30
	for _, end := range append([]string{requested}, titleEnds...) {
		official := []rune(end)
		for n := len(official) - 2; n <= len(official)+2; n++ {
			if n > len(line) {
				break
			}
			if d := distance(line[len(line)-n:], official); d*4 <= len(official) && d < least {
				least, mended, ok = d, string(line[:len(line)-n])+end, end != requested
			}
		}
	}
	return mended, ok
}

// requested is what sentences and labels of a report end in that are near to titles.
const requested = "政府信息公开申请"

// Over how many lines a title may run, and how many characters it may have.
const maxReadLines, maxTitle = 3, 60

// recognisedTitle finds the title among the lines above the first table, alone or with
// those above it: one that names a known place, else one that names anybody, else any.
func recognisedTitle(book *codebook.Book, doc *grid.Document) (title, mended string) {
	best := -1
	var lines []string
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			break
		}
		if lines = append(lines, codebook.Squeeze(b.Text)); !b.Recognised {
			continue
		}
		joined := ""
		for i := len(lines) - 1; i >= max(0, len(lines)-maxReadLines); i-- {
			joined = lines[i] + joined
			m, ok := mendedTitle(joined)
			if len([]rune(joined)) > maxTitle {
				break
			}
			if !ok {
				continue
			}
			rank, name := 0, recognisedName(m)
			switch {
			case isKnown(book, name) || len(book.RegionsIn(name, 0)) > 0:
				rank = 2
			case chinese(name) > 1:
				rank = 1
			}
			if rank > best {
				best, title, mended = rank, joined, m
			}
		}
	}
	return title, mended
}

// recognisedName is the authority that a mended title names, without stray signs.
func recognisedName(mended string) string {
	return strings.TrimFunc(authorityIn(mended), func(r rune) bool { return !unicode.IsLetter(r) })
}

var (
	// recognisedPeriod is a 统计期限 of which the first year is left.
	recognisedPeriod = regexp.MustCompile(`统计[^。]{0,24}?(20\d{2})年`)
	// recognisedYear is the year of a title.
	recognisedYear = regexp.MustCompile(`(20\d{2})年?度?.{0,30}?(?:信息|政务)公开|(?:信息|政务)公开.{0,12}?(20\d{2})`)
)

// Years of reports: the regulation came into force in 2008.
const firstYear, lastYear = 2008, 2040

// setRecognisedYear takes the year that most of title, reporting period and opening
// give, of equals that of the title.
func (id *identity) setRecognisedYear(text string) {
	text = documentNumber.ReplaceAllString(text, "")
	var years []int
	var evidence []string
	for _, e := range []struct {
		name, in string
		pattern  *regexp.Regexp
	}{
		{"title", documentNumber.ReplaceAllString(id.mended, ""), recognisedYear},
		{"period", text, recognisedPeriod},
		{"opening", text, opening},
	} {
		m := e.pattern.FindStringSubmatch(e.in)
		if m == nil {
			continue
		}
		if y := atoi(strings.Join(m[1:], "")); y >= firstYear && y <= lastYear {
			years, evidence = append(years, y), append(evidence, "recognised "+e.name+": "+strings.TrimSpace(m[0]))
		}
	}
	if len(years) == 0 {
		id.findings = append(id.findings, finding{"year_unknown", fmt.Sprintf("neither the title, read as %q, nor a 统计期限 names a year", id.title), ""})
		return
	}
	votes := map[int][]string{}
	for i, y := range years {
		votes[y] = append(votes[y], evidence[i])
	}
	best := years[0]
	for _, y := range years {
		if len(votes[y]) > len(votes[best]) {
			best = y
		}
	}
	year := int32(best)
	id.year, id.yearEvidence, id.yearConfidence = &year, strings.Join(votes[best], "; "), agreed
	switch {
	case len(votes) > 1:
		id.yearConfidence = disputed
		id.findings = append(id.findings, finding{"year_conflict", fmt.Sprintf("read from pictures: %s", strings.Join(evidence, "; ")), ""})
	case len(years) == 1:
		id.yearConfidence = disputed
		id.findings = append(id.findings, finding{"year_recognised", fmt.Sprintf("the year %d was read in one place alone: %s", best, evidence[0]), ""})
	}
}

// governments is what the name of a place's government has after the place.
var governments = []string{"", "人民政府", "人民政府办公室", "人民政府办公厅"}

// isKnown reports whether the codebook has the authority, or a place of which the name
// is that of the government.
func isKnown(book *codebook.Book, name string) bool {
	if _, ok := book.AuthorityNamed(name); ok {
		return true
	}
	regions := book.RegionsIn(name, 0)
	if len(regions) == 0 {
		return false
	}
	_, rest, _ := strings.Cut(name, regions[0].Name)
	return slices.Contains(governments, rest)
}

// knownNear returns the one known name in the text that differs from the name by one
// character, if there is exactly one.
func knownNear(book *codebook.Book, name, text string) string {
	size := len([]rune(name))
	if size < 6 {
		return ""
	}
	near := ""
	for line := range strings.Lines(text) {
		runes := []rune(line)
		for i := 0; i+size <= len(runes); i++ {
			window := string(runes[i : i+size])
			if window == name || window == near || distance(runes[i:i+size], []rune(name)) > 1 || !isKnown(book, window) {
				continue
			}
			if near != "" {
				return ""
			}
			near = window
		}
	}
	return near
}

// setRecognisedAuthority takes the name from the title. It stands without a finding if
// it is one that the codebook knows, or if the text has it a second time. A name known
// that the text has and that differs by one character is what the title says.
func (id *identity) setRecognisedAuthority(book *codebook.Book, text string) (region codebook.Region) {
	name := recognisedName(id.mended)
	if chinese(name) < 2 {
		id.findings = append(id.findings, finding{"authority_unknown", fmt.Sprintf("the title, read as %q, names no authority", id.title), ""})
		return region
	}
	id.authority, id.authorityEvidence, id.authorityConfidence = name, "recognised title: "+id.title, disputed
	if other := knownNear(book, name, text); other != "" && !isKnown(book, name) {
		id.findings = append(id.findings, finding{"authority_recognised", fmt.Sprintf("the name was read as %q in the title and is taken for %q, as the text has it", name, other), ""})
		name = other
		id.authority, id.authorityEvidence = name, id.authorityEvidence+"; recognised text: "+other
	}
	if a, ok := book.AuthorityNamed(name); ok {
		id.authority, id.adcode, id.authorityConfidence = a.Name, a.Adcode, said
		return book.Region[a.Adcode]
	}
	place := book.Place(name, id.atYear(), false)
	regions := place.Regions
	known := strings.Count(text, name) > 1 || isKnown(book, name)
	if len(regions) > 0 {
		region.Level = regions[0].Level
	}
	if len(regions) == 1 {
		region = regions[0]
		id.settle(book, place, region)
		if known {
			id.authorityConfidence = said
		}
	}
	switch {
	case len(regions) > 1:
		id.findings = append(id.findings, finding{"region_ambiguous", fmt.Sprintf("%q may belong to %d regions", name, len(regions)), ""})
	case !known || len(regions) == 0:
		id.findings = append(id.findings, finding{"authority_recognised", fmt.Sprintf("the name %q was read from a picture and is no name that the codebook knows", name), ""})
	}
	return region
}
