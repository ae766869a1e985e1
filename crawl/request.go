package crawl

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// A Request is what a server is asked: an address, with what a list that pages by
// POST or checks the Referer needs besides. Its zero Method is GET.
type Request struct {
	Method string // "" or GET, or POST
	URL    string
	Header http.Header // beyond what every request carries; nil: nothing
	Body   []byte      // of a POST
}

// get is the request of a plain address.
func get(address string) Request { return Request{Method: http.MethodGet, URL: address} }

// maxKeyedBody bounds the body that a key spells out.
const maxKeyedBody = 300

// key is the address under which the ledger knows the answer: the URL itself, and for
// a POST its body in the fragment, which no server is sent. Headers are no part of it.
func (r Request) key() string {
	if r.Method != http.MethodPost {
		return r.URL
	}
	body := string(r.Body)
	if len(body) > maxKeyedBody {
		sum := sha256.Sum256(r.Body)
		body = "sha256=" + hex.EncodeToString(sum[:])
	}
	return r.URL + "#POST:" + strings.Map(printable, body)
}

// printable keeps control characters out of the ledger.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// after is the request that a redirect with the status to the target asks for: as
// browsers do, only 307 and 308 repeat a POST.
func (r Request) after(status int, target string) Request {
	r.URL = target
	if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
		r.Method, r.Body = http.MethodGet, nil
		r.Header = r.Header.Clone()
		r.Header.Del("Content-Type")
	}
	return r
}
