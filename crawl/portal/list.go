package portal

import "strings"

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

func (d *document) checkPagination(p Pagination) error {
	switch {
	case p.Kind != None && p.Kind != Suffix0 && p.Kind != Suffix1:
		return d.errorf("$.pagination.kind", "unknown pagination kind %q; known: none, suffix0, suffix1", p.Kind)
	case p.Kind == None:
		return nil
	case p.Count.Regexp == nil || p.Count.SubexpIndex("count") < 0:
		return d.errorf("$.pagination.count", "pagination.count needs a group (?P<count>...)")
	case !strings.Contains(p.Template, "{n}"):
		return d.errorf("$.pagination.template", "pagination.template %q has no {n}", p.Template)
	case p.MaxPages < 1:
		return d.errorf("$.pagination.max_pages", "pagination.max_pages must be at least 1")
	}
	return nil
}
