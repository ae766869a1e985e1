package crawl

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// documents fetches the documents of the portal that have no outcome in this cycle, those
// of earlier cycles included, and the parts that they turn out to have.
func (v *visit) documents(ctx context.Context) error {
	for {
		found := false
		for addr, err := range v.Archive.Work(ctx, v.cycle, v.portal.ID) {
			if err != nil {
				return err
			}
			found = true
			if _, err := v.read(ctx, get(addr.URL), addr); err != nil {
				return err
			}
		}
		if !found {
			return nil
		}
	}
}

// recordParts records what else belongs to the document that a page is. A part is a
// document whose FoundOn is that of the page the list leads to. Parts have no parts but
// the pages that follow them.
func (v *visit) recordParts(ctx context.Context, addr archive.Address, pg page) error {
	if addr.Kind != archive.Document || len(pg.body) > maxListBytes || !isMarkup(pg.body) || v.portal.Documents.MaxParts == 0 {
		return nil
	}
	root := addr.URL
	if addr.Part {
		root = addr.FoundOn
	}
	var links []archive.Link
	for _, l := range v.partsOf(pg, addr) {
		if l.URL == root || l.URL == addr.URL {
			continue
		}
		if v.parts[root]++; v.parts[root] > v.portal.Documents.MaxParts {
			break
		}
		l.FoundOn = root
		links = append(links, l)
	}
	return v.Archive.Discover(ctx, v.stamp(), links)
}

func (v *visit) partsOf(pg page, addr archive.Address) []archive.Link {
	text := pg.text()
	doc, errDoc := goquery.NewDocumentFromReader(strings.NewReader(text))
	base, errBase := url.Parse(pg.base)
	if errDoc != nil || errBase != nil {
		return nil
	}
	p := &partFinder{visit: v, rules: v.portal.Documents, base: base, title: addr.Title, seen: map[string]bool{}}
	body := article(doc, p.rules.Body)
	p.next(body)
	if addr.Part {
		return p.links
	}
	p.viewers(text)
	p.sources(doc.Selection, p.rules.Attachments)
	if body.Find("table").Length() == 0 {
		p.sources(body, p.rules.Frames)
		if len(p.links) == 0 {
			p.sources(body, p.rules.Images)
		}
	}
	return p.links
}

// article returns what holds the body of the report, or the whole page.
func article(doc *goquery.Document, body []portal.Selector) *goquery.Selection {
	for _, s := range body {
		if found := doc.FindMatcher(s).First(); found.Length() > 0 {
			return found
		}
	}
	return doc.Selection
}

// partFinder gathers the parts that one page names.
type partFinder struct {
	*visit
	rules portal.Documents
	base  *url.URL
	title string
	seen  map[string]bool
	links []archive.Link
}

func (p *partFinder) sources(in *goquery.Selection, sources []portal.Source) {
	for _, s := range sources {
		for _, e := range in.FindMatcher(s.Element).EachIter() {
			if ref := e.AttrOr(s.Attr, ""); !p.isViewer(ref) {
				p.add(ref, e.Text())
			}
		}
	}
}

// viewers finds the files that viewers show. Their references are those of the page, not
// of the viewer.
func (p *partFinder) viewers(text string) {
	text = comment.ReplaceAllString(text, "")
	for _, viewer := range p.rules.Viewers {
		for _, m := range viewer.FindAllStringSubmatch(text, p.rules.MaxParts) {
			ref := m[viewer.SubexpIndex("href")]
			if plain, err := url.PathUnescape(ref); err == nil {
				ref = plain
			}
			p.add(ref, "")
		}
	}
}

var comment = regexp.MustCompile(`(?s)<!--.*?-->`)

func (p *partFinder) isViewer(ref string) bool {
	for _, viewer := range p.rules.Viewers {
		if viewer.MatchString(ref) {
			return true
		}
	}
	return false
}

var anchors = cascadia.MustCompile("a[href]")

// next finds the page that follows in a divided report.
func (p *partFinder) next(body *goquery.Selection) {
	if p.rules.Next.Regexp == nil {
		return
	}
	for _, a := range body.FindMatcher(anchors).EachIter() {
		if p.rules.Next.MatchString(tidy(a.Text())) {
			p.add(a.AttrOr("href", ""), "")
		}
	}
}

// add takes a reference as a part, once, unless the rules exclude it by text or address.
func (p *partFinder) add(ref, text string) {
	address := p.canonical(resolve(p.base, ref))
	if address == "" || p.seen[address] || p.excluded(ref) || p.excluded(tidy(text)) {
		return
	}
	p.seen[address] = true
	l := archive.Link{URL: address, Portal: p.portal.ID, Kind: archive.Document, Title: p.title, Authority: p.portal.List.AuthorityOf(address)}
	if host := hostOf(address); !p.portal.Hosts.Allowed(host) {
		l.Reason, l.Detail = "off_site", "host "+host+" is not in hosts.allow"
	}
	p.links = append(p.links, l)
}

func (p *partFinder) excluded(s string) bool {
	return p.rules.Exclude.Regexp != nil && p.rules.Exclude.MatchString(s)
}

// isMarkup reports whether bytes are a page of HTML, whatever their declared type.
func isMarkup(body []byte) bool {
	return strings.HasPrefix(http.DetectContentType(body), "text/html") ||
		bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<")) && bytes.Contains(bytes.ToLower(body[:min(len(body), 4096)]), []byte("<html")) ||
		bytes.Contains(body[:min(len(body), 4096)], []byte("</"))
}
