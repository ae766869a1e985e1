package portal

import (
	"fmt"
	"slices"
	"strings"
)

// What the rows of a list page are.
const (
	Elements = "elements" // elements of its markup, found by Item
	Matches  = "pattern"  // matches of Pattern in its text, as where a script writes the rows
	Objects  = "objects"  // objects of an array in its JSON, at Objects
)

// A List says how the rows of a list page are read. Its text is first unwrapped, step by
// step; the row's address and title are then found in what is left.
type List struct {
	// Variables are captured before the rows are read; templates name them.
	Variables []Variable `yaml:"variables"`
	// Elsewhere finds, in an entry page, the address (group href) under which another
	// system keeps the column. The list then fails: it wants an entry point there.
	Elsewhere Pattern `yaml:"elsewhere"`
	// Shells find, in a small page without rows, the address (group href) that its script
	// or its meta element leads on to. At most two hops are followed.
	Shells []Pattern `yaml:"shells"`
	// Frame is the frame that holds the list where the page itself has no rows, unless
	// its address matches FrameExclude. It counts as a hop.
	Frame        Source  `yaml:"frame"`
	FrameExclude Pattern `yaml:"frame_exclude"`

	Unwrap []Step `yaml:"unwrap"`
	Rows   string `yaml:"rows"` // Elements, Matches or Objects

	Item  Selector `yaml:"item"`  // one row
	Href  Source   `yaml:"href"`  // the row's address
	Title []Source `yaml:"title"` // the row's title: the first that is not empty
	// Around is the nearest element around an item that holds what the row prints beside
	// it, the day of publication; none: the item does.
	Around Selector `yaml:"around"`

	Pattern Pattern `yaml:"pattern"` // one row: group href, and the groups title and date if it has them
	Objects string  `yaml:"objects"` // path of the array, its keys joined by dots
	Fields  Fields  `yaml:"fields"`  // of one object

	// Rewrite brings the addresses of one document into one form.
	Rewrite []Rewrite `yaml:"rewrite"`
	// Codes say whose report an address leads to, where files or folders are named so.
	Codes []Codes `yaml:"codes"`
	// SamePrefix is how many segments of its path a row must share with the entry point.
	SamePrefix int `yaml:"same_prefix"`
}

// Fields name members of a row's object: the first that is not empty counts.
type Fields struct {
	Href  []string `yaml:"href"`
	Title []string `yaml:"title"`
	Date  []string `yaml:"date"` // day of publication: a text or a Unix time
}

// Codes name bodies by a part of the address of their reports, such as the file name in
// /wzxxgknb/2025/hz.pdf.
type Codes struct {
	Pattern     Pattern           `yaml:"pattern"`     // of the address; its group code is the code
	Authorities map[string]string `yaml:"authorities"` // full name of the body, by its code
}

// AuthorityOf returns whose report an address leads to; empty: the codes do not say.
func (l List) AuthorityOf(address string) string {
	for _, c := range l.Codes {
		if m := c.Pattern.FindStringSubmatch(address); m != nil {
			return c.Authorities[m[c.Pattern.SubexpIndex("code")]]
		}
	}
	return ""
}

// A Variable is captured by the named groups of a pattern, from the entry page, its
// address with query and fragment, an earlier variable, or one further address of the
// portal.
type Variable struct {
	From    string   `yaml:"from"` // Page, Address or a variable; empty with Get
	Get     Template `yaml:"get"`  // reference of the further address
	Pattern Pattern  `yaml:"pattern"`
	Decode  []Step   `yaml:"decode"` // of what the groups captured
	// Default is what the groups are where the pattern does not match. Without it the list
	// fails then, or, if Optional, only the templates that name them cannot be used.
	Default  *string `yaml:"default"`
	Optional bool    `yaml:"optional"`
}

// Where a variable is captured from.
const (
	Page    = "page"
	Address = "address"
)

