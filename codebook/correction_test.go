package codebook

import (
	"strings"
	"testing"
)

func TestShippedCorrectionsAreSound(t *testing.T) {
	if _, err := load(t).ShippedCorrections(); err != nil {
		t.Error(err)
	}
}

func TestCorrectionsNameWhatIsWrong(t *testing.T) {
	const good = `- {id: a, url: "https://example.invalid/", metric: rev_total, printed: "1", corrected: "2", reason: r, evidence: e, status: accepted, reporter: x, reviewed_by: y, date: 2026-02-03}
`
	b := load(t)
	if all, err := b.Corrections("f.yaml", []byte(good)); err != nil || len(all) != 1 || all[0].Line != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	for old, c := range map[string][2]string{
		"rev_total":      {"rev_totals", "no metric"},
		`"2"`:            {`"2.5e3"`, "no plain number"},
		"reviewed_by: y": {"reviewed_by: x", "another than the reporter"},
		"accepted":       {"approved", "status"},
		"2026-02-03":     {"2026-13-03", "date"},
		"id: a":          {"id: a, sha256: b", "by one of"},
		"reason: r":      {"cause: r", "cause"},
		"url:":           {"scope:", "together"},
	} {
		_, err := b.Corrections("f.yaml", []byte("# made up\n"+strings.Replace(good, old, c[0], 1)))
		if err == nil || !strings.Contains(err.Error(), c[1]) || !strings.Contains(err.Error(), "f.yaml line 2") {
			t.Errorf("%s: error is %v", c[0], err)
		}
	}
	if _, err := b.Corrections("f.yaml", []byte(good+good)); err == nil || !strings.Contains(err.Error(), "line 2 (a): the id stands twice") {
		t.Errorf("twice: error is %v", err)
	}
}
