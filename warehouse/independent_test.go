package warehouse

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/codebook"
)

// Made-up cities of two made-up provinces, of which some are far from the rest; from
// 2017, on the form of that year, to 2024.
func madeUpFigures(t *testing.T) (papers []*paper, figures [][]string) {
	random := rand.New(rand.NewPCG(5, 2026))
	for city := range 24 {
		for year := int32(2017); year <= 2024; year++ {
			if random.IntN(12) == 0 {
				continue // no report
			}
			era := map[bool]string{true: "B", false: "C"}[year < 2019]
			if year > 2020 {
				era = "D"
			}
			scope, size := "city_aggregate", 8+random.IntN(400)*(1+city%3)
			if city%8 == 7 {
				scope = "city_own"
			}
			lines := madeUpCells(random, era, size, 0.2+0.5*float64(city%5)/5)
			adcode, authority := fmt.Sprintf("99%02d00", city+1), fmt.Sprintf("第%d市人民政府", city+1)
			if city%2 == 1 {
				adcode = fmt.Sprintf("98%02d00", city+1)
			}
			papers = append(papers, newPaper(t, fmt.Sprint("made up ", city, year), authority, adcode, year, scope, era, strings.Join(lines, "\n")))
			if scope == "city_aggregate" && year > 2021 {
				figures = append(figures, []string{adcode, authority, scope, fmt.Sprint(year), era, codebook.Residents, "", fmt.Sprint(residents(city, year))})
			}
			for _, l := range lines {
				w := strings.Fields(l)
				figures = append(figures, []string{adcode, authority, scope, fmt.Sprint(year), era, w[1], strings.Trim(w[2], "-"), strings.Trim(w[3], "blank")})
			}
		}
	}
	return papers, figures
}

// residents of a made-up city
func residents(city int, year int32) int { return 9_000 + 50_000*city + 1000*int(year-2021) }

func madeUpCells(random *rand.Rand, era string, closed int, granted float64) (lines []string) {
	table, applicant, cases := "t3", "total", "t4"
	metrics := []string{"out_partial", "out_denied", "out_unavail", "out_notproc", "out_other", "out_unavail_not_held"}
	suits := []string{"lit_direct_upheld", "lit_direct_corrected", "lit_direct_other", "lit_direct_total", "lit_post_upheld", "lit_post_corrected", "lit_post_other", "lit_post_total"}
	total, all := "app_closed_total", "out_granted"
	if era == "B" {
		table, applicant, cases, total, all = "stat", "-", "stat", "app_replied", "out_agreed"
		metrics = []string{"out_already_public", "out_partial", "out_denied_not_gov_info", "out_not_this_agency", "out_info_not_exist", "out_told_amend", "out_told_other_channel"}
		suits = []string{"lit_upheld", "lit_corrected", "lit_other", "lit_total"}
	}
	say := func(table, metric, applicant string, n int) {
		printed := fmt.Sprint(max(0, n))
		if random.IntN(60) == 0 {
			printed = "blank"
		}
		lines = append(lines, table+" "+metric+" "+applicant+" "+printed)
	}
	say(table, total, applicant, closed)
	say(table, "app_new", applicant, closed+random.IntN(9))
	say(table, all, applicant, int(float64(closed)*granted))
	if era == "B" {
		say(table, "out_denied", applicant, 40+random.IntN(9))
	} else {
		say(table, "app_carried_in", applicant, random.IntN(9))
		say(table, "app_carried_out", applicant, random.IntN(9))
		say(table, "app_new", "natural_person", closed-random.IntN(closed))
	}
	for _, m := range metrics {
		say(table, m, applicant, random.IntN(1+closed/10))
	}
	for _, m := range append(suits, "rev_upheld", "rev_corrected", "rev_other", "rev_total") {
		say(cases, m, "-", random.IntN(1+closed/20))
	}
	return lines
}

// Every number of the comparisons is computed a second time, in Python, by pandas, scipy
// and statsmodels, from the same made-up figures and the codebook.
func TestComparisonsAgainstPython(t *testing.T) {
	python, err := filepath.Abs("../.cache/statistics/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("%v; run scripts/setup", err)
	}
	papers, figures := madeUpFigures(t)
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	header := []string{"adcode", "authority", "scope", "report_year", "era", "metric", "applicant", "value"}
	if err := csv.NewWriter(f).WriteAll(append([][]string{header}, figures...)); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if out, err := exec.Command(python, "testdata/independent.py", f.Name(), "../codebook/data", dir).CombinedOutput(); err != nil {
		t.Fatalf("independent.py: %v\n%s", err, out)
	}
	in := input(t, papers...)
	for _, f := range figures {
		if year, err := strconv.Atoi(f[3]); f[5] == codebook.Residents && err == nil {
			in.Book.Populations = append(in.Book.Populations, codebook.Population{Adcode: f[0], Year: year, Population: f[7], Unit: "人"})
		}
	}
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct {
		file, sql string
		keys      int
		rows      int // at least
	}{
		{"indicators.csv", `SELECT adcode, authority, scope, report_year, indicator, numerator, denominator, value, low, high FROM indicators`, 5, 3000},
		{"pooled.csv", `SELECT indicator, scope, adcode, report_year, bodies, pooled, median, matched_bodies, pooled_change, median_change FROM pooled`, 4, 500},
		{"funnel.csv", `SELECT indicator, scope, report_year, years, adcode, authority, numerator, denominator, target, bodies, overdispersion, tau2, z,
			low_95, high_95, low_998, high_998 FROM funnel`, 6, 2000},
	} {
		same(t, c.file, numbersByKey(t, query(t, db, c.sql), c.keys), numbersByKey(t, lines(t, filepath.Join(dir, c.file)), c.keys), c.rows)
	}
	expect(t, db, `SELECT count(*) > 0 FROM funnel WHERE tau2 > 0`, "true")
	expect(t, db, `SELECT count(*) > 0 FROM funnel WHERE tau2 = 0`, "true")
	expect(t, db, `SELECT count(*) > 0 FROM funnel WHERE position <> 'inside' AND years = 3`, "true")
	expect(t, db, `SELECT count(*) > 0 FROM pooled WHERE directions_differ`, "true")
}

func same(t *testing.T, file string, ours, theirs map[string][]float64, least int) {
	t.Helper()
	if len(theirs) < least || !slices.Equal(slices.Sorted(maps.Keys(ours)), slices.Sorted(maps.Keys(theirs))) {
		t.Fatalf("%s: %d rows here, %d there, of at least %d; or other keys", file, len(ours), len(theirs), least)
	}
	for _, key := range slices.Sorted(maps.Keys(ours)) {
		for i, got := range ours[key] {
			want := theirs[key][i]
			if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
				t.Errorf("%s %s number %d: %v, independently %v", file, key, i+1, got, want)
				return
			}
		}
	}
}

// numbersByKey reads CSV rows whose first columns are a key; empty is NaN.
func numbersByKey(t *testing.T, rows []string, keys int) map[string][]float64 {
	t.Helper()
	out := map[string][]float64{}
	for _, row := range rows {
		words := strings.Split(row, ",")
		var numbers []float64
		for _, w := range words[keys:] {
			n := math.NaN()
			if w != "" {
				var err error
				if n, err = strconv.ParseFloat(w, 64); err != nil {
					t.Fatal(err)
				}
			}
			numbers = append(numbers, n)
		}
		out[strings.Join(words[:keys], ",")] = numbers
	}
	return out
}

func lines(t *testing.T, path string) []string {
	return strings.Split(strings.TrimSpace(string(readFile(t, path))), "\n")[1:]
}
