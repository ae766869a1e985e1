package portal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const maxProfileBytes = 1 << 20

var (
	regionCode = regexp.MustCompile(`^\d{6}$`)
	hostName   = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
)

func loadAll(fsys fs.FS, names []string) ([]Portal, error) {
	var portals []Portal
	var errs []error
	file := map[string]string{} // by portal id
	for _, name := range names {
		p, err := loadFile(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if other, taken := file[p.ID]; taken {
			errs = append(errs, fmt.Errorf("%s: id %s is taken by %s; give it another", name, p.ID, other))
		}
		file[p.ID] = name
		portals = append(portals, p)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	slices.SortFunc(portals, func(a, b Portal) int { return cmp.Compare(a.ID, b.ID) })
	return portals, nil
}

func loadFile(fsys fs.FS, name string) (Portal, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Portal{}, fmt.Errorf("reading portal profile: %w", err)
	}
	if len(data) > maxProfileBytes {
		return Portal{}, fmt.Errorf("%s: larger than %d bytes; a profile is a few lines", name, maxProfileBytes)
	}
	doc := document{name: name, data: data}
	return doc.portal()
}

// document is one profile file while it is read.
type document struct {
	name string
	data []byte
	file *ast.File
}

func (d *document) portal() (p Portal, err error) {
	if d.file, err = parser.ParseBytes(d.data, 0); err != nil {
		return p, d.wrap(err)
	}
	var head struct {
		Family string `yaml:"family"`
	}
	if err := yaml.Unmarshal(d.data, &head); err != nil {
		return p, d.wrap(err)
	}
	if p, err = family(head.Family); err != nil {
		return p, d.errorf("$.family", "%w", err)
	}
	if err := yaml.UnmarshalWithOptions(d.data, &p, yaml.Strict()); err != nil {
		return p, d.wrap(err)
	}
	return p, d.check(p)
}

// family returns a portal that holds the rules of the family and nothing else.
func family(name string) (p Portal, err error) {
	if !slices.Contains(familyNames(), name) {
		return p, fmt.Errorf("unknown family %q; known: %s", name, strings.Join(familyNames(), ", "))
	}
	for _, file := range []string{"defaults.yaml", "families/" + name + ".yaml"} {
		data, err := rules.ReadFile(file)
		if err != nil {
			return p, err
		}
		if err := yaml.UnmarshalWithOptions(data, &p, yaml.Strict()); err != nil {
			return p, fmt.Errorf("%s: %w", file, err)
		}
	}
	return p, nil
}

func (d *document) check(p Portal) error {
	var errs []error
	missing := func(absent bool, key, hint string) {
		if absent {
			errs = append(errs, d.errorf("$."+key, "missing %s: %s", key, hint))
		}
	}
	missing(p.ID == "", "id", "a name of letters, digits and hyphens")
	missing(p.Name == "", "name", "the portal's name in Chinese")
	missing(p.RegionCode == "", "region_code", "the six digits of GB/T 2260")
	missing(len(p.Hosts.Allow) == 0, "hosts.allow", "the portal's host names")
	missing(len(p.EntryPoints) == 0, "entry_points", "the address of the first list page")
	if p.RegionCode != "" && !regionCode.MatchString(p.RegionCode) {
		errs = append(errs, d.errorf("$.region_code", "region_code %q is not six digits in quotes", p.RegionCode))
	}
	for i, host := range p.Hosts.Allow {
		if !hostName.MatchString(host) {
			errs = append(errs, d.errorf(fmt.Sprintf("$.hosts.allow[%d]", i), "%q is not a host name in lower case without port", host))
		}
	}
	errs = append(errs, d.checkEntries(p), d.checkPagination(p.Pagination))
	errs = append(errs, d.checkConduct(p)...)
	return errors.Join(errs...)
}

func (d *document) checkEntries(p Portal) error {
	var errs []error
	for i, entry := range p.EntryPoints {
		u, err := url.Parse(entry)
		at := fmt.Sprintf("$.entry_points[%d]", i)
		switch {
		case err != nil:
			errs = append(errs, d.errorf(at, "entry point: %w", err))
		case u.Scheme != "http" && u.Scheme != "https":
			errs = append(errs, d.errorf(at, "entry point %s is not an http or https address", entry))
		case !p.Hosts.Allowed(u.Hostname()):
			errs = append(errs, d.errorf(at, "entry point %s is on a host that hosts.allow does not name", entry))
		}
	}
	return errors.Join(errs...)
}

// errorf names the file and the line of the YAML path, or of its nearest parent.
func (d *document) errorf(at, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", d.name, d.line(at), fmt.Errorf(format, args...))
}

func (d *document) line(at string) int {
	for at != "$" && at != "" {
		if p, err := yaml.PathString(at); err == nil {
			if node, err := p.FilterFile(d.file); err == nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		at = at[:strings.LastIndexAny(at, ".[")]
	}
	return 1
}

// wrap names the file and line of an error of the YAML library.
func (d *document) wrap(err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", d.name, located.GetToken().Position.Line, located.GetMessage())
	}
	return fmt.Errorf("%s: %w", d.name, err)
}
