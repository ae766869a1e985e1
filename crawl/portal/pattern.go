package portal

import (
	"regexp"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// A Pattern is an RE2 regular expression; its Regexp is nil where none was given.
type Pattern struct {
	*regexp.Regexp
	needle needle
}

// UnmarshalYAML compiles the expression.
func (p *Pattern) UnmarshalYAML(node ast.Node) error {
	return compile(node, func(text string) (err error) {
		p.Regexp, err = regexp.Compile(text)
		p.needle = needleOf(text)
		return err
	})
}

// FindAllStringSubmatch returns what [regexp.Regexp.FindAllStringSubmatch] does, sooner
// where that is nothing.
func (p Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.needle.in(s) {
		return nil
	}
	return p.Regexp.FindAllStringSubmatch(s, n)
}

// A Selector is a CSS selector.
type Selector struct{ cascadia.Selector }

// UnmarshalYAML compiles the selector.
func (s *Selector) UnmarshalYAML(node ast.Node) error { return compile(node, s.parse) }

func (s *Selector) parse(text string) (err error) {
	s.Selector, err = cascadia.Compile(text)
	return err
}

// A Source says where in a row a text stands: a selector, and after @ an attribute,
// as in a@href; without @ it is the text of the element.
type Source struct {
	Element Selector
	Attr    string
}

// UnmarshalYAML compiles the source.
func (s *Source) UnmarshalYAML(node ast.Node) error {
	return compile(node, func(text string) error {
		selector, attr, _ := strings.Cut(text, "@")
		s.Attr = attr
		return s.Element.parse(selector)
	})
}

// compile passes the text of a scalar to parse; its error keeps the place in the file.
func compile(node ast.Node, parse func(string) error) error {
	scalar, ok := node.(*ast.StringNode)
	if !ok {
		return &yaml.SyntaxError{Message: "a text is needed here, in quotes", Token: node.GetToken()}
	}
	if err := parse(scalar.Value); err != nil {
		return &yaml.SyntaxError{Message: err.Error(), Token: node.GetToken()}
	}
	return nil
}
