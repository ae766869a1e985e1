package codebook

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxChallengeBytes is more than any known challenge has; reports are not searched for
// signatures.
const maxChallengeBytes = 64 << 10

// A Challenge is a signature of an answer by which a host, or the product in front of it,
// refuses or challenges a crawler. Every field that is given must hold. None is ever
// solved.
type Challenge struct {
	Product   string  `csv:"product"`              // in front of the host, as the ledger and the operator are told
	Status    List    `csv:"status"`               // of the answer, one of these; none: any
	Body      List    `csv:"body"`                 // one of these bytes stands in the answer
	Pattern   Pattern `csv:"pattern,omitempty"`    // that the answer meets
	Header    string  `csv:"header"`               // "Name: part", a part of its value; empty: any
	MaxBytes  int     `csv:"max_bytes,omitempty"`  // the answer is no longer; 0: 64 KiB, where its body is looked at
	PagesOnly bool    `csv:"pages_only,omitempty"` // does not hold for robots.txt, which hosts refuse for reasons of their own
	Retry     bool    `csv:"retry,omitempty"`      // asked again first, as Retry-After says
	Source    string  `csv:"source"`               // on what evidence
}

// In reports whether an answer bears the signature.
func (c Challenge) In(status int, header http.Header, body []byte) bool {
	if len(c.Status) > 0 && !slices.Contains(c.Status, strconv.Itoa(status)) {
		return false
	}
	if name, part, given := strings.Cut(c.Header, ": "); given && !strings.Contains(header.Get(name), part) {
		return false
	}
	return !c.readsBody() || c.inBody(body)
}

func (c Challenge) readsBody() bool { return len(c.Body) > 0 || c.Pattern.Regexp != nil }

func (c Challenge) inBody(body []byte) bool {
	limit := c.MaxBytes
	if limit == 0 {
		limit = maxChallengeBytes
	}
	if len(body) > limit {
		return false
	}
	if len(c.Body) > 0 && !slices.ContainsFunc(c.Body, func(part string) bool { return bytes.Contains(body, []byte(part)) }) {
		return false
	}
	return c.Pattern.Regexp == nil || c.Pattern.Match(body)
}

// ChallengeIn returns the signature that bytes bear, whatever the answer they came with;
// the zero value if they bear none.
func (b *Book) ChallengeIn(body []byte) Challenge {
	for _, c := range b.Challenges {
		if len(c.Status) == 0 && c.Header == "" && c.inBody(body) {
			return c
		}
	}
	return Challenge{}
}
