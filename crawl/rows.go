package crawl

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// Bounds of what is read from one list page, well above any real one.
const (
	maxListBytes    = 8 << 20
	maxRows         = 5000
	maxAddressBytes = 2048
	maxTitleRunes   = 300
)

// row is a row of a list page as it stands there.
type row struct {
	href, title string
	listed      listed
}

// links reads the rows of a list page and judges each by the profile. Rows without an
// http or https address are no links.
func (v *visit) links(pg page) []archive.Link {
	base, err := url.Parse(pg.base)
	if err != nil {
		return nil
	}
	var links []archive.Link
	for _, r := range rows(pg.text(), v.portal.List) {
		if address := v.canonical(resolve(base, r.href)); address != "" {
			links = append(links, v.link(pg, address, r))
		}
	}
	return links
}

func (v *visit) link(pg page, address string, r row) archive.Link {
	title := tidy(r.title)
	l := archive.Link{URL: address, Portal: v.portal.ID, Kind: archive.Document, Title: title, FoundOn: pg.address,
		PublishedOn: r.listed.on, PublishedAs: r.listed.as, Authority: v.portal.List.AuthorityOf(address)}
	if host := hostOf(address); !v.portal.Hosts.Allowed(host) {
		l.Reason, l.Detail = "off_site", "host "+host+" is not in hosts.allow"
	} else if rule := v.portal.Filters.Judge(title, address); rule != "" {
		l.Reason, l.Detail = "title_excluded", rule
	} else if !samePrefix(address, pg.entry, v.portal.List.SamePrefix) {
		l.Reason, l.Detail = "title_excluded", "address leaves the path of the entry point (same_prefix)"
	}
	return l
}

// canonical brings an address into the form that the profile rewrites it to; "" if that
// is no address.
func (v *visit) canonical(address string) string {
	before := address
	for _, r := range v.portal.List.Rewrite {
		address = r.Pattern.ReplaceAllString(address, r.With)
	}
	if address == before {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return resolve(u, address)
}

// samePrefix reports whether two addresses share the first n segments of their paths.
func samePrefix(address, entry string, n int) bool {
	a, errA := url.Parse(address)
	b, errB := url.Parse(entry)
	if errA != nil || errB != nil {
		return false
	}
	x, y := strings.Split(a.Path, "/"), strings.Split(b.Path, "/") // the first is empty
	for i := 1; i <= n && i < len(y)-1; i++ {
		if i >= len(x) || x[i] != y[i] {
			return false
		}
	}
	return true
}

// resolve returns the absolute address of a reference without its fragment, "" if it is
// not one to ask for.
func resolve(base *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > maxAddressBytes {
		return ""
	}
	u, err := base.Parse(ref)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	return u.String()
}

// rows reads the rows of a list page's text, unwrapped.
func rows(text string, l portal.List) []row {
	text = unwrap(text, l.Unwrap)
	switch l.Rows {
	case portal.Matches:
		return matches(text, l.Pattern)
	case portal.Objects:
		return objects(text, l)
	}
	return elements(text, l)
}

func elements(text string, l portal.List) (out []row) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		return nil
	}
	doc.FindMatcher(l.Item).EachWithBreak(func(i int, item *goquery.Selection) bool {
		title := firstText(item, l.Title)
		out = append(out, row{source(item, l.Href), title, dayBeside(wholeRow(item, l), title)})
		return i+1 < maxRows
	})
	return out
}

// firstText returns the first source that gives a text.
func firstText(item *goquery.Selection, sources []portal.Source) string {
	for _, s := range sources {
		if t := source(item, s); strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// source returns the text at a source, in the item or the item itself.
func source(item *goquery.Selection, s portal.Source) string {
	found := item.FindMatcher(s.Element).First()
	if found.Length() == 0 {
		found = item.FilterMatcher(s.Element).First()
	}
	if s.Attr == "" {
		return found.Text()
	}
	return strings.TrimSpace(found.AttrOr(s.Attr, ""))
}

func matches(text string, p portal.Pattern) (out []row) {
	group := func(m []string, name string) string {
		if i := p.SubexpIndex(name); i > 0 {
			return html.UnescapeString(m[i])
		}
		return ""
	}
	for _, m := range p.FindAllStringSubmatch(text, maxRows) {
		out = append(out, row{group(m, "href"), group(m, "title"), dayIn(group(m, "date"))})
	}
	return out
}

func objects(text string, l portal.List) (out []row) {
	list, _ := at(text, l.Objects).([]any)
	for _, object := range list[:min(len(list), maxRows)] {
		out = append(out, row{member(object, l.Fields.Href), member(object, l.Fields.Title), dayOf(object, l.Fields.Date)})
	}
	return out
}

// member returns the first of the named members that is a text and not empty.
func member(object any, names []string) string {
	fields, _ := object.(map[string]any)
	for _, name := range names {
		if s, _ := fields[name].(string); strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// at returns what stands at a path of a JSON text, nil if nothing does. "." is the whole.
func at(text, path string) any {
	var v any
	if json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &v) != nil {
		return nil
	}
	if path == "." {
		return v
	}
	for _, key := range strings.Split(path, ".") {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	return v
}

// unwrap undoes the wrappings of a text, step by step. A step that does not apply
// leaves nothing, so that the page has no rows and its list fails.
func unwrap(text string, steps []portal.Step) string {
	for _, s := range steps {
		text = undo(text, s)
	}
	return text
}

func undo(text string, s portal.Step) string {
	switch s.Kind {
	case portal.Each:
		return each(text, s.Pattern)
	case portal.JSON:
		for _, path := range strings.Split(s.Path, "|") {
			if found, ok := at(text, path).(string); ok {
				return found
			}
		}
	case portal.JSONP:
		if from, to := strings.Index(text, "("), strings.LastIndex(text, ")"); from >= 0 && to > from {
			return text[from+1 : to]
		}
	case portal.Base64:
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil {
			return string(raw)
		}
	case portal.URL:
		if plain, err := url.QueryUnescape(text); err == nil {
			return plain
		}
	case portal.HTML:
		return html.UnescapeString(text)
	}
	return ""
}

func each(text string, p portal.Pattern) string {
	var b strings.Builder
	for _, m := range p.FindAllStringSubmatch(text, maxRows) {
		b.WriteString(`<div class="record">`)
		b.WriteString(m[1])
		b.WriteString("</div>\n")
	}
	return b.String()
}

// tidy collapses the white space of a title, drops what is invisible, and cuts it.
func tidy(title string) string {
	title = strings.Map(func(r rune) rune {
		if r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, title)
	t := []rune(strings.Join(strings.Fields(title), " "))
	return string(t[:min(len(t), maxTitleRunes)])
}
