package crawl

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"code.dny.dev/ssrf"
	"golang.org/x/net/dns/dnsmessage"
)

func TestOnlyPublicAddressesAreConnected(t *testing.T) {
	control := publicDialer().Control
	for address, allowed := range map[string]bool{
		"127.0.0.1:80": false, "127.8.8.8:80": false, "0.0.0.0:80": false, "10.1.2.3:80": false, "172.16.0.1:443": false, "192.168.1.1:80": false,
		"100.64.0.1:80": false, "100.100.100.200:80": false, // CGNAT, and in it Aliyun's metadata
		"169.254.169.254:80": false, "168.63.129.16:80": false, // metadata of AWS and others, of Azure
		"224.0.0.1:80": false, "255.255.255.255:80": false, "192.0.2.1:80": false, "198.18.0.1:80": false,
		"[::1]:80": false, "[::]:80": false, "[fe80::1]:80": false, "[fc00::1]:80": false, "[fd00:ec2::254]:80": false, "[ff02::1]:80": false,
		"[::ffff:127.0.0.1]:80": false, "[::ffff:8.8.8.8]:80": false, "[64:ff9b::7f00:1]:80": false, "[2002:7f00:1::]:80": false, "[2001:db8::1]:80": false,
		"8.8.8.8:80": true, "[2400:3200::1]:443": true,
	} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if err := control(network, address, nil); (err == nil) != allowed || err != nil && !errors.Is(err, ssrf.ErrProhibitedIP) {
			t.Errorf("%s: %v, want allowed %v", address, err, allowed)
		}
	}
	if err := control("udp4", "8.8.8.8:53", nil); err == nil {
		t.Error("UDP is connected")
	}
}

// A name that is public when looked at and internal when connected is refused at the
// connection: the check sees the address that is dialled.
func TestRebindingIsRefused(t *testing.T) {
	var hits atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer inner.Close()
	_, port, _ := net.SplitHostPort(inner.Listener.Addr().String())
	dialer := publicDialer()
	dialer.Resolver = resolver(t, "203.0.113.7", "127.0.0.1", "127.0.0.1")
	if ips, err := dialer.Resolver.LookupNetIP(t.Context(), "ip4", "www.shili.gov.cn"); err != nil || ips[0] != netip.MustParseAddr("203.0.113.7") {
		t.Fatalf("the first look gives %v, %v, want the public address", ips, err)
	}
	conn, err := dialer.DialContext(t.Context(), "tcp4", net.JoinHostPort("www.shili.gov.cn", port))
	if !errors.Is(err, ssrf.ErrProhibitedIP) || conn != nil || hits.Load() > 0 {
		t.Errorf("DialContext = %v, %v with %d hits, want a refusal", conn, err, hits.Load())
	}
	if r := (result{}).judgeError(err); r.outcome.reason != "off_site" || r.transient {
		t.Errorf("%+v, want rejected as off_site", r.outcome)
	}
}

// resolver asks a name server on this machine that answers with the addresses in turn.
func resolver(t *testing.T, addresses ...string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		buf := make([]byte, 1500)
		for turn := 0; ; {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if m.Questions[0].Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addresses[min(turn, len(addresses)-1)]).As4()},
				}}
				turn++
			}
			if packed, err := m.Pack(); err == nil {
				server.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func TestSignaturesAreSound(t *testing.T) {
	b, err := book()
	if err != nil || len(b.Challenges) < 15 {
		t.Fatalf("%d signatures, %v", len(b.Challenges), err)
	}
	if _, err := soft404(); err != nil {
		t.Fatal(err)
	}
	plain := answer{status: 200, header: http.Header{}, body: []byte("<html><body>示例市2023年政府信息公开工作年度报告</body></html>")}
	if c := challengeIn(plain, false); c != nil {
		t.Errorf("%+v holds for a plain page", c)
	}
}

func TestRealHostsNeedAContact(t *testing.T) {
	if _, err := Run(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "contact") {
		t.Errorf("Run = %v, want a refusal to ask real hosts without a contact", err)
	}
}
