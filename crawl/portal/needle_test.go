package portal

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestNeedles(t *testing.T) {
	for expression, want := range map[string]needle{
		`showVsbpdfIframe\(\s*["'](?P<href>[^"']+)["']`:             {"showVsbpdfIframe(", false},
		`(?i)viewer\.html\?(?:[^"'<>]*&)?file=(?P<href>[^"'&#<>]+)`: {"viewer.html?", true},
		`(?i)task\.HTML`:    {".html", true}, // k and s have further forms
		`(?:abc|abd)x+`:     {"ab", false},
		`(abc)?d{2,}e*`:     {"d", false},
		`(abc){0,3}|xyz`:    {"", false},
		`(?:共(\d+)条){1,2}页`: {"共", false},
		``:                  {"", false},
	} {
		if got := needleOf(expression); got != want {
			t.Errorf("%s: %+v, want %+v", expression, got, want)
		}
	}
}

// A pattern finds what its expression finds, in whatever case it is written.
func TestPatternsFindWhatTheirExpressionsFind(t *testing.T) {
	defaults, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	viewers := defaults[0].Documents.Viewers
	viewers = append(viewers, Pattern{Regexp: regexp.MustCompile(`(?i)task=(\w+)`), needle: needleOf(`(?i)task=(\w+)`)})
	filler := strings.Repeat("报告 <td>1</td>\n", 100)
	for _, text := range []string{
		"", filler, `<a href="/pdfjs/web/viewer.html?file=/a.pdf">`, `VIEWER.HTML?x=1&FILE=b.pdf`, `viewer.htm`, `showVsbpdfIframe("/a.pdf")`,
		"TA\u017fK=1", "tas\u212a=2", "task=3", `SHOWVSBPDFIFRAME("/a.pdf")`,
	} {
		for _, text := range []string{text, filler + text + filler} {
			for _, v := range viewers {
				got, want := v.FindAllStringSubmatch(text, -1), v.Regexp.FindAllStringSubmatch(text, -1)
				if !slices.EqualFunc(got, want, slices.Equal) {
					t.Errorf("%s in %.40q: %q, want %q", v, text, got, want)
				}
			}
		}
	}
}
