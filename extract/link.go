package extract

import (
	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// FromLink reads what a link says of the report that it leads to: by its title, and by
// publisher, the body that its address stands for (empty: for none). Whose report it is,
// for which year and on whose behalf is read as of a document with that title alone.
func FromLink(book *codebook.Book, title, publisher string) record.Link {
	id := identify(book, &grid.Document{Title: title, Issuer: publisher}, "")
	var r record.Report
	id.fill(&r)
	return record.Link{
		Title: title, Authority: r.Authority, AuthorityEvidence: r.AuthorityEvidence, Adcode: r.Adcode, AdcodeCandidates: r.AdcodeCandidates,
		ReportYear: r.ReportYear, Scope: r.Scope, ScopeEvidence: r.ScopeEvidence, ScopeConfidence: r.ScopeConfidence,
	}
}
