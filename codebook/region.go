package codebook

import "strings"

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

// RegionsIn returns the regions that the name of a body begins with: of the most
// specific place it names, such as 洪泽区 in 淮安市洪泽区人民政府. More than one is
// returned where the name alone does not decide.
func (b *Book) RegionsIn(body string) []Region {
	var found []Region
	for rest := body; ; {
		here := b.leading(rest)
		if len(found) > 0 {
			here = below(here, found)
		}
		if len(here) == 0 {
			return found
		}
		found = here
		rest = strings.TrimPrefix(rest, here[0].Name)
	}
}

// leading returns the regions of the longest name that s begins with.
func (b *Book) leading(s string) []Region {
	runes := []rune(s)
	for n := min(len(runes), 12); n >= 2; n-- {
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
// district's body begins with the city's, as in 淮安市洪泽区人民政府.
func (b *Book) FullName(r Region, body string) string {
	parent := b.Region[r.Parent]
	if r.Level == "county" && strings.HasSuffix(r.Name, "区") && parent.Level == "prefecture" && strings.HasPrefix(body, r.Name) {
		return parent.Name + body
	}
	return body
}
