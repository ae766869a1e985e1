package codebook

import (
	"slices"
	"strings"
)

// names finds regions by a name, with the years of that name.
type names map[string][]Region

// indexRegions finds regions by each name they had, by what else they are called, and by
// their short names.
func (b *Book) indexRegions() {
	since := map[string]int{} // by code: first year of its last name
	b.byName, b.byAlias, b.byShort = make(names, len(b.Regions)), names{}, names{}
	for _, n := range b.RegionNames {
		r := b.Region[n.Adcode]
		r.ValidFrom, r.ValidTo = n.ValidFrom, n.ValidTo
		b.byName[n.Name] = append(b.byName[n.Name], r)
		since[n.Adcode] = max(since[n.Adcode], n.ValidTo+1)
	}
	for _, a := range b.RegionAliases {
		b.byAlias[a.Name] = append(b.byAlias[a.Name], b.Region[a.Adcode])
	}
	for _, r := range b.Regions {
		if short := shortName(r); short != "" {
			b.byShort[short] = append(b.byShort[short], r)
		}
		r.ValidFrom = max(r.ValidFrom, since[r.Adcode])
		b.byName[r.Name] = append(b.byName[r.Name], r)
	}
}

// shortName is what names of bodies that are not of a region's government say of it: 郑州
// in 郑州海关, 内蒙古 in 国家统计局内蒙古调查总队. Districts have none.
func shortName(r Region) string {
	for _, end := range []string{"维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "地区", "省", "市", "县", "盟"} {
		if short, ok := strings.CutSuffix(r.Name, end); ok && !r.Statistical() && len([]rune(short)) >= 2 {
			return short
		}
	}
	return ""
}

// Zone reports whether the code is that of a development zone, which the statistical office
// alone gives and changes.
func (r Region) Zone() bool { return r.Level == "county" && r.Adcode[4] == '7' }

// Statistical reports whether the code is one of the statistical office, which GB/T 2260
// does not have: development zones, the islands before 三沙市 had districts, the districts
// of 大兴安岭, and 大柴旦.
func (r Region) Statistical() bool {
	return r.Zone() || r.Level == "county" && (slices.Contains([]string{"23276", "46032", "63285"}, r.Adcode[:5]))
}

// RegionNameIn is the name of a region in a year; its last one if the year is 0.
func (b *Book) RegionNameIn(adcode string, year int) string {
	for _, n := range b.RegionNames {
		if n.Adcode == adcode && year != 0 && n.ValidFrom <= year && year <= n.ValidTo {
			return n.Name
		}
	}
	return b.Region[adcode].Name
}

// AuthorityNamed returns the entry of authority.csv that a body's name or one of
// its other names stands for.
func (b *Book) AuthorityNamed(name string) (Authority, bool) {
	for _, a := range b.Authorities {
		if a.Name == name || slices.Contains(a.Aliases, name) {
			return a, true
		}
	}
	return Authority{}, false
}

// A Place is where the name of a body says that it is: the regions of the most specific
// place that it names, such as 洪泽区 in 淮安市洪泽区人民政府, and what stands before and
// behind. Regions has more than one where name and year do not decide, and none where no
// place had that name then.
type Place struct {
	Regions []Region
	Prefix  string // what stands before the place, such as 国家税务总局
	Short   bool   // the place is called by its short name
	Rest    string
}

// Place finds the place that the name of a body begins with, in reports for a year (0: any
// year). Short names of places are looked for if short says so, and behind a prefix.
func (b *Book) Place(body string, year int, short bool) Place {
	p := Place{Rest: body}
	elsewhere := ""
	for _, x := range b.Prefixes {
		if at := x.Pattern.FindStringIndex(body); at != nil {
			p.Prefix, p.Rest, elsewhere = body[:at[1]], body[at[1]:], x.Adcode
			break
		}
	}
	for {
		here, rest, gone := b.leading(p.Rest, p.Regions, year)
		if gone {
			return Place{Rest: body}
		}
		if len(here) == 0 {
			break
		}
		p.Regions, p.Rest = here, rest
	}
	if len(p.Regions) == 0 && (short || p.Prefix != "") {
		here, rest := longest(b.byShort, p.Rest, nil, year)
		p.Regions, p.Rest, p.Short = outermost(here), rest, len(here) > 0
	}
	if len(p.Regions) == 0 && elsewhere != "" {
		p.Regions = []Region{b.Region[elsewhere]}
	}
	return p
}

