package portal

import (
	"fmt"
	"slices"
)

// Kinds of pagination.
const (
	None      = "none"      // one page
	Suffix0   = "suffix0"   // page 2 is numbered 1
	Suffix1   = "suffix1"   // page 2 is numbered 2
	Countdown = "countdown" // of 6 pages, page 2 is numbered 5 and the last 1
	Probe     = "probe"     // numbered as one of several templates, and no count is known
	ByRequest = "request"   // further pages answer a request of their own
)

// Where the rows of the first page are.
const (
	FromEntry   = "entry"   // in the entry page
	FromRequest = "request" // in the answer to the request for page 1
)

// Pagination says how many list pages there are and what the next is called.
//
// Paging ends when as many rows as Total says are found, at a page that has no row that
// an earlier one did not have (an empty or repeated one, whatever else is on it), at the
// number of pages, and at MaxPages. A list that ends short of Total, or at MaxPages,
// fails: rows are missing.
type Pagination struct {
	Kind  string `yaml:"kind"`
	First string `yaml:"first"` // FromEntry or FromRequest; the latter only with ByRequest
	// Count finds the number of pages in the entry page, as the group named count; the
	// other named groups fill the template.
	Count Pattern `yaml:"count"`
	// Total finds, in a page with rows, how many the list has, as the group named total.
	Total Pattern `yaml:"total"`
	// Template is the address of a further page, relative to the first: {n} is its
	// number, {name} what the group of Count or of a variable with that name matched.
	Template Template `yaml:"template"`
	// Alternatives are other templates, tried in turn where one leads to nothing new
	// (Probe) or the list stays short of its total.
	Alternatives []Template `yaml:"alternatives"`
	Request      Request    `yaml:"request"` // with ByRequest
	// Otherwise are other requests, tried in turn where the list stays short of its total
	// or has no row, as where the first page is numbered 0.
	Otherwise []Request `yaml:"otherwise"`
	// Sizes are the rows to ask for in one page. Where the server refuses the first for
	// page 1, or answers it without rows, the next is tried.
	Sizes    []int `yaml:"sizes"`
	MaxPages int   `yaml:"max_pages"` // cap, whatever the page says
}

// A Request asks for one list page. Its templates may name any variable.
type Request struct {
	Method  string              `yaml:"method"`  // GET or POST
	Address Template            `yaml:"address"` // relative to the entry page
	Form    Template            `yaml:"form"`    // body of a POST, as a=1&b={n}
	JSON    Template            `yaml:"json"`    // body of a POST
	Headers map[string]Template `yaml:"headers"`
}

func (d *document) checkPagination(portal Portal) error {
	p, known := portal.Pagination, portal.variables()
	kinds := []string{None, Suffix0, Suffix1, Countdown, Probe, ByRequest}
	switch {
	case !slices.Contains(kinds, p.Kind):
		return d.errorf("$.pagination.kind", "unknown pagination kind %q; known: none, suffix0, suffix1, countdown, probe, request", p.Kind)
	case p.First != FromEntry && p.First != FromRequest:
		return d.errorf("$.pagination.first", "unknown pagination.first %q; known: entry, request", p.First)
	case p.First == FromRequest && p.Kind != ByRequest:
		return d.errorf("$.pagination.first", "pagination.first is request: pagination.kind must be request")
	case p.Total.Regexp != nil && p.Total.SubexpIndex("total") < 0:
		return d.errorf("$.pagination.total", "pagination.total needs a group (?P<total>...)")
	case p.MaxPages < 1:
		return d.errorf("$.pagination.max_pages", "pagination.max_pages must be at least 1")
	case p.Kind == None:
		return nil
	case p.Kind == ByRequest && (len(p.Sizes) == 0 || slices.Min(p.Sizes) < 1):
		return d.errorf("$.pagination.sizes", "pagination.sizes needs the rows of a page, as in [20]")
	case p.Kind == ByRequest:
		for i, r := range p.Otherwise {
			if err := d.checkRequest(fmt.Sprintf("$.pagination.otherwise[%d]", i), r, known); err != nil {
				return err
			}
		}
		return d.checkRequest("$.pagination.request", p.Request, known)
	case p.Kind != Probe && !slices.Contains(known, "count"):
		return d.errorf("$.pagination.count", "pagination.count needs a group (?P<count>...)")
	}
	for i, t := range append([]Template{p.Template}, p.Alternatives...) {
		at := "$.pagination.template"
		if i > 0 {
			at = fmt.Sprintf("$.pagination.alternatives[%d]", i-1)
		}
		if !slices.Contains(t.Names(), "n") && !slices.Contains(t.Names(), "n0") {
			return d.errorf(at, "template %q of pagination has no {n}", string(t))
		}
		if err := d.checkTemplate(at, t, known); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) checkRequest(at string, r Request, known []string) error {
	switch {
	case r.Method != "GET" && r.Method != "POST":
		return d.errorf(at+".method", "unknown method %q of a request for pages; known: GET, POST", r.Method)
	case r.Address == "":
		return d.errorf(at, "the request for pages has no address")
	case r.Form != "" && r.JSON != "":
		return d.errorf(at+".json", "a request has form or json, not both")
	case r.Method == "GET" && (r.Form != "" || r.JSON != ""):
		return d.errorf(at+".method", "a GET request has no body; use POST or move it into the address")
	}
	for _, t := range []struct {
		at string
		Template
	}{{".address", r.Address}, {".form", r.Form}, {".json", r.JSON}} {
		if err := d.checkTemplate(at+t.at, t.Template, known); err != nil {
			return err
		}
	}
	for name, t := range r.Headers {
		if err := d.checkTemplate(at+".headers."+name, t, known); err != nil {
			return err
		}
	}
	return nil
}
