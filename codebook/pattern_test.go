package codebook

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A pattern finds what its expression finds, in whatever is made of the words of all.
func TestPatternFindsWhatItsExpressionFinds(t *testing.T) {
	patterns := []Pattern{MustPattern(`收到|受理申请`), MustPattern(`(?i)abc`), MustPattern(`a(?:b|)c`), MustPattern(`(bc)+|abcd`), MustPattern(`统计数|^数量$`), MustPattern(`.`), MustPattern(``)}
	b := load(t)
	for _, n := range b.Narratives {
		patterns = append(patterns, n.Pattern)
	}
	for _, r := range b.ScopeRules {
		patterns = append(patterns, r.Pattern)
	}
	for _, w := range b.WrongPages {
		patterns = append(patterns, w.Pattern)
	}
	for _, table := range b.Tables {
		patterns = append(patterns, table.Heading, table.ValueColumn)
	}
	pieces := []string{"", "0", "12", "。", "\n", "件", "申请", "abc", "b", "C", "d", "数量"}
	filtered := 0
	for _, p := range patterns {
		pieces = append(pieces, p.words...)
		if p.words != nil {
			filtered++
		}
	}
	if filtered < len(patterns)/2 {
		t.Errorf("%d of %d patterns have words", filtered, len(patterns))
	}
	r := rand.New(rand.NewPCG(1, 2))
	matched := 0
	for range 1000 {
		var text strings.Builder
		for range r.IntN(12) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		s := text.String()
		for _, p := range patterns {
			want := p.Regexp.FindStringSubmatch(s)
			if !slices.Equal(p.FindStringSubmatch(s), want) || !slices.Equal(p.FindStringIndex(s), p.Regexp.FindStringIndex(s)) || p.MatchString(s) != (want != nil) || p.Match([]byte(s)) != (want != nil) || p.ReplaceAllString(s, "-$0") != p.Regexp.ReplaceAllString(s, "-$0") {
				t.Fatalf("%s finds %q in %q, the expression %q", p, p.FindStringSubmatch(s), s, want)
			}
			if want != nil {
				matched++
			}
		}
	}
	if matched < 1000 {
		t.Errorf("only %d matches", matched)
	}
}

func TestWordsOfAPattern(t *testing.T) {
	for expr, want := range map[string]string{
		`(?:收到|受理)[^。]{0,9}?申请(\d+)`: "收到 受理",
		`结转下(\d+)件|(\d+)件顺延`:         "结转下 件顺延",
		`(市|政府)本级`:                   "市本级 政府本级",
		`[〔(](19|20)\d{2}.?号`:        "(19 (20 〔19 〔20",
		`(区|县)[^。]{0,9}汇总`:           "汇总",
		`汇总(?:编制|$)`:                 "汇总",
		`20\d\d年?$|^年度$`:             "20 年度",
		`(\d+)?年?`:                   "",
		`(?i)abc`:                    "",
	} {
		if got := strings.Join(MustPattern(expr).words, " "); got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}
