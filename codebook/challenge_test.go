package codebook

import (
	"net/http"
	"testing"
)

// Every field of a signature must hold. The answers are those of portals.md, 5.2.
func TestChallengeSignatures(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	of := func(product string, bears func(Challenge) bool) (n int) {
		for _, c := range b.Challenges {
			if bears(c) {
				if c.Product != product {
					t.Errorf("%s holds, too, where %q is meant", c.Product, product)
				}
				n++
			}
		}
		return n
	}
	for name, c := range map[string]struct {
		product, header, value, body string
		status                       int
	}{
		"status alone":        {product: "加速乐", status: 521},
		"header alone":        {product: "云锁", status: 302, header: "Location", value: "/a?security_verify_data=31"},
		"another header":      {status: 302, header: "Refresh", value: "/a?security_verify_data=31"},
		"one of two":          {product: "瑞数", status: 200, body: "<script>$_ts.nsd=1</script>x"},
		"pattern":             {product: "C3VK", status: 200, body: `x <script>document.cookie = "C3VK=a"`},
		"a harmless cookie":   {status: 200, header: "Set-Cookie", value: "acw_tc=x", body: "<html>年报</html>"},
		"a report on a WAF":   {status: 200, body: string(make([]byte, 20000)) + "HWWAF"},
		"a page with scripts": {status: 200, body: "<html><head><script>var a=1</script></head><body>document.cookie</body></html>"},
	} {
		h := http.Header{}
		if c.header != "" {
			h.Set(c.header, c.value)
		}
		if n := of(c.product, func(s Challenge) bool { return s.In(c.status, h, []byte(c.body)) }); (n > 0) != (c.product != "") {
			t.Errorf("%s: %d signatures hold, want %q", name, n, c.product)
		}
	}
	if got := b.ChallengeIn([]byte("<script>$_ts=window['$_ts'];</script>")).Product; got != "瑞数" {
		t.Errorf("ChallengeIn = %q", got)
	}
	if got := b.ChallengeIn(nil).Product; got != "" { // the status of stored bytes is not known
		t.Errorf("ChallengeIn of nothing = %q", got)
	}
}
