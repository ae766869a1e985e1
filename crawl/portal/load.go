package portal

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/nianbao/nianbao/codebook"
)

const maxProfileBytes = 1 << 20

var (
	portalID   = regexp.MustCompile(`^[a-z0-9]+([-_][a-z0-9]+)*$`)
	regionCode = regexp.MustCompile(`^\d{6}$`)
	hostName   = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	madeUp     = regexp.MustCompile(`^99`) // no province has this number
)

const wholeCountry = "000000"

// loader reads the profiles of one folder.
type loader struct {
	regions  map[string]codebook.Region
	families map[string]Portal // that were read so far
	errs     []error
}

func loadAll(fsys fs.FS, names []string) ([]Portal, error) {
	book, err := codebook.Load()
	if err != nil {
		return nil, err
	}
	l := loader{regions: book.Region, families: map[string]Portal{}}
	var portals []Portal
	ids, entries := map[string]string{}, map[string]string{} // file by portal id and by address
	for _, name := range names {
		doc, p, ok := l.read(fsys, name)
		if !ok {
			continue
		}
		l.once(doc, ids, "$.id", "id", p.ID, "give it another")
		for i, e := range p.EntryPoints {
			l.once(doc, entries, fmt.Sprintf("$.entry_points[%d]", i), "entry point", e.URL, "crawl it from one profile")
		}
		portals = append(portals, p)
	}
	if len(l.errs) > 0 {
		return nil, errors.Join(l.errs...)
	}
	slices.SortFunc(portals, func(a, b Portal) int { return cmp.Compare(a.ID, b.ID) })
	return portals, nil
}

// once notes an error if another profile, or this one, has the value already.
func (l *loader) once(d *document, taken map[string]string, at, what, value, hint string) {
	if other := taken[value]; other != "" && value != "" {
		l.errs = append(l.errs, d.errorf(at, "%s %s is taken by %s; %s", what, value, other, hint))
		return
	}
	taken[value] = d.name
}

// read reads one profile; what is wrong with it is noted. It is ok if its own fields can
// be compared with those of others.
func (l *loader) read(fsys fs.FS, name string) (d *document, p Portal, ok bool) {
	data, err := readProfile(fsys, name)
	if err != nil {
		l.errs = append(l.errs, err)
		return nil, p, false
	}
	d = &document{name: name}
	if p, err = l.portal(d, data); err != nil {
		l.errs = append(l.errs, err)
	}
	return d, p, d.file != nil
}

func readProfile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading portal profile: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxProfileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading portal profile: %w", err)
	}
	if len(data) > maxProfileBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes; a profile is a few lines", name, maxProfileBytes)
	}
	return data, nil
}

// document is one YAML file while it is read.
type document struct {
	name string
	file *ast.File
}

// portal reads a profile over the rules of its family. Where the family is not known it
// goes on with none, to tell what else is wrong.
func (l *loader) portal(d *document, data []byte) (p Portal, err error) {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return p, d.wrap(err)
	}
	d.file = file
	if len(file.Docs) > 1 {
		return p, d.at(file.Docs[1].Body, "a second document; one file holds one portal")
	}
	var errs []error
	name := d.text("$.family")
	if p, err = l.family(name); err != nil {
		errs = append(errs, d.errorf("$.family", "%w", err))
	}
	if file.Docs[0].Body != nil {
		errs = append(errs, d.decode(file.Docs[0].Body, reflect.ValueOf(&p).Elem()))
	}
	if err := errors.Join(errs...); err != nil {
		return p, errors.Join(err, d.checkHead(p, l.regions)) // the family's rules may be half read
	}
	return p, errors.Join(d.checkHead(p, l.regions), d.checkLists(p), errors.Join(d.checkConduct(p)...))
}

// family returns a portal that holds the rules of the family and nothing else.
func (l *loader) family(name string) (p Portal, err error) {
	if known, ok := l.families[name]; ok {
		return known, nil
	}
	if !slices.Contains(Families(), name) {
		return p, fmt.Errorf("unknown family %q; known: %s", name, strings.Join(Families(), ", "))
	}
	for _, file := range []string{"defaults.yaml", "families/" + name + ".yaml"} {
		if err := readRules(file, &p); err != nil {
			return p, err
		}
	}
	l.families[name] = p
	return p, nil
}

// readRules reads an embedded file over p.
func readRules(name string, p *Portal) error {
	data, err := rules.ReadFile(name)
	if err != nil {
		return err
	}
	d := document{name: name}
	if d.file, err = parser.ParseBytes(data, 0); err != nil {
		return d.wrap(err)
	}
	if len(d.file.Docs) == 0 || d.file.Docs[0].Body == nil || d.file.Docs[0].Body.Type() == ast.CommentType {
		return nil // comments only: the defaults
	}
	return d.decode(d.file.Docs[0].Body, reflect.ValueOf(p).Elem())
}

