package codebook

import (
	"slices"
	"strings"
)

// indexRegions finds regions by each name they had, with the years of that name.
func (b *Book) indexRegions() {
	since := map[string]int{} // by code: first year of its last name
	b.byName = make(map[string][]Region, len(b.Regions))
	for _, n := range b.RegionNames {
		r := b.Region[n.Adcode]
		r.Name, r.ValidFrom, r.ValidTo = n.Name, n.ValidFrom, n.ValidTo
		b.byName[n.Name] = append(b.byName[n.Name], r)
		since[n.Adcode] = max(since[n.Adcode], n.ValidTo+1)
	}
	for _, r := range b.Regions {
		r.ValidFrom = max(r.ValidFrom, since[r.Adcode])
		b.byName[r.Name] = append(b.byName[r.Name], r)
	}
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
		if a.Name == name {
			return a, true
		}
		for _, alias := range a.Aliases {
			if alias == name {
				return a, true
			}
		}
	}
	return Authority{}, false
}

// RegionsIn returns the regions that the name of a body begins with in reports for a
// year (0: any year): of the most specific place it names, such as 洪泽区 in
// 淮安市洪泽区人民政府. More than one is returned where name and year do not decide,
// and none where no place had that name then.
func (b *Book) RegionsIn(body string, year int) []Region {
	var found []Region
	for rest := body; ; {
		here := b.leading(rest)
		if len(found) > 0 {
			here = below(here, found)
			if len(here) == 0 {
				return found
			}
		}
		found = inYear(here, year)
		if len(found) == 0 {
			return nil
		}
		rest = strings.TrimPrefix(rest, found[0].Name)
	}
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

// leading returns the regions of the longest name that s begins with.
func (b *Book) leading(s string) []Region {
	runes := []rune(s)
	for n := min(len(runes), 15); n >= 2; n-- {
		if r := b.byName[string(runes[:n])]; r != nil {
			return r
		}
	}
	return nil
}

func below(regions, ancestors []Region) []Region {
	var out []Region
	for _, r := range regions {
		for _, a := range ancestors {
			if r.Parent == a.Adcode || len(r.Adcode) == 6 && r.Level == "county" && a.Level == "province" && r.Adcode[:2] == a.Adcode[:2] {
				out = append(out, r)
			}
		}
	}
	return out
}

// FullName is the name by which a body is known beyond its city: that of a
// district's body begins with the city's name of the year, as in 淮安市洪泽区人民政府.
func (b *Book) FullName(r Region, body string, year int) string {
	parent := b.Region[r.Parent]
	if r.Level == "county" && strings.HasSuffix(r.Name, "区") && parent.Level == "prefecture" && strings.HasPrefix(body, r.Name) {
		return b.RegionNameIn(r.Parent, year) + body
	}
	return body
}
