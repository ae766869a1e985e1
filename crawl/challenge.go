package crawl

import (
	"sync"

	"github.com/nianbao/nianbao/codebook"
)

// book is the codebook, whose challenge.csv and wrong_page.csv tell what answers are no
// documents.
var book = sync.OnceValues(codebook.Load)

// challengeIn returns the signature that an answer bears; nil: it bears none.
func challengeIn(a answer, robots bool) *codebook.Challenge {
	b, err := book()
	if err != nil {
		return nil // Run has checked it
	}
	for i := range b.Challenges {
		if c := &b.Challenges[i]; !(robots && c.PagesOnly) && c.In(a.status, a.header, a.body) {
			return c
		}
	}
	return nil
}

// reasonOf is the codebook reason of an answer that bears a signature.
func reasonOf(c *codebook.Challenge) string {
	if c.Retry {
		return "http_error"
	}
	return "challenge_page"
}
