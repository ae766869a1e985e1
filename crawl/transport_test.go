package crawl_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// certificate makes a certificate that signs for itself.
func certificate(t *testing.T, name string, until time.Time, withRSA bool) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, DNSNames: []string{name},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	var public, private any
	if withRSA {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		public, private = &key.PublicKey, key
	} else {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public, private = &key.PublicKey, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, parsed
}

// R20: weak or broken TLS fails with words, and passes by a dated exception for the host
// only.
func TestTLS(t *testing.T) {
	valid := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	good, goodCert := certificate(t, "www.shili.gov.cn", valid, true)
	old, oldCert := certificate(t, "www.shili.gov.cn", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), false)
	other, otherCert := certificate(t, "www.other.gov.cn", valid, false)
	roots := pool(goodCert, oldCert, otherCert)
	pin := func(c *x509.Certificate) string { return fmt.Sprintf("pin_sha256: %x", sha256.Sum256(c.Raw)) }
	exception := func(host, what, expires string) string {
		return fmt.Sprintf("tls: [{host: %s, %s, expires: %s, reason: 示例}]", host, what, expires)
	}
	const www, later, over = "www.shili.gov.cn", "2027-01-31", "2026-11-22"
	expired := &tls.Config{Certificates: []tls.Certificate{old}}
	wrong := &tls.Config{Certificates: []tls.Certificate{other}}
	tls10 := &tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}
	rsaKex := &tls.Config{Certificates: []tls.Certificate{good}, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}
	for name, c := range map[string]struct {
		config      *tls.Config
		lines, says string
		fetched     bool
	}{
		"sound":                     {&tls.Config{Certificates: []tls.Certificate{good}}, "", "", true},
		"expired":                   {expired, "", "holds from 2000-01-01 to 2020-01-01", false},
		"expired, pinned":           {expired, exception(www, pin(oldCert), later), "", true},
		"expired, pinned otherwise": {expired, exception(www, pin(goodCert), later), "not the one of pin_sha256", false},
		"expired, pin elapsed":      {expired, exception(www, pin(oldCert), over), "expired on 2026-11-22", false},
		"wrong name":                {wrong, "", "www.other.gov.cn", false},
		"wrong name, pinned":        {wrong, exception(www, pin(otherCert), later), "", true},
		"TLS 1.0":                   {tls10, "", "protocol version", false},
		"TLS 1.0 allowed":           {tls10, exception(www, `min_version: "1.0"`, later), "", true},
		"TLS 1.0, another host":     {tls10, exception("zwgk.shili.gov.cn", `min_version: "1.0"`, later), "protocol version", false},
		"TLS 1.0, elapsed":          {tls10, exception(www, `min_version: "1.0"`, over), "expired on 2026-11-22; drop it, or renew it", false},
		"RSA":                       {rsaKex, "", "handshake failure", false},
		"RSA allowed":               {rsaKex, exception(www, "rsa_kex: true", later), "", true},
		"plain HTTP on 443":         {nil, "", "nothing listens", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.config, pagesOf(two))
			a, k := open(t), &clock{at: noon}
			o := visiting(s, a, k, profile(t, "entry_points: ['https://www.shili.gov.cn/nb/index.html']\n"+c.lines))
			o.RootCAs = roots
			run(t, o)
			if c.fetched {
				says(t, a, "https://www.shili.gov.cn/nb/a.html", archive.Fetched, "", "")
				return
			}
			says(t, a, "https://www.shili.gov.cn/nb/index.html", archive.Failed, "unreachable", c.says)
			if got := s.requests(); len(got) != 0 {
				t.Errorf("asked for %v", got)
			}
			if c.config != nil && len(k.waits) != 0 {
				t.Errorf("waited %v to ask again what cannot get better", k.waits)
			}
		})
	}
}

