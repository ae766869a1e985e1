package portal

import (
	"encoding/json"
	"net/url"
	"regexp"
)

// A Template is a text with places for variables: {name} is filled in with the variable
// escaped for where it stands, {+name} with the variable as it was captured, for what is
// escaped already. Any other brace stands for itself.
type Template string

// builtin are the variables that every template may use:
//
//	n      number of the page, as its kind of pagination counts
//	n0     number of the page counted from 0
//	size   rows of one page
//	start  number of the page's first row, counted from 1
//	end    number of its last
//	entry  address of the entry page
//	stem   name of the entry page's file without extension; index where it has none
//	ext    its extension; html where it has none
var builtin = []string{"n", "n0", "size", "start", "end", "entry", "stem", "ext"}

var place = regexp.MustCompile(`\{(\+?)([a-z][a-z0-9_]*)\}`)

// Names are the variables that the template uses.
func (t Template) Names() []string {
	var names []string
	for _, m := range place.FindAllStringSubmatch(string(t), -1) {
		names = append(names, m[2])
	}
	return names
}

// Fill returns the template with its variables; a name that variables lack is empty.
func (t Template) Fill(variables map[string]string, escape func(string) string) string {
	return place.ReplaceAllStringFunc(string(t), func(found string) string {
		m := place.FindStringSubmatch(found)
		if m[1] == "+" {
			return variables[m[2]]
		}
		return escape(variables[m[2]])
	})
}

// ForURL escapes a variable for an address or a form.
func ForURL(s string) string { return url.QueryEscape(s) }

// ForJSON escapes a variable for the inside of a JSON string.
func ForJSON(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		return "" // a string cannot fail
	}
	return string(quoted[1 : len(quoted)-1])
}

// ForHeader leaves a variable as it is.
func ForHeader(s string) string { return s }
