// Package portal reads portal profiles: which hosts a government portal has, where
// its column of annual reports begins, and how its list pages are read.
//
// A profile is one YAML file. What it does not say, its family says (the content
// management system behind the portal, in families/*.yaml), and what that does not say,
// defaults.yaml says. A list in one replaces that in the other. A portal of a known family needs no more than
//
//	id: cn-410100-zhengzhou
//	name: 郑州市人民政府
//	region_code: "410100"
//	hosts:
//	  allow: [public.zhengzhou.gov.cn]
//	family: static
//	entry_points:
//	  - https://public.zhengzhou.gov.cn/gknb/index.html
//
// Reading is strict: an unknown key or family, a bad pattern or selector, a missing
// field, a region that the codebook does not know or an entry point outside hosts.allow
// is an error that names file and line. A profile that loads can be crawled, unless its
// needs say what is still to be found out.
//
// profiles/*.yaml are the portals that come with nianbao ([Shipped]), detect.yaml says by
// what a family is recognised ([Detect]), vocabulary.yaml what keys may say and when a
// report is due ([Portal.Due]).
package portal

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed defaults.yaml vocabulary.yaml detect.yaml families/*.yaml
var rules embed.FS

//go:embed profiles/*.yaml
var shipped embed.FS

// A Portal is one profile, complete with the rules of its family.
type Portal struct {
	ID   string `yaml:"id"`   // of lower-case letters, digits and hyphens, such as cn-410100-zhengzhou; never changed
	Name string `yaml:"name"` // the body whose portal it is, in Chinese
	// RegionCode is the place by GB/T 2260, six digits: 000000 for the whole country, 99…
	// for places that are made up. It may be empty only where Needs says what is not known.
	RegionCode string `yaml:"region_code"`
	AdminLevel string `yaml:"admin_level"` // whose portal it is; empty: no report is expected
	Hosts      Hosts  `yaml:"hosts"`
	Family     string `yaml:"family"`  // base name of a file in families
	Dialect    string `yaml:"dialect"` // of the family, a word for people; empty: none known
	// EntryPoints are where the reports, or the way to them, are; all on an allowed host.
	EntryPoints []EntryPoint `yaml:"entry_points"`
	// Needs says in words what is to be found out before the portal can be crawled; as long
	// as it says so, the crawler leaves the portal alone. Empty: nothing.
	Needs      string           `yaml:"needs"`
	Note       string           `yaml:"note"` // for people
	Evidence   Evidence         `yaml:"evidence"`
	Verified   bool             `yaml:"verified"` // an operator has crawled it once and looked
	List       List             `yaml:"list"`
	Pagination Pagination       `yaml:"pagination"`
	Filters    Filters          `yaml:"filters"`
	Documents  Documents        `yaml:"documents"`
	Discovery  Discovery        `yaml:"discovery"`
	Conduct    `yaml:",inline"` // politeness, robots, tls and net
	// Provenance is empty for a live portal; otherwise it says what the copy is.
	Provenance string `yaml:"provenance"`
}

// An EntryPoint is an address at which a person or the crawler begins. In YAML it is
// an address alone, whose role is then column, or the keys.
type EntryPoint struct {
	// URL is its address. {year} in it stands for each report year that is due, where a
	// year's list or report has its year in its address.
	URL  string `yaml:"url"`
	Role string `yaml:"role"` // a role of vocabulary.yaml
	// ReportYear is that of a year's list, or the first where the address has {year}; 0: of
	// several years or not known, or 2019.
	ReportYear int `yaml:"report_year"`
}

// Roles of vocabulary.yaml that the crawler treats apart from lists.
const (
	Landing = "landing"
	Report  = "annual_jsp"
)

// yearly stands for the report year in the address of an entry point.
const yearly = "{year}"

// of returns the entry point of one report year.
func (e EntryPoint) of(year int) EntryPoint {
	e.URL, e.ReportYear = strings.ReplaceAll(e.URL, yearly, strconv.Itoa(year)), year
	return e
}

// Evidence says where the addresses of a profile come from.
type Evidence struct {
	Source     string `yaml:"source"`      // who saw them
	ObservedAt string `yaml:"observed_at"` // a day; empty: the source does not say
	Status     string `yaml:"status"`      // a status of vocabulary.yaml
}

// Active reports whether the portal can be crawled.
func (p Portal) Active() bool { return p.Needs == "" }

// Lists returns the entry points that the crawler asks at a time: those whose role leads
// to reports, none of a portal that is not active. One with {year} in its address gives
// one for each year whose report is due then, the latest first.
func (p Portal) Lists(now time.Time) (lists []EntryPoint) {
	due := p.Due(now)
	for _, e := range p.crawled() {
		if !strings.Contains(e.URL, yearly) {
			lists = append(lists, e)
			continue
		}
		first := cmp.Or(e.ReportYear, Words().FirstReportYear)
		for year := lastYear(due); year >= first; year-- {
			lists = append(lists, e.of(year))
		}
	}
	return lists
}

func lastYear(due []Due) int {
	if len(due) == 0 {
		return 0
	}
	return due[len(due)-1].ReportYear
}

// crawled are the entry points whose role leads to reports.
func (p Portal) crawled() (entries []EntryPoint) {
	for _, e := range p.EntryPoints {
		if role, _ := find(Words().Roles, e.Role); role.Crawled && p.Active() {
			entries = append(entries, e)
		}
	}
	return entries
}

// Hosts are host names, lower case, without port.
type Hosts struct {
	Allow []string `yaml:"allow"` // no other host is ever asked for anything
}

// Allowed reports whether host, without port, may be asked.
func (h Hosts) Allowed(host string) bool {
	return slices.Contains(h.Allow, strings.ToLower(host))
}

// Load reads every *.yaml of fsys and returns the portals in the order of their ids.
// It reports all errors it finds, not the first only.
func Load(fsys fs.FS) ([]Portal, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing portal profiles: %w", err)
	}
	return loadAll(fsys, names)
}

// LoadFiles does so for the named files.
func LoadFiles(fsys fs.FS, names ...string) ([]Portal, error) { return loadAll(fsys, names) }

// Shipped returns the profiles that come with nianbao. Most are other people's
// observations that no operator has verified yet; their evidence says so.
func Shipped() ([]Portal, error) {
	names, err := fs.Glob(shipped, "profiles/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing shipped portal profiles: %w", err)
	}
	return loadAll(shipped, names)
}

// Overlay returns the portals of base, in the order of their ids, with those of over
// added; one with the same id takes the place of that in base. It fails if two portals
// then begin at the same address.
func Overlay(base, over []Portal) ([]Portal, error) {
	byID := map[string]Portal{}
	for _, p := range slices.Concat(base, over) {
		byID[p.ID] = p
	}
	all := slices.SortedFunc(maps.Values(byID), func(a, b Portal) int { return cmp.Compare(a.ID, b.ID) })
	var errs []error
	taken := map[string]string{}
	for _, p := range all {
		for _, e := range p.crawled() {
			if other := taken[e.URL]; other != "" {
				errs = append(errs, fmt.Errorf("portals %s and %s both begin at %s; give the one that replaces the other its id", other, p.ID, e.URL))
			}
			taken[e.URL] = p.ID
		}
	}
	return all, errors.Join(errs...)
}

// Families returns the names of the families that profiles may have.
func Families() []string {
	entries, _ := rules.ReadDir("families") // embedded: cannot fail
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(path.Base(e.Name()), ".yaml"))
	}
	return names
}