// checkHead checks what a profile says about itself, not how its lists are read.
func (d *document) checkHead(p Portal, regions map[string]codebook.Region) error {
	var errs []error
	missing := func(absent bool, key, hint string) {
		if absent {
			errs = append(errs, d.errorf("$."+key, "missing %s: %s", key, hint))
		}
	}
	known := func(at, what, word string, terms []Term) {
		if _, ok := find(terms, word); word != "" && !ok {
			errs = append(errs, d.errorf(at, "unknown %s %q; known: %s", what, word, strings.Join(ids(terms), ", ")))
		}
	}
	missing(p.ID == "", "id", "a name of letters, digits and hyphens")
	missing(p.Name == "", "name", "the portal's name in Chinese")
	missing(p.RegionCode == "" && p.Active(), "region_code", "the six digits of GB/T 2260")
	missing(len(p.Hosts.Allow) == 0 && p.Active(), "hosts.allow", "the portal's host names")
	missing(len(p.crawled()) == 0 && p.Active(), "entry_points", "the address of the first list page; or say in needs what is to be found out first")
	if p.ID != "" && !portalID.MatchString(p.ID) {
		errs = append(errs, d.errorf("$.id", "id %q: use lower-case letters, digits, - and _", p.ID))
	}
	if err := checkRegion(p.RegionCode, regions); err != nil {
		errs = append(errs, d.errorf("$.region_code", "%w", err))
	}
	known("$.admin_level", "admin_level", p.AdminLevel, Words().Levels)
	known("$.evidence.status", "evidence.status", p.Evidence.Status, Words().Statuses)
	if _, err := time.Parse(time.DateOnly, p.Evidence.ObservedAt); p.Evidence.ObservedAt != "" && err != nil {
		errs = append(errs, d.errorf("$.evidence.observed_at", "evidence.observed_at %q is no day as in 2026-07-22", p.Evidence.ObservedAt))
	}
	for i, host := range p.Hosts.Allow {
		if !hostName.MatchString(host) || net.ParseIP(host) != nil {
			errs = append(errs, d.errorf(fmt.Sprintf("$.hosts.allow[%d]", i), "%q is not a host name in lower case without port", host))
		}
	}
	for i, e := range p.EntryPoints {
		at := fmt.Sprintf("$.entry_points[%d]", i)
		known(at, "role", e.Role, Words().Roles)
		if err := checkEntry(p, e); err != nil {
			errs = append(errs, d.errorf(at, "%w", err))
		}
	}
	return errors.Join(errs...)
}

func checkRegion(code string, regions map[string]codebook.Region) error {
	_, known := regions[code]
	switch {
	case code == "" || known || code == wholeCountry:
		return nil
	case !regionCode.MatchString(code):
		return fmt.Errorf("region_code %q is not six digits in quotes", code)
	case madeUp.MatchString(code):
		return nil
	}
	return fmt.Errorf("region_code %q is no place in codebook/data/region.csv", code)
}

func checkEntry(p Portal, e EntryPoint) error {
	role, _ := find(Words().Roles, e.Role)
	if strings.Contains(e.URL, yearly) && !role.Yearly {
		return fmt.Errorf("entry point %s has {year} in it, which is for the roles that are of one year; %s is not", e.URL, e.Role)
	}
	if strings.Contains(e.URL, yearly) && p.AdminLevel == "" {
		return fmt.Errorf("entry point %s has {year} in it: admin_level is needed, which says until which year reports are due", e.URL)
	}
	e.URL = strings.ReplaceAll(e.URL, yearly, "2019")
	u, err := url.Parse(e.URL)
	switch {
	case err != nil:
		return fmt.Errorf("entry point: %w", err)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("entry point %s is not an http or https address", e.URL)
	case u.User != nil || u.Port() != "":
		return fmt.Errorf("entry point %s has a port or a user name", e.URL)
	case !p.Hosts.Allowed(u.Hostname()):
		return fmt.Errorf("entry point %s is on a host that hosts.allow does not name", e.URL)
	case strings.ContainsAny(e.URL, "<>{}…"):
		return fmt.Errorf("entry point %s is a pattern, no address; say in needs what is to be found out", e.URL)
	case e.ReportYear != 0 && (e.ReportYear < 2008 || e.ReportYear > 2100):
		return fmt.Errorf("report_year %d is not between 2008, the first there was, and 2100", e.ReportYear)
	}
	return nil
}

// UnmarshalYAML reads an address alone, or the keys.
func (e *EntryPoint) UnmarshalYAML(node ast.Node) error {
	if text, ok := node.(*ast.StringNode); ok {
		*e = EntryPoint{URL: text.Value, Role: defaultRole}
		return nil
	}
	type keyed EntryPoint
	k := keyed{Role: defaultRole}
	if err := yaml.NodeToValue(node, &k, yaml.Strict()); err != nil {
		return err
	}
	if *e = EntryPoint(k); k.URL == "" {
		return &yaml.SyntaxError{Message: "an entry point without url", Token: node.GetToken()}
	}
	return nil
}

const defaultRole = "column"

// errorf names the file and the line of the YAML path, or of its nearest parent.
func (d *document) errorf(at, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", d.name, d.line(at), fmt.Errorf(format, args...))
}

// text is the text at a YAML path; empty: there is none.
func (d *document) text(at string) string {
	p, err := yaml.PathString(at)
	if err != nil {
		return ""
	}
	node, err := p.FilterFile(d.file)
	if text, ok := node.(*ast.StringNode); err == nil && ok {
		return text.Value
	}
	return ""
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
	if err == nil {
		return nil
	}
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", d.name, located.GetToken().Position.Line, located.GetMessage())
	}
	return fmt.Errorf("%s: %w", d.name, err)
}