// A Rewrite replaces what a pattern matches in an address; $1 is its first group.
type Rewrite struct {
	Pattern Pattern `yaml:"pattern"`
	With    string  `yaml:"with"`
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

// checkLists checks what the rules of lists, pages and discovery need of each other.
func (d *document) checkLists(p Portal) error {
	for _, check := range []func(Portal) error{d.checkVariables, d.checkAddresses, d.checkRows, d.checkHops, d.checkPagination, d.checkDocuments, d.checkDiscovery} {
		if err := check(p); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) checkVariables(p Portal) error {
	known := slices.Clone(builtin)
	for i, v := range p.List.Variables {
		at := fmt.Sprintf("$.list.variables[%d]", i)
		switch {
		case v.Pattern.Regexp == nil || len(v.Pattern.names()) == 0:
			return d.errorf(at, "a variable needs a pattern with a named group, as in (?P<sid>\\d+)")
		case v.From != "" && v.Get != "":
			return d.errorf(at, "a variable has from or get, not both")
		case v.From != "" && v.From != Page && v.From != Address && !slices.Contains(known, v.From):
			return d.errorf(at, "unknown from %q; known: page, address and the variables before: %s", v.From, strings.Join(known, ", "))
		case v.From == "" && v.Get == "":
			return d.errorf(at, "a variable needs from (page or address) or get (one further address)")
		}
		if err := d.checkTemplate(at+".get", v.Get, known); err != nil {
			return err
		}
		known = append(known, v.Pattern.names()...)
	}
	return nil
}

// checkAddresses checks that the lists' addresses have in them what their rules want.
func (d *document) checkAddresses(p Portal) error {
	for i, e := range p.EntryPoints {
		role, _ := find(Words().Roles, e.Role)
		if !role.Crawled || e.Role == Landing || e.Role == Report || !p.Active() {
			continue
		}
		for _, v := range p.List.Variables {
			if v.From == Address && v.Default == nil && !v.Optional && !v.Pattern.MatchString(e.of(Words().FirstReportYear).URL) {
				return d.errorf(fmt.Sprintf("$.entry_points[%d]", i), "entry point %s: nothing in it matches %s, which list.variables (of the family %s or of this profile) need", e.URL, v.Pattern, p.Family)
			}
		}
	}
	return nil
}

func (d *document) checkRows(p Portal) error {
	l := p.List
	switch {
	case l.Rows != Elements && l.Rows != Matches && l.Rows != Objects:
		return d.errorf("$.list.rows", "unknown list.rows %q; known: elements, pattern, objects", l.Rows)
	case l.Rows == Matches && (l.Pattern.Regexp == nil || l.Pattern.SubexpIndex("href") < 0):
		return d.errorf("$.list.pattern", "list.rows is pattern: list.pattern needs a group (?P<href>...)")
	case l.Rows == Objects && (l.Objects == "" || len(l.Fields.Href) == 0 || len(l.Fields.Title) == 0):
		return d.errorf("$.list.objects", "list.rows is objects: list.objects, list.fields.href and list.fields.title are needed")
	case l.Rows == Elements && (l.Item.Selector == nil || l.Href.Element.Selector == nil):
		return d.errorf("$.list.item", "list.rows is elements: list.item and list.href are needed")
	case l.SamePrefix < 0:
		return d.errorf("$.list.same_prefix", "list.same_prefix must not be negative")
	}
	for i, r := range l.Rewrite {
		if r.Pattern.Regexp == nil {
			return d.errorf(fmt.Sprintf("$.list.rewrite[%d]", i), "a rewrite needs a pattern")
		}
	}
	for i, c := range l.Codes {
		if c.Pattern.Regexp == nil || c.Pattern.SubexpIndex("code") < 0 || len(c.Authorities) == 0 {
			return d.errorf(fmt.Sprintf("$.list.codes[%d]", i), "codes need a pattern with a group (?P<code>...) and authorities, as in {hz: 淮安市洪泽区人民政府}")
		}
	}
	return nil
}

func (d *document) checkHops(p Portal) error {
	for i, s := range p.List.Shells {
		if s.SubexpIndex("href") < 0 {
			return d.errorf(fmt.Sprintf("$.list.shells[%d]", i), "a shell needs a group (?P<href>...)")
		}
	}
	if e := p.List.Elsewhere; e.Regexp != nil && e.SubexpIndex("href") < 0 {
		return d.errorf("$.list.elsewhere", "list.elsewhere needs a group (?P<href>...)")
	}
	return nil
}

// names are the named groups of the pattern.
func (p Pattern) names() []string {
	if p.Regexp == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.SubexpNames()), func(name string) bool { return name == "" })
}

// variables are the names that a portal's templates may use.
func (p Portal) variables() []string {
	known := slices.Clone(builtin)
	for _, v := range p.List.Variables {
		known = append(known, v.Pattern.names()...)
	}
	return append(known, p.Pagination.Count.names()...)
}

func (d *document) checkTemplate(at string, t Template, known []string) error {
	for _, name := range t.Names() {
		if !slices.Contains(known, name) {
			return d.errorf(at, "template %q names {%s}, which no variable captures; known: %s", string(t), name, strings.Join(known, ", "))
		}
	}
	return nil
}
