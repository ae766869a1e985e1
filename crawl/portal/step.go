package portal

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Kinds of step.
const (
	Each   = "each"   // each PATTERN: every match, as <div class="record">first group</div>
	JSON   = "json"   // json PATH: the text at the path in a JSON document; a.b|c takes the first that is text
	JSONP  = "jsonp"  // the argument of a call
	Base64 = "base64" // decoded
	URL    = "url"    // percent-decoded
	HTML   = "html"   // entities decoded
)

// A Step undoes one wrapping of a text. It is written as its kind and, after a space,
// its argument.
type Step struct {
	Kind    string
	Path    string  // of JSON
	Pattern Pattern // of Each
}

// UnmarshalYAML reads the step.
func (s *Step) UnmarshalYAML(node ast.Node) error { return compile(node, s.parse) }

func (s *Step) parse(text string) (err error) {
	var argument string
	s.Kind, argument, _ = strings.Cut(text, " ")
	switch s.Kind {
	case Each:
		if s.Pattern.Regexp, err = regexp.Compile(argument); err == nil && s.Pattern.NumSubexp() < 1 {
			err = fmt.Errorf("each needs a pattern with a group, as in each <record>(.*?)</record>")
		}
		return err
	case JSON:
		if s.Path = argument; argument == "" {
			return fmt.Errorf("json needs a path, as in json data.html")
		}
		return nil
	case JSONP, Base64, URL, HTML:
		if argument != "" {
			return fmt.Errorf("%s takes no argument", s.Kind)
		}
		return nil
	}
	return fmt.Errorf("unknown step %q; known: each, json, jsonp, base64, url, html", s.Kind)
}
