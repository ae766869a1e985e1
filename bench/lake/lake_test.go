package lake

import (
	"testing"

	"github.com/nianbao/nianbao/codebook"
)

// The reports obey the codebook: an identity fails only in the few that are misprinted.
func TestReportsObeyTheIdentities(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	l := New(book, Size{Cities: 20, Departments: 1, First: 2012, Last: 2024})
	wrong := 0
	for _, sha := range l.Documents() {
		x, err := l.Extract(t.Context(), sha)
		if err != nil {
			t.Fatal(err)
		}
		misprinted := l.byHash[sha].misprinted()
		if misprinted {
			wrong++
		}
		failed := x.Report.IdentitiesFailed > 0
		for _, c := range x.Checks {
			if c.Outcome == "failed" && !misprinted {
				t.Errorf("%s: %s %s fails: %s against %s", l.byHash[sha].title(), c.Identity, c.Instance, c.LHS.ToString(8), c.RHS.ToString(8))
			}
		}
		if x.Report.Era != "A" && failed != misprinted {
			t.Errorf("%s: misprinted %v, but an identity fails: %v", l.byHash[sha].title(), misprinted, failed)
		}
	}
	if n := len(l.Documents()); wrong == 0 || wrong > n/20 {
		t.Errorf("%d of %d reports are misprinted; want about one of fifty", wrong, n)
	}
}
