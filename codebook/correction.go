package codebook

import (
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// It is no part of Version: what a document is read as does not depend on it.
//
//go:embed data/corrections.yaml
var shippedCorrections []byte

// A Correction says that a cell of a report should have been printed as another number.
// The report is named by its SHA256, its URL or by Adcode, Year and Scope (and Authority,
// where several bodies share those), which means the version that stands.
type Correction struct {
	File string `yaml:"-"` // base name
	Line int    `yaml:"-"`

	ID         string `yaml:"id"`
	SHA256     string `yaml:"sha256"`
	URL        string `yaml:"url"`
	Adcode     string `yaml:"adcode"`
	Authority  string `yaml:"authority"`
	Year       int    `yaml:"year"`
	Scope      string `yaml:"scope"`
	Metric     string `yaml:"metric"`
	Applicant  string `yaml:"applicant"` // empty: the table has none
	Printed    string `yaml:"printed"`   // guard: the text of the cell, as extracted
	Corrected  string `yaml:"corrected"` // plain decimal, in the metric's unit
	Reason     string `yaml:"reason"`
	Evidence   string `yaml:"evidence"` // a document, by address or title and date
	Status     string `yaml:"status"`   // proposed, accepted or rejected; only accepted ones are used
	Reporter   string `yaml:"reporter"`
	ReviewedBy string `yaml:"reviewed_by"` // not the reporter
	Date       string `yaml:"date"`        // of the status, YYYY-MM-DD
}

var (
	decimalPattern = regexp.MustCompile(`^-?\d{1,20}(\.\d{1,8})?$`)
	sha256Pattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// ShippedCorrections are those of data/corrections.yaml.
func (b *Book) ShippedCorrections() ([]Correction, error) {
	return b.Corrections("corrections.yaml", shippedCorrections)
}

// Corrections reads a YAML list of corrections. Its error names file and line of every
// entry that is not complete or refers to what the codebook does not have.
func (b *Book) Corrections(file string, text []byte) ([]Correction, error) {
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("corrections %s: %w", file, err)
	}
	var all []Correction
	var errs []error
	ids := map[string]bool{}
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		list, ok := doc.Body.(*ast.SequenceNode)
		if !ok {
			return nil, fmt.Errorf("corrections %s: want a list of corrections", file)
		}
		for _, node := range list.Values {
			c := Correction{File: filepath.Base(file), Line: node.GetToken().Position.Line}
			err := yaml.NodeToValue(node, &c, yaml.Strict())
			if err == nil {
				err = b.lintCorrection(c)
			}
			if err == nil && ids[c.ID] {
				err = errors.New("the id stands twice")
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("corrections %s line %d (%s): %w", file, c.Line, c.ID, err))
			}
			ids[c.ID] = true
			all = append(all, c)
		}
	}
	return all, errors.Join(errs...)
}

func (b *Book) lintCorrection(c Correction) error {
	var errs []error
	want := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New(what))
		}
	}
	named := 0
	for _, by := range []bool{c.SHA256 != "", c.URL != "", c.Adcode != "" || c.Year != 0 || c.Scope != ""} {
		if by {
			named++
		}
	}
	want(c.ID != "" && !strings.ContainsAny(c.ID, " \t\n"), "needs an id without spaces")
	want(named == 1, "names its report by one of sha256, url, or adcode with year and scope")
	want(c.SHA256 == "" || sha256Pattern.MatchString(c.SHA256), "sha256 is not 64 hexadecimal digits")
	want(c.SHA256+c.URL != "" || c.Adcode != "" && c.Year != 0 && c.Scope != "", "needs adcode, year and scope together")
	want(b.Metric[c.Metric].ID != "", fmt.Sprintf("no metric %q", c.Metric))
	want(c.Applicant == "" || slices.ContainsFunc(b.Applicants, func(a Applicant) bool { return a.ID == c.Applicant }), fmt.Sprintf("no applicant %q", c.Applicant))
	want(decimalPattern.MatchString(c.Corrected), fmt.Sprintf("corrected is %q, no plain number", c.Corrected))
	want(c.Reason != "" && c.Evidence != "" && c.Reporter != "", "needs reason, evidence and reporter")
	want(slices.Contains([]string{"proposed", "accepted", "rejected"}, c.Status), fmt.Sprintf("status %q; want proposed, accepted or rejected", c.Status))
	want(c.Status == "proposed" || c.ReviewedBy != "" && c.ReviewedBy != c.Reporter, "needs reviewed_by, another than the reporter")
	_, err := time.Parse(time.DateOnly, c.Date)
	want(err == nil, fmt.Sprintf("date %q; want YYYY-MM-DD", c.Date))
	return errors.Join(errs...)
}
