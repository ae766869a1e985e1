// Package lake makes up reports, as many as there may be one day, to see how fast
// nianbao is with them and what its site looks like.
//
// EVERY FIGURE AND EVERY NAME HERE IS MADE UP (虚构). The regions carry codes that
// GB/T 2260 does not give, and names that say what they are: 虚构甲省, 虚构甲01市.
//
//	lake := lake.New(book, lake.Size{Cities: 340, Departments: 4, First: 2008, Last: 2025})
//	store := parts.Open(dir, "made-up")
//	store.Update(ctx, lake.Documents(), workers, lake.Extract, nil)
//	warehouse.Build(ctx, warehouse.Input{Parts: store.Dir(), Book: lake.Book, Locations: lake.Locations(), ...})
//
// A report has the tables of the form of its year, filled cell by cell. Its numbers obey
// the identities of the codebook and follow from the year before, except in one of fifty
// reports, in which a total is misprinted. One of twenty reports is missing. The same
// size gives the same lake.
package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// Size says how much there is.
type Size struct {
	Cities      int // each reports for the whole city
	Departments int // of each city; each reports for itself
	First, Last int // years
}

// A Lake is the made-up reports of one size.
type Lake struct {
	Book      *codebook.Book // with made-up regions
	byHash    map[string]work
	documents []string // sha256, ascending
}

// A work is what one document reports on.
type work struct {
	body *body
	year int
}

// A body reports each year.
type body struct {
	authority, adcode, scope string
	volume                   float64 // requests of 2021
	growth                   float64 // a year
	openness, dispute        float64 // shares of the requests closed
	seed                     uint64
}

// provinces is the number of made-up provinces.
const provinces = 31

// stems number the made-up provinces.
var stems = []rune("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日")

// New lists the documents of a lake of that size. The book is left as it is.
func New(book *codebook.Book, size Size) *Lake {
	b := *book
	b.Regions, b.Region = nil, map[string]codebook.Region{}
	b.RegionNames, b.RegionAliases = nil, nil
	l := &Lake{Book: &b, byHash: map[string]work{}}
	add := func(r codebook.Region) {
		b.Regions = append(b.Regions, r)
		b.Region[r.Adcode] = r
	}
	for p := range provinces {
		add(codebook.Region{Adcode: fmt.Sprintf("%d0000", 11+p), Name: "虚构" + string(stems[p]) + "省", Level: "province",
			NameEN: fmt.Sprintf("Made-up Province %d", p+1)})
	}
	for c := range size.Cities {
		p, nr := c%provinces, c/provinces+1
		city := codebook.Region{Adcode: fmt.Sprintf("%d%02d00", 11+p, nr), Name: fmt.Sprintf("虚构%c%02d市", stems[p], nr), Level: "prefecture",
			Parent: fmt.Sprintf("%d0000", 11+p), NameEN: fmt.Sprintf("Made-up City %d-%d", p+1, nr)}
		add(city)
		l.report(size, newBody(city.Name+"人民政府", city.Adcode, "city_aggregate", 900))
		for d := range size.Departments {
			l.report(size, newBody(fmt.Sprintf("%s虚构%d局", city.Name, d+1), city.Adcode, "department", 40))
		}
	}
	slices.SortFunc(b.Regions, func(a, b codebook.Region) int { return compare(a.Adcode, b.Adcode) })
	slices.Sort(l.documents)
	return l
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// newBody draws what a body is like; median is that of the requests of its kind.
func newBody(authority, adcode, scope string, median float64) *body {
	seed := sha256.Sum256([]byte(authority))
	b := &body{authority: authority, adcode: adcode, scope: scope}
	for _, c := range seed[:8] {
		b.seed = b.seed<<8 | uint64(c)
	}
	r := b.random(0)
	b.volume = median * math.Exp(0.9*r.NormFloat64())
	b.growth = 0.08 + 0.04*r.NormFloat64()
	b.openness = 1 / (1 + math.Exp(-0.3-0.6*r.NormFloat64()))
	b.dispute = 0.045 * math.Exp(0.45*r.NormFloat64())
	return b
}

func (b *body) random(year int) *rand.Rand { return rand.New(rand.NewPCG(b.seed, uint64(year))) }

// report adds a body's documents.
func (l *Lake) report(size Size, b *body) {
	for year := size.First; year <= size.Last; year++ {
		if b.random(-year).IntN(20) == 0 {
			continue // missing
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "made up: %s %d", b.authority, year))
		sha := hex.EncodeToString(sum[:])
		l.byHash[sha] = work{b, year}
		l.documents = append(l.documents, sha)
	}
}

// Documents are the sha256 of the reports, ascending.
func (l *Lake) Documents() []string { return l.documents }

// Locations are the addresses of the reports, below the reserved name example.
func (l *Lake) Locations() []record.Location {
	out := make([]record.Location, 0, len(l.documents))
	for _, sha := range l.documents {
		w := l.byHash[sha]
		out = append(out, record.Location{
			URL: fmt.Sprintf("https://www.%s.example/%d/%s.html", w.body.adcode, w.year, sha[:8]), SHA256: sha,
			Portal: w.body.adcode, PortalName: l.Book.Region[w.body.adcode].Name, RegionCode: w.body.adcode,
			Title: w.title(), FetchedAt: fmt.Sprintf("%d-02-01T00:00:00Z", w.year+1), HTTPStatus: 200, ContentType: "text/html",
			Provenance: "made up: every figure and name is made up (虚构)",
		})
	}
	return out
}

func (w work) title() string {
	return fmt.Sprintf("%s%d年政府信息公开工作年度报告（虚构）", w.body.authority, w.year)
}