// A redirect leads to no other scheme, port, host or person than the profile names; that
// is recorded, and no one is asked.
func TestRedirectsAreGuarded(t *testing.T) {
	for target, words := range map[string]string{
		"file:///etc/passwd":                         "neither http nor https",
		"ftp://www.shili.gov.cn/a":                   "neither http nor https",
		"gopher://127.0.0.1:70/_x":                   "neither http nor https",
		"javascript:alert(1)":                        "neither http nor https",
		"http://www.shili.gov.cn:22/":                "port 22",
		"http://www.shili.gov.cn:8081/":              "port 8081",
		"http://127.0.0.1/":                          "hosts.allow",
		"http://[::1]/":                              "hosts.allow",
		"http://[::ffff:169.254.169.254]/meta-data":  "hosts.allow",
		"http://169.254.169.254/latest/":             "hosts.allow",
		"http://2130706433/":                         "hosts.allow",
		"http://localhost/":                          "hosts.allow",
		"//metadata.internal/":                       "hosts.allow",
		"http://www.shili.gov.cn@10.0.0.1/":          "user's name",
		"http://10.0.0.1\\@www.shili.gov.cn/":        "",
		"http://www.shili.gov.cn.evil.com/":          "hosts.allow",
		"https://" + strings.Repeat("a", 5000) + "/": "leads to",
	} {
		t.Run(target[:min(len(target), 40)], func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil, with("/nb/a.html", shell(302, "", "Location", target), pagesOf(two)))
			a := open(t)
			run(t, visiting(s, a, &clock{at: noon}, profile(t, "net: {ports: [8080]}")))
			l := export(t, a).entry(t, docA)
			if l.State == archive.Fetched || words != "" && (l.State != archive.Rejected || l.Reason != "off_site") || !strings.Contains(l.Detail, words) || len(l.Detail) > 1000 {
				t.Errorf("%+v, want a refusal with %q", l, words)
			}
			if got := len(s.requests()); got != 4 || len(s.networks) > 2 {
				t.Errorf("asked for %v over %v, want robots.txt, the list and two documents", s.requests(), s.networks)
			}
		})
	}
}

func TestPortOfTheProfile(t *testing.T) {
	s := serve(t, nil, with("/nb/a.html", shell(302, "", "Location", "http://www.shili.gov.cn:8080/nb/b.html"), pagesOf(two)))
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "net: {ports: [8080]}")))
	says(t, a, docA, archive.Fetched, "", "")
	if s.asked("www.shili.gov.cn:8080/robots.txt") != 1 {
		t.Errorf("%v, want robots.txt of the other port asked for", s.requests())
	}
}

// R20: chains, hosts without https, and hosts with one address family.
func TestTransportOfAPortal(t *testing.T) {
	chain := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var at int
			fmt.Sscanf(r.URL.Path, "/hop%d", &at)
			if at < n && (at > 0 || r.URL.Path == "/nb/a.html") {
				http.Redirect(w, r, fmt.Sprintf("/hop%d", at+1), http.StatusMovedPermanently)
				return
			}
			pagesOf(and(two, fmt.Sprintf("/hop%d", n), "报告甲"))(w, r)
		}
	}
	for name, c := range map[string]struct {
		handle   http.HandlerFunc
		lines    string
		entry    string
		fetched  bool
		requests int // for the first document
		network  string
	}{
		"chain of five": {chain(5), "", "http", true, 6, "tcp"},
		"chain of six":  {chain(6), "", "http", false, 6, "tcp"},
		"http only":     {pagesOf(two), "net: {scheme: http_only}", "https", true, 1, "tcp"},
		"ipv6 only":     {pagesOf(two), "net: {family: ipv6}", "http", true, 1, "tcp6"},
		"ipv4 only":     {pagesOf(two), "net: {family: ipv4}", "http", true, 1, "tcp4"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil, c.handle)
			a := open(t)
			summary := run(t, visiting(s, a, &clock{at: noon}, profile(t, "entry_points: ['"+c.entry+"://www.shili.gov.cn/nb/index.html']\n"+c.lines)))
			if got := summary.Fetched == 2; got != c.fetched {
				t.Errorf("%+v, want both documents %v", summary, c.fetched)
			}
			if got := len(s.requests()) - 3; got != c.requests {
				t.Errorf("%v, want %d requests for the document", s.requests(), c.requests)
			}
			if slices.ContainsFunc(s.networks, func(n string) bool { return n != c.network }) {
				t.Errorf("dialled %v, want %s", s.networks, c.network)
			}
		})
	}
	s := serve(t, nil, pagesOf(two))
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "net: {scheme: https}")))
	says(t, a, list, archive.Rejected, "off_site", "net.scheme is https")
}
