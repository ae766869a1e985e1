package charset

import (
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestDecode(t *testing.T) {
	const want = "政府信息公开“年报”—镕" // 镕 is in GBK and GB18030 but not in GB2312
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(want)
	big5, _ := traditionalchinese.Big5.NewEncoder().String("年報")
	for _, c := range []struct{ name, data, contentType, want string }{
		{"utf-8", want, "", want},
		{"byte order mark", "\xEF\xBB\xBF" + want, "text/html; charset=gbk", want},
		{"byte order mark, and a byte lost", "\xEF\xBB\xBF年报\xE6\xAF<", "", "年报\uFFFD<"},
		{"utf-16", "\xFF\xFE\x74\x5e\xa5\x62", "", "年报"},
		{"no declaration", gb, "", want},
		{"meta says gb2312", `<meta charset="gb2312">` + gb, "", `<meta charset="gb2312">` + want},
		{"header lies utf-8", gb, "text/html; charset=utf-8", want},
		{"header default latin-1", gb, "text/html; charset=ISO-8859-1", want},
		{"meta wins over header", `<META http-equiv=Content-Type content="text/html; charset=big5">` + big5, "text/html; charset=gbk", `<META http-equiv=Content-Type content="text/html; charset=big5">年報`},
		{"header alone", big5, "text/html; charset=big5", "年報"},
	} {
		if got := Decode([]byte(c.data), c.contentType); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
