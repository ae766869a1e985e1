package crawl

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"github.com/nianbao/nianbao/crawl/portal"
)

// capture fills the variables; missing says which is not found.
func (w *walk) capture(ctx context.Context) (missing string, err error) {
	w.vars = map[string]string{"entry": withoutFragment(w.entry)}
	w.vars["stem"], w.vars["ext"] = stem(w.first.base)
	for _, v := range w.portal.List.Variables {
		text, err := w.captureFrom(ctx, v)
		if err != nil {
			return "", err
		}
		p := bind(v.Pattern, w.vars)
		m := p.FindStringSubmatch(text)
		switch {
		case m == nil && v.Default != nil:
			w.assume(p, *v.Default)
		case m == nil && !v.Optional:
			return "nothing in it matches " + v.Pattern.String() + " (list.variables); check the address in the profile", nil
		default:
			w.set(p, m, v.Decode)
		}
	}
	if count := w.portal.Pagination.Count; count.Regexp != nil {
		w.set(count.Regexp, count.FindStringSubmatch(w.first.text()), nil)
	}
	return "", nil
}

// set sets the variables that the groups of a match name.
func (w *walk) set(p *regexp.Regexp, m []string, decode []portal.Step) {
	for i, name := range p.SubexpNames() {
		if name != "" && m != nil && (m[i] != "" || w.vars[name] == "") {
			w.vars[name] = unwrap(m[i], decode)
		}
	}
}

// assume sets the variables that a pattern did not find.
func (w *walk) assume(p *regexp.Regexp, value string) {
	for _, name := range p.SubexpNames() {
		if _, known := w.vars[name]; name != "" && !known {
			w.vars[name] = value
		}
	}
}

func (w *walk) captureFrom(ctx context.Context, v portal.Variable) (string, error) {
	switch {
	case v.From == portal.Page:
		return w.first.text(), nil
	case v.From == portal.Address:
		return w.entry, nil
	case v.From != "":
		return w.vars[v.From], nil
	}
	base, err := url.Parse(w.first.base)
	if err != nil {
		return "", nil
	}
	address := resolve(base, v.Get.Fill(w.vars, portal.ForURL))
	if !w.portal.Hosts.Allowed(hostOf(address)) {
		return "", nil
	}
	pg, err := w.readList(ctx, get(address), w.entry, w.entry)
	return pg.text(), err
}

// bind puts captured variables into a pattern that names them, as {cat}.
func bind(p portal.Pattern, vars map[string]string) *regexp.Regexp {
	text := p.String()
	for name, value := range vars {
		text = strings.ReplaceAll(text, "{"+name+"}", regexp.QuoteMeta(value))
	}
	if text == p.String() {
		return p.Regexp
	}
	bound, err := regexp.Compile(text)
	if err != nil {
		return p.Regexp
	}
	return bound
}
