package charts

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// A region is a place of the warehouse: a province, prefecture or county.
type region struct {
	adcode, level, parent string
	name                  Text
	reports               []*report // that stand, in order of scope, authority and year
	below                 []*region // with a report, directly or below them
}

func (r *reader) regions() error {
	r.st.regions = map[string]*region{}
	query := `SELECT adcode, name, coalesce(name_en, ''), level, parent FROM region ORDER BY adcode`
	if err := r.each(query, func(scan func(...any) error) error {
		g := &region{}
		err := scan(&g.adcode, &g.name.ZH, &g.name.EN, &g.level, &g.parent)
		r.st.regions[g.adcode] = g
		return err
	}); err != nil {
		return err
	}
	for _, rep := range r.st.reports {
		if rep.body.adcode == "" {
			continue
		}
		g := r.st.regions[rep.body.adcode]
		if g == nil { // the codebook of the build has no such region
			g = &region{adcode: rep.body.adcode, name: rep.body.region}
			if g.name.ZH == "" {
				g.name = rep.body.authority
			}
			r.st.regions[g.adcode] = g
		}
		if g.reports = append(g.reports, rep); len(g.reports) == 1 {
			r.st.places = append(r.st.places, g)
		}
	}
	for _, g := range slices.Clone(r.st.places) { // a province has a page if one of its places has
		if top := r.st.province(g); len(top.reports) == 0 && !slices.Contains(r.st.places, top) {
			r.st.places = append(r.st.places, top)
		}
	}
	slices.SortFunc(r.st.places, func(a, b *region) int { return cmp.Compare(a.adcode, b.adcode) })
	for _, g := range r.st.places {
		if above := r.st.regions[g.parent]; above != nil {
			above.below = append(above.below, g)
		}
	}
	return nil
}

// province is the region of the first level that a region lies in, itself if it is one.
func (st *store) province(g *region) *region {
	for range 3 {
		if above := st.regions[g.parent]; above != nil && g.level != "province" {
			g = above
		}
	}
	return g
}

// page is the file of the region's page without its ending, below the folder of a language.
func (g *region) page() string {
	if g.level == "province" {
		return "province/" + file(g.adcode)
	}
	return "city/" + file(g.adcode)
}

// file is a code as the name of a file; what no code has is left out.
func file(code string) string {
	return path.Base("/" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, code))
}

// stands reports whether a report of the body counts for its place as a whole, or its
// government, and not for one department of it.
func (b body) stands() bool {
	return strings.HasSuffix(b.scope, "_aggregate") || strings.HasSuffix(b.scope, "_own") || b.scope == "general_office" || b.scope == "dev_zone"
}
