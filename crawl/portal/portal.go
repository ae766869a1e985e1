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
	EntryPoints []string         `yaml:"entry_points"`
	List        List             `yaml:"list"`
	Pagination  Pagination       `yaml:"pagination"`
	Filters     Filters          `yaml:"filters"`
	Conduct     `yaml:",inline"` // politeness, robots, tls and net
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
