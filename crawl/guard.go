package crawl

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/nianbao/nianbao/crawl/portal"
)

// publicDialer connects to public addresses only. It checks the address that a name has
// led to at the moment of connecting, so a name that is resolved anew cannot slip by.
// The special ranges are those of the IANA registries; ports are the portal's affair
// ([conduct.address]).
func publicDialer() *net.Dialer {
	azure := netip.MustParsePrefix("168.63.129.16/32") // Azure's metadata host, a public address
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(azure))
	return &net.Dialer{Timeout: 30 * time.Second, Control: guard.Safe}
}

// guarded makes a transport keep to the portal's address family and TLS exceptions.
func guarded(t *http.Transport, p portal.Portal, o Options) {
	t.MaxIdleConns = 1
	t.DialContext = dialer(p, o)
	t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		plain, err := dialer(p, o)(ctx, network, address)
		if err != nil {
			return nil, err
		}
		secure, err := secured(ctx, plain, address, p, o)
		if err != nil {
			plain.Close()
			return nil, err
		}
		return secure, nil
	}
}

// dialer connects in the portal's address family.
func dialer(p portal.Portal, o Options) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		network := map[string]string{"ipv4": "tcp4", "ipv6": "tcp6"}[p.Net.Family]
		if network == "" {
			network = "tcp"
		}
		return o.DialContext(ctx, network, address)
	}
}

// secured makes a connection secure as the portal's profile says; its error is a
// [tlsError].
func secured(ctx context.Context, plain net.Conn, address string, p portal.Portal, o Options) (*tls.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &tlsError{address, err}
	}
	ctx, cancel := context.WithTimeout(ctx, p.Politeness.Timeout)
	defer cancel()
	secure := tls.Client(plain, tlsConfig(host, p, o))
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, &tlsError{host, err}
	}
	return secure, nil
}

func tlsConfig(host string, p portal.Portal, o Options) *tls.Config {
	c := &tls.Config{ServerName: host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}
	e, ok := p.Exception(host)
	if !ok || e.Expires.Over(o.Clock()) {
		return c
	}
	switch e.MinVersion {
	case "1.0":
		c.MinVersion = tls.VersionTLS10
	case "1.1":
		c.MinVersion = tls.VersionTLS11
	}
	if e.RSAKex {
		c.CipherSuites = withRSAKex()
	}
	if e.PinSHA256 != "" {
		c.InsecureSkipVerify = true // the pin is verified instead
		c.VerifyConnection = func(s tls.ConnectionState) error {
			if sum := sha256.Sum256(s.PeerCertificates[0].Raw); hex.EncodeToString(sum[:]) != e.PinSHA256 {
				return fmt.Errorf("its certificate is not the one of pin_sha256 but %x", sum)
			}
			return nil
		}
	}
	return c
}

// withRSAKex returns the suites that Go offers and those with key exchange by RSA that
// encrypt with AES.
func withRSAKex() (ids []uint16) {
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	return append(ids, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA)
}

// tlsError is a handshake that failed.
type tlsError struct {
	host string
	err  error
}

func (e *tlsError) Unwrap() error { return e.err }

// passing reports whether the connection failed, not what it carried: asking again may
// help.
func (e *tlsError) passing() bool {
	var timeout net.Error
	return errors.Is(e.err, io.EOF) || errors.Is(e.err, syscall.ECONNRESET) || errors.As(e.err, &timeout) && timeout.Timeout()
}

// Error words what went wrong without the time of day.
func (e *tlsError) Error() string {
	var invalid x509.CertificateInvalidError
	what := e.err.Error()
	if errors.As(e.err, &invalid) && invalid.Reason == x509.Expired {
		what = fmt.Sprintf("its certificate holds from %s to %s", invalid.Cert.NotBefore.Format(time.DateOnly), invalid.Cert.NotAfter.Format(time.DateOnly))
	}
	return fmt.Sprintf("TLS with %s: %s; write to the portal, or give its profile a dated exception under tls", e.host, what)
}

// address refuses an address that the profile does not allow, whatever named it.
func (c *conduct) address(p portal.Portal, u *url.URL) *refusal {
	switch e, excepted := p.Exception(u.Hostname()); {
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse(rejected("off_site", brief("leads to "+u.String()+", which is neither http nor https")))
	case u.User != nil:
		return refuse(rejected("off_site", brief("leads to an address with a user's name at "+u.Host)))
	case !p.Hosts.Allowed(u.Hostname()):
		return refuse(rejected("off_site", brief("leads to "+u.String()+", whose host is not in hosts.allow")))
	case !p.Net.PortAllowed(u.Port()):
		return refuse(rejected("off_site", brief("leads to port "+u.Port()+" of "+u.Hostname()+", which net.ports does not name")))
	case u.Scheme == "http" && p.Net.Scheme == "https":
		return refuse(rejected("off_site", brief("leads to "+u.String()+", but net.scheme is https")))
	case u.Scheme == "https" && excepted && e.Expires.Over(c.Clock()):
		return refuse(failed("unreachable", fmt.Sprintf("not asked: the exception under tls for %s expired on %s; drop it, or renew it with a reason", e.Host, e.Expires.Format(time.DateOnly)), 0))
	}
	return nil
}

// maxDetail bounds, in characters, what a server can write into the ledger.
const maxDetail = 300

func brief(s string) string {
	if r := []rune(s); len(r) > maxDetail {
		return string(r[:maxDetail]) + "…"
	}
	return s
}
