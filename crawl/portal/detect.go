package portal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
	"golang.org/x/net/html"

	"github.com/nianbao/nianbao/charset"
)

// A Signature is a line of detect.yaml: by what a family's pages are told.
type Signature struct {
	Family  string  `yaml:"family"`
	Dialect string  `yaml:"dialect"` // for the profile; empty: none
	Pattern Pattern `yaml:"pattern"` // in the text of the page
	Unless  Pattern `yaml:"unless"`  // must not be there; none: nothing need be absent
	Certain bool    `yaml:"certain"` // no other system does so
	Means   string  `yaml:"means"`
}

// Signatures returns what families are told by, in the order in which they are tried.
var Signatures = sync.OnceValue(func() (all []Signature) {
	data, err := rules.ReadFile("detect.yaml")
	if err == nil {
		err = yaml.UnmarshalWithOptions(data, &all, yaml.Strict())
	}
	if err != nil {
		panic(fmt.Sprintf("detect.yaml, which is embedded: %v", err))
	}
	return all
})

// A Detected is what a page was recognised by.
type Detected struct {
	Signature Signature
	Text      string // what the pattern matched, at most 120 bytes
	SiteName  string // as the page states it; empty: it does not
	// Columns are references of the links by which the page leads to a column of annual
	// reports, as discovery.column_links of defaults.yaml name it; nil: it has none.
	Columns []string
}

// Detect tells the family of a page: of a list or a document as a portal serves it. It
// is not ok if nothing known is in it, as in a page that a script is to fill or that
// leads elsewhere.
func Detect(page []byte) (found Detected, ok bool) {
	text := charset.Decode(page, "")
	for _, s := range Signatures() {
		match := s.Pattern.FindString(text)
		if match == "" || s.Unless.Regexp != nil && s.Unless.MatchString(text) {
			continue
		}
		return Detected{Signature: s, Text: clip(match), SiteName: siteName(text), Columns: columns(text)}, true
	}
	return Detected{}, false
}

var links = cascadia.MustCompile("a[href]")

// columns returns the references of the links that the first fitting pattern names.
func columns(text string) (refs []string) {
	var rules Portal
	root, err := html.Parse(strings.NewReader(text))
	if err != nil || readRules("defaults.yaml", &rules) != nil {
		return nil
	}
	for _, name := range rules.Discovery.ColumnLinks {
		for _, a := range cascadia.QueryAll(root, links) {
			ref := attribute(a, "href")
			if name.MatchString(textOf(a)) && !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
		if len(refs) > 0 {
			break
		}
	}
	return refs
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}

const maxShown = 120

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}

// The name of the site stands in a meta element that 国办发〔2017〕47号 asks for.
var (
	metaSiteName = regexp.MustCompile(`(?i)<meta[^>]{0,200}name\s*=\s*["']?SiteName["']?[^>]{0,300}>`)
	metaContent  = regexp.MustCompile(`(?i)content\s*=\s*["']([^"']{1,80})["']`)
)

func siteName(text string) string {
	m := metaContent.FindStringSubmatch(metaSiteName.FindString(text))
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1])
}
