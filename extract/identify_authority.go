package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

var (
	// publishedBy is what stands before the name of who published a page, in the lines above
	// its text.
	publishedBy = []string{"发布机构", "发文机关", "发文机构", "公开机构", "制发机关", "发布单位", "信息来源", "稿源", "来源"}
	// publisher is that name. Cells of such lines stand without anything between them, so it
	// ends where the next label begins.
	publisher = regexp.MustCompile(`^([\p{Han}()]{3,40}?)(?m:$|[^\p{Han}()]|成文|发文|发布|公开|生成|信息|索引|文号|标题|名称|主题|分类|体裁|组配|有效|日期|时间|字体|浏览|作者|责任|关键词)`)
	// aPortal is no authority, only a place.
	aPortal = codebook.MustPattern(`网站?$|门户|平台|频道|客户端`)
	// compiled names the authority that wrote the report.
	compiled = codebook.MustPattern(`由([\p{Han}()]{4,30}?)(?:负责|组织)?编制`)
	// relative is a name that leaves the place to the site: 市教育局, 区政府办公室.
	relative    = regexp.MustCompile(`^(?:全|本|我)?(省|自治区|市|自治州|州|盟|自治县|县|区|旗)(\p{Han}.*)$`)
	notRelative = regexp.MustCompile(`^(?:市场|市政[^府]|市容|市民(?:服务|中心)|区域|区块|县域|州际|省际|旗舰)`)
	// ours is how a body that is no government speaks of itself.
	ours = codebook.MustPattern(`我(?:局|委|厅|中心|院|馆|镇|乡|街道|社|站|所|处)`)
	// otherPlace is a name with a place that no region has.
	otherPlace = regexp.MustCompile(`^\p{Han}{0,7}?(?:\p{Han}省|[^城都]市|\p{Han}州|\p{Han}盟|\p{Han}县|[^社]区|\p{Han}旗)`)
	// ofTownship is a body that only a county's site places.
	ofTownship = regexp.MustCompile(`(?:镇|乡|苏木|街道)(?:人民政府|政府|办事处|街道办事处|办)?$`)
)

// A clue is a name that a document gives, and where.
type clue struct{ name, from string }

// who is the clues by which authority and place are found.
type who struct {
	title  clue   // the name in the title, which may be none
	names  []clue // of the authority, the surest first
	places []clue // that lie around the authority's
	text   string
}

// cluesOf collects what a document says of who reports and where. A portal is a place
// alone, and so is a government on whose site 我局 is written.
func (id *identity) cluesOf(book *codebook.Book, doc *grid.Document, text string) who {
	w := who{title: clue{authorityIn(id.title), "title: " + id.title}, text: text}
	w.names = []clue{w.title}
	site := clue{id.site, "site: " + id.site}
	clues := []clue{{codebook.Squeeze(doc.Issuer), "publisher: " + doc.Issuer}, site}
	if name := publisherIn(text); name != "" {
		clues = append([]clue{{name, "publisher: " + name}}, clues...)
	}
	for _, c := range clues {
		government := scopeOfName(book, c.name) == ""
		if !aPortal.MatchString(c.name) && (!government || c != site && !ours.MatchString(text)) {
			w.names = append(w.names, c)
		}
	}
	w.places = append([]clue{site}, clues...)
	if m := compiled.FindStringSubmatch(text); m != nil && !ourselves.MatchString(m[1]) {
		w.names = append(w.names, clue{m[1], "author: " + m[1]})
		w.places = append(w.places, clue{m[1], "author: " + m[1]})
	}
	w.names = slices.DeleteFunc(w.names, func(c clue) bool { return len([]rune(c.name)) < 2 || ourselves.MatchString(c.name) })
	w.places = slices.DeleteFunc(w.places, func(c clue) bool { return len([]rune(c.name)) < 2 })
	return w
}

// publisherIn is the first publisher that the text names, or an empty string.
func publisherIn(text string) string {
	for rest := text; ; {
		before, behind, ok := strings.Cut(rest, ":")
		if !ok {
			return ""
		}
		rest = behind
		if !slices.ContainsFunc(publishedBy, func(label string) bool { return strings.HasSuffix(before, label) }) {
			continue
		}
		if m := publisher.FindStringSubmatch(rest); m != nil {
			return m[1]
		}
	}
}

// fullest is the first of the names, or another that says it with its place: 上溪镇 is
// 义乌市上溪镇人民政府.
func (w who) fullest(book *codebook.Book, year int) clue {
	first := w.names[0]
	if len(book.RegionsIn(first.name, year)) > 0 {
		return first
	}
	for _, c := range w.names[1:] {
		if strings.Contains(c.name, first.name) && len(book.RegionsIn(c.name, year)) > 0 {
			return clue{c.name, first.from + "; " + c.from}
		}
	}
	return first
}

