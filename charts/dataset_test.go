package charts

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

// script reads the object that a data script puts.
func script[T any](t *testing.T, files map[string]string, name string) (object T) {
	t.Helper()
	raw, ok := strings.CutPrefix(files["data/"+name+".js"], `nianbao.put("`+name+`", `)
	if !ok {
		t.Fatalf("data/%s.js begins with %.40q", name, files["data/"+name+".js"])
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(raw, ");\n")), &object); err != nil {
		t.Fatalf("data/%s.js: %v", name, err)
	}
	return object
}

// A drawnPanel is a panel as a page reads it.
type drawnPanel struct {
	V, X, N, Lo, Hi, Z []*float64
	S, G, T, E         string
}

// TestFigures wants zero, blank and absent to differ, and figures to be those of the fixture.
func TestFigures(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	list := script[bodies](t, files, "city_aggregate/bodies")
	if list.Years != [2]int{2018, 2022} || !slices.Equal(list.ZH, []string{"甲市（虚构）", "乙市（虚构）"}) || !slices.Equal(list.State, []string{"rrcrr", ".rarr"}) {
		t.Errorf("bodies %+v", list)
	}
	core := script[coreScript](t, files, "core")
	blank := ""
	for c, s := range core.Statuses {
		if s.ID == "blank" {
			blank = c
		}
	}
	received := script[drawnPanel](t, files, "city_aggregate/app_new")
	for i, want := range []float64{800, 1000, 1200, 1500, 1400, -1, 0, -1, 7, -1} {
		if v := received.V[i]; (v == nil) != (want < 0) || v != nil && *v != want {
			t.Errorf("app_new %d: have %v, want %v", i, v, want)
		}
	}
	if received.X != nil || received.S[5:6] != "." || received.S[7:8] != "." || received.S[9:] != blank || received.G != "upcpp p pu" || received.T != "1011100011" {
		t.Errorf("app_new %+v", received)
	}
	rate := script[drawnPanel](t, files, "city_aggregate/disclosure_rate")
	if *rate.V[1] != 0.612245 || *rate.X[1] != 600 || *rate.N[1] != 980 || *rate.Lo[1] != 0.592245 || rate.E != "0111100001" {
		t.Errorf("disclosure_rate of 2019: %+v", rate)
	}
}

// TestStats wants quantiles, sums and funnel limits of the twelve districts, whose rates
// are all alike: 6i of 10i are disclosed, for i from 10 to 21.
func TestStats(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	received := script[stats](t, files, "district_aggregate/app_new.stats")
	if want := []float64{105.5, 127.5, 155, 182.5, 204.5}; received.Bodies[0] != 12 || !slices.Equal(received.Q[0], want) || *received.Pooled[0].V != 1860 {
		t.Errorf("app_new %+v, sum %+v", received, *received.Pooled[0])
	}
	if few := script[stats](t, files, "city_aggregate/app_new.stats"); few.Q[1] != nil || few.Bodies[1] != 2 {
		t.Errorf("quantiles of two bodies: %+v", few)
	}
	disclosed := script[stats](t, files, "district_aggregate/disclosure_rate.stats")
	if sum := disclosed.Pooled[0]; *sum.X != 1116 || *sum.N != 1860 || *sum.V != 0.6 || sum.Bodies != 12 {
		t.Errorf("pooled %+v", *sum)
	}
	f := disclosed.Funnel["2022"]
	if f.Bodies != 12 || f.Target != 0.6 || f.Tau2 != 0 || f.Grid[0] != 100 || f.Grid[len(f.Grid)-1] != 210 {
		t.Fatalf("funnel %+v", f)
	}
	limit := func(n, z float64) float64 { // Anscombe 1948, back from the scale on which it is normal
		s := math.Sin(math.Asin(math.Sqrt(0.6)) + z/math.Sqrt(4*n+2))
		return ((n+0.75)*s*s - 0.375) / n
	}
	for i, n := range f.Grid {
		for z, have := range map[float64]float64{-1.959963984540054: f.L95[i], 1.959963984540054: f.H95[i], -3.090232306167813: f.L998[i], 3.090232306167813: f.H998[i]} {
			if math.Abs(have-limit(n, z)) > 1e-6 {
				t.Errorf("limit at n %v, z %v: have %v, want %v", n, z, have, limit(n, z))
			}
		}
	}
}

// TestParts wants the figures of a scope of 205 bodies in scripts of at most partBodies.
func TestParts(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t,
		`INSERT INTO report SELECT t.* REPLACE ('e' || i AS report_id, '第' || i || '乡（虚构）' AS authority, 'township' AS scope, '99' || (1000 + i) AS adcode)
			FROM report t, range(205) r(i) WHERE t.report_id = 'd10'`,
		`INSERT INTO metric_value SELECT v.* REPLACE ('e' || i AS report_id, 'township' AS scope, i AS value)
			FROM metric_value v, range(205) r(i) WHERE v.report_id = 'd10' AND v.metric = 'app_new'`,
		`INSERT INTO comparability SELECT 'e' || i, [] FROM range(205) r(i)`)))
	var have []float64
	for _, name := range []string{"app_new", "app_new.1", "app_new.2"} {
		part := script[drawnPanel](t, files, "township/"+name)
		if len(part.V) > partBodies {
			t.Errorf("%s has %d bodies", name, len(part.V))
		}
		for _, v := range part.V {
			have = append(have, *v)
		}
	}
	for i, v := range have {
		if v != float64(i) {
			t.Fatalf("body %d has %v", i, v)
		}
	}
	if len(have) != 205 {
		t.Errorf("%d bodies", len(have))
	}
	for name, text := range files {
		if strings.HasPrefix(name, "data/") && strings.HasSuffix(name, ".js") && zipped(t, text) > 40<<10 {
			t.Errorf("%s has more than 40 KB", name)
		}
	}
}

// TestSearchKey wants names to be found as they are spoken, also where a character has a
// commoner reading.
func TestSearchKey(t *testing.T) {
	for name, want := range map[string][]string{
		"重庆市": {"chongqingshi", "cqs"}, "长沙市": {"changshashi", "css"}, "厦门市": {"xiamenshi", "xms"}, "郑州市": {"zhengzhoushi", "zzs"},
		"蚌埠市": {"bengbushi", "bbs"}, "六安市": {"luanshi", "las"}, "A1 区": {"a1qu", "a1q"},
	} {
		have := strings.Fields(searchKey(Text{ZH: name}))
		for _, w := range want {
			if !slices.Contains(have, w) {
				t.Errorf("%s is not found by %s, but by %s", name, w, have)
			}
		}
	}
}

// zipped is the size that text has as a web server sends it.
func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
