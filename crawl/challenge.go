package crawl

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/nianbao/nianbao/crawl/portal"
)

// maxChallengeBytes is more than any known challenge page has; reports are not searched
// for signatures.
const maxChallengeBytes = 64 << 10

//go:embed challenges.yaml
var challengesYAML []byte

// signature is a rule of challenges.yaml, which says what its fields mean.
type signature struct {
	Product   string            `yaml:"product"`
	Status    []int             `yaml:"status"`
	Body      []string          `yaml:"body"`
	Pattern   portal.Pattern    `yaml:"pattern"`
	Header    map[string]string `yaml:"header"`
	MaxBytes  int               `yaml:"max_bytes"`
	PagesOnly bool              `yaml:"pages_only"`
	Retry     bool              `yaml:"retry"`
	Source    string            `yaml:"source"`
}

var signatures = sync.OnceValues(func() (list []signature, err error) {
	if err := yaml.UnmarshalWithOptions(challengesYAML, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("challenges.yaml: %w", err)
	}
	for i, s := range list {
		if s.Product == "" || s.Source == "" {
			return nil, fmt.Errorf("challenges.yaml: rule %d needs product and source", i+1)
		}
		if len(s.Status)+len(s.Body)+len(s.Header) == 0 && s.Pattern.Regexp == nil {
			return nil, fmt.Errorf("challenges.yaml: rule %d would hold for every answer", i+1)
		}
	}
	return list, nil
})

// challengeIn returns the signature that an answer bears; nil: it bears none.
func challengeIn(a answer, robots bool) *signature {
	list, _ := signatures() // Run has checked them
	for i := range list {
		if s := &list[i]; !(robots && s.PagesOnly) && s.in(a) {
			return s
		}
	}
	return nil
}

func (s *signature) in(a answer) bool {
	if len(s.Status) > 0 && !slices.Contains(s.Status, a.status) {
		return false
	}
	for name, part := range s.Header {
		if !strings.Contains(a.header.Get(name), part) {
			return false
		}
	}
	limit := s.MaxBytes
	if limit == 0 {
		limit = maxChallengeBytes
	}
	if len(s.Body) > 0 && (len(a.body) > limit || !slices.ContainsFunc(s.Body, func(part string) bool { return bytes.Contains(a.body, []byte(part)) })) {
		return false
	}
	return s.Pattern.Regexp == nil || len(a.body) <= limit && s.Pattern.Match(a.body)
}

// reason is the codebook reason of an answer that bears the signature.
func (s *signature) reason() string {
	if s.Retry {
		return "http_error"
	}
	return "challenge_page"
}