// setAuthority takes the name from the title, else from the publisher that the page
// names, else from the sentence that says who wrote the report. It finds its region by the
// place that the name begins with, as regions were in the year of the report, else by that
// of the site or the publisher. Where a name fits several regions these or the text may
// decide between them; else they are all kept, for the portal to.
func (id *identity) setAuthority(book *codebook.Book, doc *grid.Document, text string) (region codebook.Region) {
	w := id.cluesOf(book, doc, text)
	if len(w.names) == 0 {
		id.note("authority_unknown", "the title %q names no authority and the page declares no publisher", id.title)
		return region
	}
	year := id.atYear()
	named := w.fullest(book, year)
	name := named.name
	id.authority, id.authorityEvidence, id.authorityConfidence = name, named.from, agreed
	if named != w.title {
		id.authorityConfidence = suggested
	}
	if a, ok := book.AuthorityNamed(name); ok {
		id.authority, id.adcode = a.Name, a.Adcode
		return book.Region[a.Adcode]
	}
	place := book.Place(name, year, leavesOut(book, name))
	switch len(place.Regions) {
	case 0:
		if then := book.RegionsIn(name, 0); len(then) > 0 {
			id.authorityConfidence = disputed
			id.note("region_not_of_year", "%q begins with %s (%s), which was not there in %d", name, then[0].Name, then[0].Adcode, year)
			return region
		}
		return id.placeAround(book, w, name)
	case 1:
		id.settle(book, place, place.Regions[0])
		return place.Regions[0]
	}
	if r, from, ok := w.decide(book, place.Regions, year); ok {
		id.authorityEvidence, id.authorityConfidence = id.authorityEvidence+"; "+from, suggested
		id.settle(book, place, r)
		return r
	}
	for _, r := range place.Regions {
		id.candidates = append(id.candidates, r.Adcode)
	}
	id.authorityConfidence = disputed
	id.note("region_ambiguous", "%q may belong to %s", name, strings.Join(id.candidates, ", "))
	if rest := codebook.Government(place.Regions[0], place.Rest); place.Prefix == "" {
		id.authority = strings.TrimSuffix(name, place.Rest) + rest
	}
	return codebook.Region{Level: place.Regions[0].Level}
}

func (id *identity) note(code, format string, args ...any) {
	id.findings = append(id.findings, finding{code, fmt.Sprintf(format, args...), ""})
}

// settle takes the region, and the full name of the body there; one that answers to a body
// of the whole country keeps its own, as does a zone. That of a zone is the city's, since
// the codes of the statistical office change.
func (id *identity) settle(book *codebook.Book, place codebook.Place, r codebook.Region) {
	id.adcode = r.Adcode
	if r.Zone() {
		id.adcode = r.Parent
	}
	if place.Prefix == "" && !place.Short {
		id.authority = book.FullName(r, place.Rest, id.atYear())
	}
}

// leavesOut reports whether bodies of such a name leave 市 or 县 out of their place's.
func leavesOut(book *codebook.Book, name string) bool {
	scope := scopeOfName(book, name)
	return slices.ContainsFunc(book.Scopes, func(s codebook.Scope) bool { return s.ID == scope && s.ShortPlace == "yes" })
}

// decide picks the one of the regions that a place around names, or the text together with
// the city.
func (w who) decide(book *codebook.Book, regions []codebook.Region, year int) (r codebook.Region, from string, ok bool) {
	for _, p := range w.places {
		around := book.Place(p.name, year, true).Regions
		both := slices.DeleteFunc(slices.Clone(regions), func(r codebook.Region) bool {
			return !slices.ContainsFunc(around, func(a codebook.Region) bool { return a.Adcode == r.Adcode || r.IsIn(a) })
		})
		if len(both) == 1 {
			return both[0], p.from, true
		}
	}
	var named []codebook.Region
	for _, r := range regions {
		if full := book.RegionNameIn(r.Parent, year) + book.RegionNameIn(r.Adcode, year); strings.Contains(w.text, full) {
			named, from = append(named, r), "text: "+full
		}
	}
	if len(named) == 1 {
		return named[0], from, true
	}
	return r, "", false
}

// placeAround finds the region of a name that has none, by a site or publisher: 市教育局 is
// that of the city whose site it stands on. A body of a township is placed by a county
// alone; a name with a place that no region has stays as it is.
func (id *identity) placeAround(book *codebook.Book, w who, name string) (region codebook.Region) {
	year, rest, level := id.atYear(), name, ""
	if m := relative.FindStringSubmatch(name); m != nil && !notRelative.MatchString(name) {
		level, rest = m[1], m[2]
	}
	if level == "" && scopeOfName(book, name) == "state_dept" {
		return region
	}
	for _, p := range w.places {
		regions := book.Place(p.name, year, false).Regions
		if len(regions) != 1 {
			continue
		}
		r := regions[0]
		if !strings.HasSuffix(book.RegionNameIn(r.Adcode, year), level) || ofTownship.MatchString(name) && r.Level != "county" {
			continue
		}
		id.adcode = r.Adcode
		id.authorityEvidence, id.authorityConfidence = id.authorityEvidence+"; "+p.from, suggested
		if level != "" || !otherPlace.MatchString(name) && !ofTownship.MatchString(name) {
			id.authority = book.FullName(r, rest, year)
		}
		return r
	}
	id.authorityConfidence = disputed
	return region
}
