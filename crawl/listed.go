package crawl

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/nianbao/nianbao/crawl/portal"
)

// listed is the day that a list gives a row: as a day, and as the list prints it. Both
// are empty if it gives none.
type listed struct{ on, as string }

// printedDay is a day as lists print it: 2023-03-28, 2023/3/8, 2023.03.28, 2023年3月28日.
// Some break it over lines.
var printedDay = regexp.MustCompile(`\b((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:日|\b|T)`)

// dayIn returns the last day that a text prints: lists print it behind the title.
func dayIn(text string) (l listed) {
	for _, m := range printedDay.FindAllStringSubmatch(text, -1) {
		day, err := time.Parse("2006-1-2", m[1]+"-"+strings.TrimLeft(m[2], "0")+"-"+strings.TrimLeft(m[3], "0"))
		if err == nil {
			l = listed{on: day.Format(time.DateOnly), as: strings.TrimSuffix(strings.Join(strings.Fields(m[0]), " "), "T")}
		}
	}
	return l
}

// Unix times of lists, in seconds and in milliseconds, have so many digits since 2001.
const (
	secondDigits = 10
	milliDigits  = 13
)

// dayOf returns the day that a member of a row's object gives: a text, or a Unix time,
// whose day is that of China (a date alone is its midnight there).
func dayOf(object any, names []string) listed {
	fields, _ := object.(map[string]any)
	for _, name := range names {
		text, _ := fields[name].(string)
		if number, ok := fields[name].(float64); ok {
			text = strconv.FormatFloat(number, 'f', 0, 64)
		}
		if l := dayIn(text); l.on != "" {
			return l
		}
		if at, ok := unixTime(text); ok {
			return listed{on: at.In(portal.China).Format(time.DateOnly), as: text}
		}
	}
	return listed{}
}

func unixTime(text string) (at time.Time, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && len(text) == secondDigits:
		return time.Unix(n, 0), true
	case err == nil && len(text) == milliDigits:
		return time.UnixMilli(n), true
	}
	return time.Time{}, false
}

// wholeRow returns what holds the row of an item, unless that holds other items too.
func wholeRow(item *goquery.Selection, l portal.List) *goquery.Selection {
	if l.Around.Selector == nil {
		return item
	}
	around := item.ClosestMatcher(l.Around)
	if around.FindMatcher(l.Item).Length() != 1 {
		return item
	}
	return around
}

// dayBeside returns the day that a row prints beside its title.
func dayBeside(item *goquery.Selection, title string) listed {
	var b strings.Builder
	for _, n := range item.Nodes {
		writeText(&b, n)
	}
	return dayIn(strings.ReplaceAll(b.String(), strings.TrimSpace(title), " "))
}

// writeText writes the text of a node, that of different elements apart.
func writeText(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeText(b, c)
	}
}
