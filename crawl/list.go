package crawl

import (
	"net/url"
	"strconv"
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

// links reads the rows of a list page and judges each by the profile. Rows without an
// http or https address are no links.
func (v *visit) links(pg page) []archive.Link {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(pg.text()))
	if err != nil {
		return nil
	}
	base, err := url.Parse(pg.base)
	if err != nil {
		return nil
	}
	var links []archive.Link
	doc.FindMatcher(v.portal.List.Item).EachWithBreak(func(i int, row *goquery.Selection) bool {
		if address := resolve(base, text(row, v.portal.List.Href)); address != "" {
			links = append(links, v.link(pg, address, title(row, v.portal.List.Title)))
		}
		return i+1 < maxRows
	})
	return links
}

func (v *visit) link(pg page, address, title string) archive.Link {
	l := archive.Link{URL: address, Portal: v.portal.ID, Kind: archive.Document, Title: title, FoundOn: pg.address}
	if host := hostOf(address); !v.portal.Hosts.Allowed(host) {
		l.Reason, l.Detail = "off_site", "host "+host+" is not in hosts.allow"
	} else if rule := v.portal.Filters.Judge(title, address); rule != "" {
		l.Reason, l.Detail = "title_excluded", rule
	}
	return l
}

// resolve returns the absolute address of a reference without its fragment, "" if it is
// not one to ask for.
func resolve(base *url.URL, ref string) string {
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

// title returns the first source that gives one, its white space collapsed.
func title(row *goquery.Selection, sources []portal.Source) string {
	for _, s := range sources {
		if t := strings.Join(strings.Fields(text(row, s)), " "); t != "" {
			return string([]rune(t)[:min(len([]rune(t)), maxTitleRunes)])
		}
	}
	return ""
}

func text(row *goquery.Selection, s portal.Source) string {
	found := row.FindMatcher(s.Element).First()
	if s.Attr == "" {
		return found.Text()
	}
	return strings.TrimSpace(found.AttrOr(s.Attr, ""))
}

// pageCount returns the number of list pages that the first one names, at most the
// profile's cap, at least 1.
func pageCount(pg page, p portal.Pagination) int {
	if p.Kind == portal.None {
		return 1
	}
	m := p.Count.FindStringSubmatch(pg.text())
	if m == nil {
		return 1
	}
	count, err := strconv.Atoi(m[p.Count.SubexpIndex("count")])
	if err != nil {
		return p.MaxPages // a number beyond int
	}
	return max(1, min(count, p.MaxPages))
}

// pageAddress returns the address of the nth list page, counted from 1; "" if it lies
// outside the portal.
func pageAddress(first page, p portal.Portal, n int) string {
	if p.Pagination.Kind == portal.Suffix0 {
		n--
	}
	ref := strings.ReplaceAll(p.Pagination.Template, "{n}", strconv.Itoa(n))
	count := p.Pagination.Count
	m := count.FindStringSubmatch(first.text())
	for i, name := range count.SubexpNames() {
		if name != "" && m != nil {
			ref = strings.ReplaceAll(ref, "{"+name+"}", m[i])
		}
	}
	base, err := url.Parse(first.base)
	if err != nil {
		return ""
	}
	address := resolve(base, ref)
	if !p.Hosts.Allowed(hostOf(address)) {
		return ""
	}
	return address
}
