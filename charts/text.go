package charts

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/jszwec/csvutil"

	"github.com/nianbao/nianbao/codebook"
)

//go:embed text.csv
var textCSV []byte

// A Text is the same words in Chinese and English. EN is empty where none is known.
type Text struct{ ZH, EN string }

// in returns the words in a language, Chinese where there is no English.
func (t Text) in(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// with returns the text with the words of one language.
func (t Text) with(lang, words string) Text {
	if lang == "en" {
		t.EN = words
	} else {
		t.ZH = words
	}
	return t
}

// A view is the site in one language.
type view struct {
	lang        string
	phrases     map[string]Text
	book        *codebook.Book
	store       *store
	sections    []*section
	tiles       []tilePlace
	byPlace     map[string][]placeMember // by adcode, in the order of sections
	first, last int                      // years with a report, over all sections
	missed      sync.Map                 // keys that were asked for and that text.csv does not have
}

func newView(lang string, st *store, book *codebook.Book) (*view, error) {
	phrases, err := loadPhrases()
	if err != nil {
		return nil, err
	}
	v := &view{lang: lang, phrases: phrases, book: book, store: st, sections: st.sections, byPlace: map[string][]placeMember{}}
	for _, s := range v.sections {
		if v.first == 0 || s.first < v.first {
			v.first = s.first
		}
		v.last = max(v.last, s.last)
		for _, m := range s.members {
			v.byPlace[m.body.adcode] = append(v.byPlace[m.body.adcode], placeMember{s, m})
		}
	}
	v.tiles, err = tilePlaces()
	return v, err
}

func loadPhrases() (map[string]Text, error) {
	var lines []struct {
		Key string `csv:"key"`
		ZH  string `csv:"zh"`
		EN  string `csv:"en"`
	}
	if err := csvutil.Unmarshal(textCSV, &lines); err != nil {
		return nil, fmt.Errorf("text.csv: %w", err)
	}
	phrases := make(map[string]Text, len(lines))
	for _, l := range lines {
		if _, twice := phrases[l.Key]; twice || l.ZH == "" || l.EN == "" {
			return nil, fmt.Errorf("text.csv: %q stands twice or lacks a language", l.Key)
		}
		phrases[l.Key] = Text{l.ZH, l.EN}
	}
	return phrases, nil
}

// say returns the phrase of text.csv with args put in by number: %[1]s.
func (v *view) say(key string, args ...any) string {
	t, ok := v.phrases[key]
	if !ok {
		v.missed.Store(key, true)
	}
	if len(args) == 0 {
		return t.in(v.lang)
	}
	return fmt.Sprintf(t.in(v.lang), args...)
}

// unknown is an error for the phrases that were asked for and that text.csv does not have.
func (v *view) unknown() (err error) {
	v.missed.Range(func(key, _ any) bool {
		err = errors.Join(err, fmt.Errorf("text.csv has no phrase %q", key))
		return true
	})
	return err
}

// pick returns the words for this view's language.
func (v *view) pick(zh, en string) string { return Text{zh, en}.in(v.lang) }

func (v *view) metric(id string) string {
	m := v.book.Metric[id]
	return v.pick(m.LabelZH, m.LabelEN)
}

func (v *view) unit(id string) string {
	u := v.book.Unit[id]
	return v.label(id, u.LabelZH, u.LabelEN)
}

func (v *view) status(id string) string {
	s := v.book.Status[id]
	return v.label(id, s.LabelZH, s.LabelEN)
}

func (v *view) era(id string) string {
	e := v.book.Era[id]
	return v.label(id, e.LabelZH, e.LabelEN)
}

func (v *view) finding(code string) string {
	f := v.book.FindingKind[code]
	return v.label(code, f.LabelZH, f.LabelEN)
}

// label is the words for an id, or the id itself where the codebook has none.
func (v *view) label(id, zh, en string) string { return cmp.Or(v.pick(zh, en), id) }

func (v *view) scope(s codebook.Scope) string { return v.pick(s.LabelZH, s.LabelEN) }

// heading is the scope's name as a heading starts: with a capital in English.
func (v *view) heading(s codebook.Scope) string {
	name := v.scope(s)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (v *view) indicator(id string) codebook.Indicator {
	if i, ok := v.book.Indicator[id]; ok {
		return i
	}
	return codebook.Indicator{ID: id, LabelZH: id, LabelEN: id}
}

// missing says in words why a report has no value for a metric.
func (v *view) missing(c cell, printed bool) string {
	switch {
	case !printed || c.status == "missing_row":
		return v.say("not_in_form")
	case c.status == "number" || c.status == "computed" || c.status == "repaired" || c.status == "corrected" || c.status == "":
		return v.say("not_computable")
	}
	return v.status(c.status)
}

// count prints a number with separators of thousands and without needless decimals.
func count(n float64) string { return thousands(strconv.FormatFloat(n, 'f', -1, 64)) }

// thousands puts separators of thousands into a decimal.
func thousands(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// fraction prints a numerator over its denominator, on one line.
func fraction(numerator, denominator float64) string {
	return count(numerator) + "\u00a0/\u00a0" + count(denominator)
}

// percent prints a share with one decimal, without the sign.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) }

// span prints a range of years; 0 stands for no year at all.
func span(first, last int) string {
	if last == 0 {
		return "–"
	}
	if first == last {
		return strconv.Itoa(first)
	}
	return fmt.Sprintf("%d–%d", first, last)
}
