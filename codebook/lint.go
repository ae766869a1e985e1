package codebook

import (
	"errors"
	"fmt"
	"slices"
)

// lint reports every reference of one CSV to a thing that no other defines, and
// every id that is defined twice.
func (b *Book) lint() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf("codebook "+format, args...)) }

	applicants := map[string]bool{}
	for _, a := range b.Applicants {
		applicants[a.ID] = true
	}
	checkExpr := func(where string, e Expr) {
		for _, t := range e {
			if _, ok := b.Metric[t.Metric]; !ok && t.Metric != "" {
				fail("%s: no metric %q", where, t.Metric)
			}
			if t.Applicant != "" && !applicants[t.Applicant] {
				fail("%s: no applicant %q", where, t.Applicant)
			}
		}
	}
	checkIndicator := func(where string, e Expr) {
		checkExpr(where, slices.DeleteFunc(slices.Clone(b.InEra(e, "D")), func(t Term) bool { return t == Term{1, Residents, ""} }))
	}
	if len(b.Metric) != len(b.Metrics) {
		fail("metric.csv: an id stands twice")
	}
	for _, m := range b.Metrics {
		if b.Unit[m.Unit].ID == "" {
			fail("metric.csv %s: no unit %q", m.ID, m.Unit)
		}
		if m.LabelZH == "" || m.LabelEN == "" {
			fail("metric.csv %s: a label is empty", m.ID)
		}
		checkExpr("metric.csv "+m.ID, m.SumOf)
	}
	for _, t := range b.Tables {
		if len(t.Cells) == 0 {
			fail("table.csv %s %s: form.csv has no cells for it", t.Form, t.ID)
		}
		for _, c := range t.Cells {
			if _, ok := b.Metric[c.Metric]; !ok && c.Metric != "" {
				fail("form.csv %s %s %d: no metric %q", c.Form, c.Table, c.Order, c.Metric)
			}
		}
	}
	for _, i := range b.Identities {
		checkExpr("identity.csv "+i.ID, i.LHS)
		checkExpr("identity.csv "+i.ID, i.RHS)
		if i.Op != "=" && i.Op != "<=" {
			fail("identity.csv %s: operator %q", i.ID, i.Op)
		}
	}
	for _, c := range b.Continuities {
		checkExpr("continuity.csv "+c.ID, c.Before)
		checkExpr("continuity.csv "+c.ID, c.Now)
		if c.Per != "" && c.Per != "applicant" {
			fail("continuity.csv %s: per %q", c.ID, c.Per)
		}
	}
	scopes := map[string]bool{}
	for _, s := range b.Scopes {
		scopes[s.ID] = true
	}
	for _, h := range b.Hierarchies {
		if !scopes[h.Whole] || !scopes[h.Part] {
			fail("hierarchy.csv %s: no scope %q or %q", h.ID, h.Whole, h.Part)
		}
		for _, m := range h.Metrics {
			checkExpr("hierarchy.csv "+h.ID, Expr{{Metric: m}})
		}
	}
	for _, m := range b.Members {
		if _, ok := b.Region[m.Adcode]; !ok || !scopes[m.Scope] {
			fail("roster.csv %s %s: no region, or no scope %q", m.Adcode, m.Authority, m.Scope)
		}
	}
	for _, i := range b.Indicators {
		checkIndicator("indicator.csv "+i.ID, i.Numerator)
		checkIndicator("indicator.csv "+i.ID, i.Denominator)
		if !slices.Contains([]string{"count", "share", "rate"}, i.Kind) || (i.Kind == "count") != (len(i.Denominator) == 0) {
			fail("indicator.csv %s: kind %q; want count, which has no denominator, or share or rate, which have one", i.ID, i.Kind)
		}
		if b.Unit[i.Unit].ID == "" {
			fail("indicator.csv %s: no unit %q", i.ID, i.Unit)
		}
	}
	for _, h := range b.Harmonised {
		checkExpr("crosswalk.csv "+h.ID, h.A)
		checkExpr("crosswalk.csv "+h.ID, h.B)
		checkExpr("crosswalk.csv "+h.ID, h.CD)
	}
	for _, n := range b.Narratives {
		if b.Metric[n.Metric].ID == "" {
			fail("narrative.csv: no metric %q", n.Metric)
		}
	}
	for _, w := range b.WrongPages {
		if b.Reason[w.Reason].ID == "" {
			fail("wrong_page.csv %s: no reason %q", w.Pattern, w.Reason)
		}
	}
	for i, c := range b.Challenges {
		if c.Product == "" || c.Source == "" || len(c.Status) == 0 && c.Header == "" && !c.readsBody() {
			fail("challenge.csv line %d: it needs a product and a source, and must not hold for every answer", i+2)
		}
	}
	for _, r := range b.Regions {
		if _, ok := b.Region[r.Parent]; r.Parent != "" && !ok {
			fail("region.csv %s: no parent %q", r.Adcode, r.Parent)
		}
	}
	for _, r := range b.Regions {
		if r.ValidTo != 0 && r.ValidTo < r.ValidFrom {
			fail("region.csv %s: valid to %d, but from %d", r.Adcode, r.ValidTo, r.ValidFrom)
		}
		if len(r.Successors) > 0 && r.ValidTo == 0 {
			fail("region.csv %s: has successors but no end", r.Adcode)
		}
		for _, s := range r.Successors {
			// a year's delay between two entries of one change is in the ministry's lists
			if to, ok := b.Region[s]; !ok || to.ValidFrom > r.ValidTo+1 || to.ValidTo != 0 && to.ValidTo <= r.ValidTo {
				fail("region.csv %s: %q is no region that could follow it after %d", r.Adcode, s, r.ValidTo)
			}
		}
	}
	for _, n := range b.RegionNames {
		r, ok := b.Region[n.Adcode]
		if !ok || n.ValidTo < n.ValidFrom || r.ValidTo != 0 && n.ValidTo >= r.ValidTo {
			fail("region_name.csv %s %s: no region had another name after %d", n.Adcode, n.Name, n.ValidTo)
		}
	}
	counted := map[string]bool{}
	for _, p := range b.Populations {
		key := fmt.Sprint(p.Adcode, " ", p.Year)
		if _, ok := b.Region[p.Adcode]; !ok || counted[key] || !decimalPattern.MatchString(p.Population) || p.Unit != "人" && p.Unit != "万人" || p.Source == "" || p.URL == "" {
			fail("population.csv %s: needs a known region, once a year, a plain number in 人 or 万人, a source and its address", key)
		}
		counted[key] = true
	}
	for _, a := range b.RegionAliases {
		if _, ok := b.Region[a.Adcode]; !ok {
			fail("region_alias.csv %s: no region %q", a.Name, a.Adcode)
		}
	}
	for _, p := range b.Prefixes {
		if _, ok := b.Region[p.Adcode]; p.Adcode != "" && !ok {
			fail("prefix.csv %s: no region %q", p.Pattern, p.Adcode)
		}
	}
	if len(b.Region) != len(b.Regions) {
		fail("region.csv: a code stands twice")
	}
	for _, a := range b.Authorities {
		if _, ok := b.Region[a.Adcode]; !ok {
			fail("authority.csv %s: no region %q", a.Name, a.Adcode)
		}
	}
	return errors.Join(errs...)
}
