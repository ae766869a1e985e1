package svg

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

const option = `{"grid":[{"left":"56","right":"24","top":"34","bottom":"32"}],"tooltip":{"formatter":"$tip"},
	"xAxis":[{"type":"value","min":2018,"max":2022,"axisLabel":{"formatter":"$year"}}],"yAxis":[{"type":"value","axisLabel":{"color":"$muted"}}],
	"series":[{"type":"line","itemStyle":{"color":"$series-1"},"data":[{"value":[2019,0]},{"value":[2020,3]},{"value":[2021,null]},
	{"value":[2022,2],"text":"</text><script>x</script>虚构市 zr1-\" style=\"a","label":{"show":true,"position":"right","formatter":"$text","color":"$ink"}}]}]}`

func pen(t *testing.T) *Pen {
	t.Helper()
	var sources []Script
	for _, name := range []string{"../assets/echarts/echarts.min.js", "../assets/option.js"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, Script{name, raw})
	}
	program, err := Compile(sources...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := program.Pen()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func draw(t *testing.T, p *Pen) string {
	t.Helper()
	raw, err := p.Draw("a.b", []byte(option), 500, 200)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestDrawSafe wants a picture that a strict content security policy lets pass, whatever
// the text in it.
func TestDrawSafe(t *testing.T) {
	got := draw(t, pen(t))
	if bad := regexp.MustCompile(`<(style|script)|<[^>]* (style|class|on\w+)="|\$`).FindString(got); bad != "" {
		t.Errorf("the picture has %q:\n%s", bad, got)
	}
	for _, want := range []string{"&lt;script&gt;", "zr1-", `lang="zh-CN"`, `"var(--series-1)"`, `"var(--ink)"`, ">2019<", `id="a-b-`} {
		if !strings.Contains(got, want) {
			t.Errorf("the picture lacks %s:\n%s", want, got)
		}
	}
}

// TestDrawAlike wants the same bytes from a pen that has drawn before and from a new one.
func TestDrawAlike(t *testing.T) {
	first := pen(t)
	before := draw(t, first)
	if again, other := draw(t, first), draw(t, pen(t)); again != before || other != before {
		t.Errorf("the pictures differ:\n%s\n%s\n%s", before, again, other)
	}
}

// TestDrawGap wants zero as a point on the axis, and nothing at all where there is no value.
func TestDrawGap(t *testing.T) {
	points := regexp.MustCompile(`(?s)transform="matrix\(`).FindAllString(draw(t, pen(t)), -1)
	if len(points) != 3 {
		t.Errorf("have %d points, want those of 2019, 2020 and 2022", len(points))
	}
}

// TestDrawError wants the id of a chart that cannot be drawn.
func TestDrawError(t *testing.T) {
	p := pen(t)
	if _, err := p.Draw("a.b", []byte(`{"series":[]}`), 500, 200); err == nil || !bytes.Contains([]byte(err.Error()), []byte("a.b")) {
		t.Errorf("have error %v", err)
	}
	draw(t, p)
}
