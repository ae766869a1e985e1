package html

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// A page of the system gkmlpt (广东) shows only the report's title and metadata; the body
// is markup within JSON within a script: window._CONFIG = { DETAIL: {…, "content": "…"} }.
var (
	scriptMark = []byte("_CONFIG")
	scriptBody = regexp.MustCompile(`DETAIL["']?\s*:\s*\{(?s:.*?)"content"\s*:\s*("(?:[^"\\]|\\.)*")`)
)

// withScriptBody returns a page with the body that its script holds at its end, so that
// the tables of the body count after those of the page; or the page as it is.
func withScriptBody(page []byte) []byte {
	if !bytes.Contains(page, scriptMark) {
		return page
	}
	m := scriptBody.FindSubmatch(page)
	var body string
	if m == nil || json.Unmarshal(m[1], &body) != nil {
		return page
	}
	return append(bytes.Clone(page), body...)
}
