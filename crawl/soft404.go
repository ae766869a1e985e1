package crawl

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

//go:embed soft404.yaml
var soft404YAML []byte

// soft404Rules is soft404.yaml, which says what its fields mean.
type soft404Rules struct {
	MaxNoticeBytes int      `yaml:"max_notice_bytes"`
	MinLinks       int      `yaml:"min_links"`
	ReportSigns    []string `yaml:"report_signs"`
	Home           []string `yaml:"home"`
}

var soft404 = sync.OnceValues(func() (r soft404Rules, err error) {
	if err := yaml.UnmarshalWithOptions(soft404YAML, &r, yaml.Strict()); err != nil {
		return r, fmt.Errorf("soft404.yaml: %w", err)
	}
	return r, nil
})

// impostors remembers, for one portal and run, what could come in place of a document.
type impostors struct {
	profile portal.Soft404
	pages   map[string]string // sha256 of list pages -> address
	notices map[string]string // host and length of pages without their title -> address
}

func newImpostors(p portal.Portal) *impostors {
	return &impostors{profile: p.Soft404, pages: map[string]string{}, notices: map[string]string{}}
}

// known remembers a list that is as the archive holds it.
func (m *impostors) known(addr archive.Address) {
	if addr.Kind == archive.List {
		m.pages[addr.SHA256] = addr.URL
	}
}

// judge returns in words why an answer with status 200 is not the document that was
// asked for, "" if it may be. It sees every answer of the portal, lists too.
func (m *impostors) judge(addr archive.Address, got result) string {
	rules, _ := soft404() // Run has checked them
	sum := sha256.Sum256(got.body)
	hash := hex.EncodeToString(sum[:])
	switch {
	case slices.Contains(m.profile.SHA256, hash):
		return "its bytes are those that soft404.sha256 of the profile names"
	case slices.Contains(m.profile.Lengths, len(got.body)):
		return fmt.Sprintf("%d bytes, a length that soft404.lengths of the profile names", len(got.body))
	case addr.Kind == archive.List:
		m.pages[hash] = addr.URL
		return ""
	case m.pages[hash] != "":
		return "its bytes are those of the list " + m.pages[hash]
	case isHome(rules, got.address) && !isHome(rules, addr.URL):
		return "leads to the home page " + got.address
	case !markup(got.body):
		return ""
	}
	return m.judgePage(rules, addr, got)
}

// judgePage judges markup by what it says.
func (m *impostors) judgePage(rules soft404Rules, addr archive.Address, got result) string {
	text := charset.Decode(got.body, got.header.Get("Content-Type"))
	if isDocument(rules, text, addr.Title) {
		return ""
	}
	text = squeeze(text) // in which titles and signs stand apart
	if isDocument(rules, text, squeeze(addr.Title)) {
		return ""
	}
	if len(got.body) <= rules.MaxNoticeBytes {
		if words := m.notice(text); words != "" {
			return "a notice that says " + words
		}
	}
	if addr.Part {
		return "" // frames and further pages of a report have no title
	}
	if links := bytes.Count(got.body, []byte("<a ")) + bytes.Count(got.body, []byte("<A ")); links >= rules.MinLinks {
		return fmt.Sprintf("a page of %d links without the document's title", links)
	}
	key := fmt.Sprint(hostOf(got.address), " ", len(got.body))
	if before := m.notices[key]; before != "" && before != addr.URL {
		return fmt.Sprintf("%d bytes without the document's title, as %s; look at both, and name the length in soft404.lengths of the profile", len(got.body), before)
	}
	m.notices[key] = addr.URL
	return ""
}

// notice returns the words by which a squeezed text is a notice, "" if it has none.
func (m *impostors) notice(text string) string {
	for _, marker := range m.profile.Markers {
		if strings.Contains(text, squeeze(marker)) {
			return marker
		}
	}
	b, err := book()
	if err != nil {
		return "" // Run has checked it
	}
	for _, w := range b.WrongPages {
		if words := w.Pattern.FindString(text); words != "" {
			return words
		}
	}
	return ""
}

func isHome(rules soft404Rules, address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.RawQuery == "" && (u.Path == "" || slices.Contains(rules.Home, u.Path))
}

// markup reports whether bytes are a whole page of HTML.
func markup(body []byte) bool {
	head := bytes.ToLower(body[:min(len(body), 1024)])
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<body")) || bytes.Contains(head, []byte("<!doctype"))
}

// isDocument reports whether a text carries a title, which lists cut off with dots, or a
// sign of a report.
func isDocument(rules soft404Rules, text, title string) bool {
	title = strings.TrimRight(title, ".…")
	return len([]rune(title)) >= 6 && strings.Contains(text, title) ||
		slices.ContainsFunc(rules.ReportSigns, func(s string) bool { return strings.Contains(text, s) })
}

// squeeze deletes white space.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
