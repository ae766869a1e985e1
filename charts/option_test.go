package charts

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// An option is what the tests read of a chart script.
type option struct {
	Series []struct {
		Name, Type string
		Data       []struct {
			Value     any
			Text      string
			ItemStyle struct{ Color string }
			Tip       []string
		}
		MarkLine struct{ Data []struct{ XAxis float64 } }
	}
	YAxis []struct{ Data []string }
}

// chartOption parses the option of a chart script.
func chartOption(t *testing.T, files map[string]string, name string) option {
	t.Helper()
	raw, ok := files["data/"+name+".js"]
	_, raw, _ = strings.Cut(raw, ", ")
	var o option
	if err := json.Unmarshal([]byte(strings.TrimSuffix(raw, ");\n")), &o); err != nil || !ok {
		t.Fatalf("data/%s.js: %v", name, err)
	}
	return o
}

// points returns the drawn values of a series by year, and the years at which its
// line is interrupted.
func points(o option, series int) (drawn map[float64]float64, gaps map[float64]bool) {
	drawn, gaps = map[float64]float64{}, map[float64]bool{}
	for _, d := range o.Series[series].Data {
		at := d.Value.([]any)
		if n, ok := at[1].(float64); ok {
			drawn[at[0].(float64)] = n
		} else {
			gaps[at[0].(float64)] = true
		}
	}
	return drawn, gaps
}

// TestTrend wants gaps for absent and blank years, a zero for a zero, interruptions at
// breaks and hollow marks for contradicted values.
func TestTrend(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t)))
	o := chartOption(t, files, "zh/app_new.city_aggregate")

	jia, gaps := points(o, 0)
	if len(jia) != 5 || jia[2020] != 1200 {
		t.Errorf("甲市 is drawn as %v", jia)
	}
	if !gaps[2018.5] || gaps[2020.5] {
		t.Errorf("甲市 is interrupted at %v; want 2018.5, where the form changed for requests, only", gaps)
	}
	yi, gaps := points(o, 1)
	if zero, ok := yi[2019]; !ok || zero != 0 {
		t.Error("the zero of 2019 is not drawn at zero")
	}
	if len(yi) != 2 || !gaps[2020] || !gaps[2022] {
		t.Errorf("乙市 is drawn as %v with gaps %v; want gaps where absent or blank", yi, gaps)
	}
	for _, d := range o.Series[0].Data {
		hollow, contradicted := d.ItemStyle.Color == "$ground", len(d.Tip) > 0 && strings.Contains(d.Tip[0], "2020")
		if hollow != contradicted {
			t.Errorf("%v: hollow is %t", d.Value, hollow)
		}
	}
	if lines := o.Series[0].MarkLine.Data; len(lines) != 1 || lines[0].XAxis != 2018.5 {
		t.Errorf("breaks are marked at %v", lines)
	}
}

// TestOutcomes wants shares of the six groups to add up to one, and no bar where a
// group is blank or no request was closed.
func TestOutcomes(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t)))
	o := chartOption(t, files, "zh/outcomes.city_aggregate")
	sums := map[int]float64{}
	for _, s := range o.Series[1:] {
		for row, d := range s.Data {
			if share, ok := d.Value.(float64); ok {
				sums[row] += share
			}
		}
	}
	for row, sum := range sums {
		if sum < 0.999999 || sum > 1.000001 {
			t.Errorf("row %d adds up to %v", row, sum)
		}
	}
	if len(sums) != 5 { // 甲市 2019-2022 and 乙市 2021
		t.Errorf("%d rows have bars, want 5", len(sums))
	}
	right := strings.Join(o.YAxis[1].Data, "|")
	if !strings.Contains(right, "n = 1,210 ○") || !strings.Contains(right, "n = 980|") {
		t.Errorf("at the right stands %q", right)
	}
}

// TestSteps wants few, round ticks and room above the largest value.
func TestSteps(t *testing.T) {
	for _, c := range []struct{ top, least, end, step float64 }{
		{1, 1, 2, 1}, {3325, 1, 4000, 1000}, {300, 1, 400, 100}, {74, 1, 80, 20}, {0.04, 0.01, 0.05, 0.01}, {0.28, 0.01, 0.4, 0.1}, {9, 1, 10, 5},
	} {
		end, step := steps(c.top, c.least)
		if math.Abs(end-c.end) > 1e-9 || math.Abs(step-c.step) > 1e-9 {
			t.Errorf("steps(%v, %v) = %v, %v; want %v, %v", c.top, c.least, end, step, c.end, c.step)
		}
	}
}
