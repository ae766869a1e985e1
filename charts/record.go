package charts

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// A record is one line of a chart's CSV file: a metric or indicator of a report, or a
// year without a report. It is the same in every language.
type record struct {
	section                                  *section
	member                                   *member
	year                                     int
	measure, unit                            string
	label                                    Text
	value                                    string
	numerator, denominator, low, high        string
	status, grade, era, url, sha256, locator string
}

func csvHead() []string {
	return strings.Fields(`build_id title_zh title_en scope scope_zh scope_en authority authority_en adcode report_year
		measure label_zh label_en unit value numerator denominator wilson_low wilson_high
		status grade era url sha256 locator`)
}

// metricRecords are the values of metrics in the reports that the section draws.
func (v *view) metricRecords(s *section, metrics ...string) []record {
	return v.records(s, func(m *member, year int) []record {
		var out []record
		for _, id := range metrics {
			def := v.book.Metric[id]
			rec := record{section: s, member: m, year: year, measure: id, unit: def.Unit, label: Text{def.LabelZH, def.LabelEN}}
			if r := m.reports[year]; r != nil {
				c, printed := r.cells[id]
				rec.of(r)
				rec.value, rec.status, rec.grade, rec.locator = c.exact, c.status, c.grade, c.locator
				if !printed {
					rec.status = "missing_row"
				}
			}
			out = append(out, rec)
		}
		return out
	})
}

// rateRecords are the values of indicators in the reports that the section draws.
func (v *view) rateRecords(s *section, ids ...string) []record {
	return v.records(s, func(m *member, year int) []record {
		var out []record
		for _, id := range ids {
			def := v.indicator(id)
			rec := record{section: s, member: m, year: year, measure: id, unit: def.Unit, label: Text{def.LabelZH, def.LabelEN}}
			if r := m.reports[year]; r != nil {
				x := r.rates[id]
				rec.of(r)
				rec.value, rec.numerator, rec.denominator = decimal(x.value), decimal(x.numerator), decimal(x.denominator)
				rec.low, rec.high, rec.status, rec.grade = decimal(x.low), decimal(x.high), x.status, x.grade
			}
			out = append(out, rec)
		}
		return out
	})
}

func (v *view) records(s *section, each func(*member, int) []record) []record {
	var out []record
	for _, m := range s.drawn {
		for _, year := range m.years() {
			out = append(out, each(m, year)...)
		}
	}
	return out
}

// of takes over where a report's values come from.
func (rec *record) of(r *report) { rec.era, rec.url, rec.sha256 = r.era, r.url, r.sha256 }

// decimal prints a number in full; nothing where there is none.
func decimal(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// writeCSV prints the records of a figure with a byte order mark, which spreadsheet
// programs need to read Chinese.
func writeCSV(buildID string, title Text, records []record) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(csvHead()); err != nil {
		return nil, err
	}
	for _, rec := range records {
		if err := w.Write(rec.fields(buildID, title)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (rec record) fields(buildID string, title Text) []string {
	body, scope := rec.member.body, rec.section.scope
	status := rec.status
	if rec.member.reports[rec.year] == nil {
		status = "absent"
	}
	fields := []string{
		buildID, title.ZH, title.EN, scope.ID, scope.LabelZH, scope.LabelEN,
		body.authority.ZH, body.authority.EN, body.adcode, strconv.Itoa(rec.year),
		rec.measure, rec.label.ZH, rec.label.EN, rec.unit,
		rec.value, rec.numerator, rec.denominator, rec.low, rec.high,
		status, rec.grade, rec.era, rec.url, rec.sha256, rec.locator,
	}
	for i, f := range fields {
		fields[i] = inert(f)
	}
	return fields
}

// inert keeps a spreadsheet program from taking text for a formula. Numbers here are
// never negative, so nothing genuine starts with these characters.
func inert(field string) string {
	if field != "" && strings.ContainsRune("=+-@\t\r", rune(field[0])) {
		return "'" + field
	}
	return field
}
