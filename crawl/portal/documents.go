package portal

import (
	"fmt"
	"strings"
)

// Documents says what belongs to a document besides the page that its row leads to:
// attachments, the file a viewer shows, a frame, the next pages of a divided report,
// and the images of one whose tables are images.
type Documents struct {
	// Body holds the article: the first selector that finds something.
	Body []Selector `yaml:"body"`
	// Attachments are links to files, anywhere on the page.
	Attachments []Source `yaml:"attachments"`
	// Viewers find, in the text of the page, the reference of the file that a script or a
	// viewer shows, percent-encoded or not, as the group named href.
	Viewers []Pattern `yaml:"viewers"`
	// Frames are followed within an article without tables.
	Frames []Source `yaml:"frames"`
	// Images are followed within an article without tables and without another part.
	Images []Source `yaml:"images"`
	// Next is the text of the link, within the article, to the next page of the report.
	Next Pattern `yaml:"next"`
	// Exclude is what the text or address of a part must not match.
	Exclude  Pattern `yaml:"exclude"`
	MaxParts int     `yaml:"max_parts"` // of one page; 0: none are followed
}

// Discovery says how lists are found from an entry point, and how their loss is.
type Discovery struct {
	// ColumnLinks are what a landing page calls its link to the column: the first that any
	// link is called decides.
	ColumnLinks []Pattern `yaml:"column_links"`
	// YearLink is the text of a link from a list page to the archive of one year, which is
	// read as a list page of its own.
	YearLink Pattern `yaml:"year_link"`
	// MaxDepth is how many such links are followed one after the other; 0: none.
	MaxDepth int `yaml:"max_depth"`
	// Drift is Fail or Ignore: what it means that reports found before are found no more,
	// or that the latest year that is due has fewer reports than the one before.
	Drift string `yaml:"drift"`
	// TitleYear finds the report year in a title, as the group named year.
	TitleYear Pattern `yaml:"title_year"`
	// Fewer names the years that have fewer reports than the one before, and rightly so.
	Fewer []Fewer `yaml:"fewer"`
}

// Fewer is a person's word that a year has fewer reports than the one before.
type Fewer struct {
	ReportYear int    `yaml:"report_year"` // that has fewer
	Reason     string `yaml:"reason"`      // why, as where bodies were merged
	By         string `yaml:"by"`          // name of the person who looked
}

// What a list that leads to fewer reports than before means.
const (
	Fail   = "fail"
	Ignore = "ignore"
)

func (d *document) checkDocuments(p Portal) error {
	for i, v := range p.Documents.Viewers {
		if v.SubexpIndex("href") < 0 {
			return d.errorf(fmt.Sprintf("$.documents.viewers[%d]", i), "a viewer needs a group (?P<href>...)")
		}
	}
	if p.Documents.MaxParts < 0 {
		return d.errorf("$.documents.max_parts", "documents.max_parts must not be negative")
	}
	return nil
}

func (d *document) checkDiscovery(p Portal) error {
	switch c := p.Discovery; {
	case c.MaxDepth < 0:
		return d.errorf("$.discovery.max_depth", "discovery.max_depth must not be negative")
	case c.Drift != Fail && c.Drift != Ignore:
		return d.errorf("$.discovery.drift", "unknown discovery.drift %q; known: fail, ignore", c.Drift)
	case c.TitleYear.Regexp != nil && c.TitleYear.SubexpIndex("year") < 0:
		return d.errorf("$.discovery.title_year", "discovery.title_year needs a group (?P<year>...)")
	}
	for i, f := range p.Discovery.Fewer {
		if f.ReportYear == 0 || strings.TrimSpace(f.Reason) == "" || strings.TrimSpace(f.By) == "" {
			return d.errorf(fmt.Sprintf("$.discovery.fewer[%d]", i), "discovery.fewer is a person's word: report_year, reason and by, a name, are needed")
		}
	}
	return nil
}
