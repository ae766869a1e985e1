package html

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"regexp"
	"sync"

	"github.com/jszwec/csvutil"
)

// Pages of some systems show only the report's title and metadata; the body is markup within
// JSON within a script. script_body.csv says how each holds it.
//
//go:embed script_body.csv
var scriptBodyCSV []byte

// scriptBody is a line of script_body.csv.
type scriptBody struct {
	Mark    string `csv:"mark"`    // stands in each such page
	Pattern string `csv:"pattern"` // its first group is the body, as a JSON string
	Source  string `csv:"source"`  // whose pages these are

	body *regexp.Regexp
}

var scriptBodies = sync.OnceValue(func() (all []scriptBody) {
	if err := csvutil.Unmarshal(scriptBodyCSV, &all); err != nil { // an embedded file; a test reads it
		panic(err)
	}
	for i := range all {
		all[i].body = regexp.MustCompile(all[i].Pattern)
	}
	return all
})

// withScriptBody returns a page with the body that its script holds at its end, so that
// the tables of the body count after those of the page; or the page as it is.
func withScriptBody(page []byte) []byte {
	for _, s := range scriptBodies() {
		if !bytes.Contains(page, []byte(s.Mark)) {
			continue
		}
		m := s.body.FindSubmatch(page)
		var body string
		if m != nil && json.Unmarshal(m[1], &body) == nil {
			return append(bytes.Clone(page), body...)
		}
	}
	return page
}
