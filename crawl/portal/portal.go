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
// field or an entry point outside hosts.allow is an error that names file and line.
// A profile that loads can be crawled.
package portal

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed defaults.yaml families/*.yaml
var rules embed.FS

// A Portal is one profile, complete with the rules of its family.
type Portal struct {
	ID         string `yaml:"id"`
	Name       string `yaml:"name"`
	RegionCode string `yaml:"region_code"` // GB/T 2260, six digits
	Hosts      Hosts  `yaml:"hosts"`
	Family     string `yaml:"family"` // base name of a file in families
	// EntryPoints are the addresses of first list pages, all on an allowed host.
	EntryPoints []string   `yaml:"entry_points"`
	List        List       `yaml:"list"`
	Pagination  Pagination `yaml:"pagination"`
	Filters     Filters    `yaml:"filters"`
	Politeness  Politeness `yaml:"politeness"`
	// Provenance is empty for a live portal; otherwise it says what the copy is.
	Provenance string `yaml:"provenance"`
}

// Hosts are host names, lower case, without port.
type Hosts struct {
	Allow []string `yaml:"allow"` // no other host is ever asked for anything
}

// Allowed reports whether host, without port, may be asked.
func (h Hosts) Allowed(host string) bool {
	return slices.Contains(h.Allow, strings.ToLower(host))
}

// A List says how the rows of a list page are read.
type List struct {
	Item  Selector `yaml:"item"`  // one row
	Href  Source   `yaml:"href"`  // the row's address
	Title []Source `yaml:"title"` // the row's title: the first that is not empty
}

// Kinds of pagination.
const (
	None    = "none"    // one page
	Suffix0 = "suffix0" // page 2 is numbered 1
	Suffix1 = "suffix1" // page 2 is numbered 2
)

// Pagination says how many list pages there are and what the next is called.
type Pagination struct {
	Kind string `yaml:"kind"` // None, Suffix0 or Suffix1
	// Count finds the number of pages in a list page, as the group named count; the
	// other named groups fill the template.
	Count Pattern `yaml:"count"`
	// Template is the address of a further page, relative to the first: {n} is its
	// number, {name} what the group of Count with that name matched.
	Template string `yaml:"template"`
	MaxPages int    `yaml:"max_pages"` // cap, whatever the page says
}

// Filters judge a row by its title and address. A row is taken if its title matches
// one of TitleInclude and none of TitleExclude, and its address likewise; an empty
// include list takes all.
type Filters struct {
	TitleInclude []Pattern `yaml:"title_include"`
	TitleExclude []Pattern `yaml:"title_exclude"`
	URLInclude   []Pattern `yaml:"url_include"`
	URLExclude   []Pattern `yaml:"url_exclude"`
}

// Judge returns an empty string for a row to take, else the rule that excludes it.
func (f Filters) Judge(title, address string) string {
	switch {
	case len(f.TitleInclude) > 0 && first(f.TitleInclude, title) == nil:
		return "title matches no title_include"
	case first(f.TitleExclude, title) != nil:
		return "title matches title_exclude " + first(f.TitleExclude, title).String()
	case len(f.URLInclude) > 0 && first(f.URLInclude, address) == nil:
		return "address matches no url_include"
	case first(f.URLExclude, address) != nil:
		return "address matches url_exclude " + first(f.URLExclude, address).String()
	}
	return ""
}

func first(patterns []Pattern, s string) *Pattern {
	for i, p := range patterns {
		if p.MatchString(s) {
			return &patterns[i]
		}
	}
	return nil
}

// Politeness bounds what the portal is asked for.
type Politeness struct {
	Delay    time.Duration `yaml:"delay"`     // between two requests to a host
	Timeout  time.Duration `yaml:"timeout"`   // of one request, body included
	MaxBytes int64         `yaml:"max_bytes"` // of one answer
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

func familyNames() []string {
	entries, _ := rules.ReadDir("families") // embedded: cannot fail
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(path.Base(e.Name()), ".yaml"))
	}
	return names
}