// RegionsIn returns the regions of the place that a body's name begins with.
func (b *Book) RegionsIn(body string, year int) []Region { return b.Place(body, year, false).Regions }

// leading returns the regions below the given ones, if there are such, of the longest name
// that s begins with, and what follows it; what regions are called beside their names counts
// after those. Gone is that they were not there in the year.
func (b *Book) leading(s string, above []Region, year int) (found []Region, rest string, gone bool) {
	for _, index := range []names{b.byName, b.byAlias} {
		if found, rest = longest(index, s, above, year); len(found) > 0 {
			return found, rest, false
		}
		ever, _ := longest(index, s, above, 0)
		gone = gone || len(ever) > 0
	}
	return nil, s, gone
}

// longest returns the regions of the longest name that s begins with, if they lie below
// the given ones and were there in the year.
func longest(index names, s string, above []Region, year int) (found []Region, rest string) {
	runes := []rune(s)
	for n := min(len(runes), 15); n >= 2; n-- {
		if named := index[string(runes[:n])]; named != nil {
			if found = inYear(below(named, above), year); len(found) > 0 {
				return found, string(runes[n:])
			}
			break
		}
	}
	return nil, s
}

// outermost leaves out regions that lie in another: 长沙海关 is named after the city, not
// after its county.
func outermost(regions []Region) []Region {
	return slices.DeleteFunc(slices.Clone(regions), func(r Region) bool {
		return slices.ContainsFunc(regions, r.IsIn)
	})
}

// inYear keeps the regions that were there at the end of a year. Where none was, it
// keeps those that were at the end of the year before or after: a report is signed
// months after its year, and lists follow decisions with some delay.
func inYear(regions []Region, year int) []Region {
	if year == 0 {
		return regions
	}
	for tolerance := range 2 {
		kept := slices.DeleteFunc(slices.Clone(regions), func(r Region) bool {
			return r.ValidFrom > year+tolerance || r.ValidTo != 0 && r.ValidTo < year-tolerance
		})
		if len(kept) > 0 {
			return kept
		}
	}
	return nil
}

// below keeps the regions that lie in one of the others, if there are others.
func below(regions, ancestors []Region) []Region {
	if len(ancestors) == 0 {
		return regions
	}
	var out []Region
	for _, r := range regions {
		if slices.ContainsFunc(ancestors, r.IsIn) {
			out = append(out, r)
		}
	}
	return out
}

// IsIn reports whether a region lies in another: right below it, or in its province.
func (r Region) IsIn(o Region) bool {
	return r.Parent == o.Adcode || r.Level == "county" && o.Level == "province" && r.Adcode[:2] == o.Adcode[:2]
}

// FullName is the name of a body by the region of its place and what follows there: the
// official name of the region in that year, without those above, but a district's begins
// with its city's, as in 淮安市洪泽区教育局. A region alone stands for its government.
func (b *Book) FullName(r Region, rest string, year int) string {
	name := b.RegionNameIn(r.Adcode, year)
	if r.Zone() {
		return name + rest
	}
	if parent := b.Region[r.Parent]; isDistrict(name) && parent.isCity() {
		name = b.RegionNameIn(r.Parent, year) + name
	}
	return name + Government(r, rest)
}

// isDistrict tells a district of a city from 六枝特区 and 神农架林区, which are counties.
func isDistrict(name string) bool {
	return strings.HasSuffix(name, "区") && !strings.HasSuffix(name, "特区") && !strings.HasSuffix(name, "林区") && !strings.HasSuffix(name, "自治区")
}

// isCity reports whether a region is a city with districts.
func (r Region) isCity() bool {
	return r.Level != "county" && strings.HasSuffix(r.Name, "市")
}

// Government is what follows the region's name in a body's, with the government called by
// its full name: 人民政府, in prefectures and leagues (地区, 盟) 行政公署.
func Government(r Region, rest string) string {
	full := "人民政府"
	if strings.HasSuffix(r.Name, "地区") || strings.HasSuffix(r.Name, "盟") {
		full = "行政公署"
	}
	for _, short := range []string{"人民政府", "政府", "行政公署", "行署", ""} {
		switch office, ok := strings.CutPrefix(rest, short); {
		case !ok:
		case office == "" || office == "办公室" && short != "" || office == "办公厅" && short != "":
			return full + office
		case office == "办" && short != "":
			return full + "办公室"
		}
	}
	return rest
}
