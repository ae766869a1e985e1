package codebook

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// schema is the part of ../shared/reference/schema.json that the codebook has to have.
type schema struct {
	Metrics    []struct{ ID string }
	Identities []contractIdentity
}

type contractIdentity struct {
	ID, Scope, Op, Per, Severity string
	Eras                         []string
	LHS, RHS                     []string
	Tolerance                    any
}

func readSchema(t *testing.T) schema {
	t.Helper()
	raw, err := os.ReadFile("../../shared/reference/schema.json")
	if err != nil {
		t.Skipf("skipped: the contract is not beside this clone: %v", err)
	}
	var s schema
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMetricsAreThoseOfTheContract(t *testing.T) {
	var want, got []string
	for _, m := range readSchema(t).Metrics {
		want = append(want, m.ID)
	}
	for _, m := range load(t).Metrics {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("metrics differ from schema.json:\n%v\n%v", got, want)
	}
}

// findingOf are the identities of the contract that extract evaluates on its own.
var findingOf = map[string]string{"NARRATIVE_MATCH": "narrative_differs", "NONNEG_INTEGER": "negative_or_fraction"}

// leftOut are the identities of the contract that are not evaluated, and why.
var leftOut = map[string]string{
	"B_FINISHED_VS_REPLIED": "the contract calls it usual and not defined; a failure would contradict cells that nothing contradicts",
}

// Every identity of the contract stands in identity.csv, continuity.csv, hierarchy.csv or
// as a sum in metric.csv, with the same terms, forms, instances and severity, or is a
// finding, or is left out on purpose; and the codebook has none beyond.
func TestIdentitiesAreThoseOfTheContract(t *testing.T) {
	b := load(t)
	ours := map[string]string{}
	for _, i := range b.Identities {
		ours[i.ID] = ""
	}
	for _, c := range b.Continuities {
		ours[c.ID] = ""
	}
	for _, h := range b.Hierarchies {
		ours[h.ID] = ""
	}
	for _, want := range readSchema(t).Identities {
		if _, ok := leftOut[want.ID]; ok {
			continue
		}
		got, ok := b.described(want)
		if !ok {
			t.Errorf("%s of schema.json is nowhere in the codebook, and leftOut does not say why", want.ID)
		} else if wanted := want.describe(); got != wanted {
			t.Errorf("%s:\n got %s\nwant %s", want.ID, got, wanted)
		}
		delete(ours, want.ID)
	}
	for id := range ours {
		t.Errorf("%s is not in schema.json", id)
	}
}

// describe writes an identity of the contract as described writes the codebook's.
func (c contractIdentity) describe() string {
	switch {
	case findingOf[c.ID] != "":
		return c.Severity
	case c.Scope == "cross_entity":
		parts := strings.Join(slices.DeleteFunc(slices.Clone(c.LHS), func(p string) bool { return !strings.Contains(p, "aggregate") }), " ")
		return fmt.Sprintln(c.Eras, parts, c.RHS, c.Tolerance, c.Severity)
	case c.Scope == "cross_year":
		years := map[string]string{"Y-1": "before", "Y": "before", "Y+1": "now"}
		if strings.Contains(strings.Join(c.LHS, " "), "Y-1") {
			years["Y"] = "now"
		}
		terms := map[string]int{}
		for sign, side := range map[int][]string{1: c.LHS, -1: c.RHS} {
			for _, term := range side {
				metric, year, _ := strings.Cut(term, "@year=")
				name, negative := strings.CutPrefix(metric, "-")
				terms[years[year]+" "+name] += sign
				if negative {
					terms[years[year]+" "+name] -= 2 * sign
				}
			}
		}
		return fmt.Sprintln(c.Eras, terms, c.Per, c.Severity)
	case c.Severity == "compute":
		return fmt.Sprintln(sorted(c.LHS), c.RHS)
	}
	return fmt.Sprintln(c.Eras, sorted(c.LHS), strings.Replace(c.Op, "==", "=", 1), sorted(c.RHS), c.Per, c.Severity)
}

// described writes the codebook's identity for one of the contract. Sums that the contract
// writes out are written out too.
func (b *Book) described(c contractIdentity) (string, bool) {
	if f := findingOf[c.ID]; f != "" {
		return b.FindingKind[f].Severity, b.FindingKind[f].ID != ""
	}
	if c.Severity == "compute" {
		m, ok := b.Metric[c.RHS[0]]
		return fmt.Sprintln(b.terms(m.SumOf, c.LHS), []string{m.ID}), ok && len(m.SumOf) > 0
	}
	for _, h := range b.Hierarchies {
		if h.ID == c.ID {
			return fmt.Sprintln(h.Forms, "sum("+h.Part+")", []string{h.Whole}, fmt.Sprintf("rel %g%%", 100*h.Tolerance), h.Severity), true
		}
	}
	for _, i := range b.Continuities {
		if i.ID == c.ID {
			terms := map[string]int{}
			for _, t := range i.Before {
				terms["before "+t.Metric] += t.Sign
			}
			for _, t := range i.Now {
				terms["now "+t.Metric] -= t.Sign
			}
			return fmt.Sprintln(i.Forms, terms, i.Per, i.Severity), true
		}
	}
	for _, i := range b.Identities {
		if i.ID == c.ID {
			return fmt.Sprintln(i.Forms, b.terms(i.LHS, c.LHS), i.Op, b.terms(i.RHS, c.RHS), i.Per, i.Severity), true
		}
	}
	return "", false
}

// terms are those of an expression, sorted; a computed sum that the contract does not name
// is written as its parts.
func (b *Book) terms(e Expr, contract []string) []string {
	var out []string
	for _, term := range e {
		name := strings.TrimSuffix(strings.Repeat("-", (1-term.Sign)/2)+term.Metric+"@"+term.Applicant, "@")
		if parts := b.Metric[term.Metric].SumOf; len(parts) > 0 && !slices.Contains(contract, name) {
			out = append(out, b.terms(parts, contract)...)
		} else {
			out = append(out, name)
		}
	}
	return sorted(out)
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
