// Package replica serves local copies of government portals under their real host
// names, for the sample edition and for tests. It needs no network and allows none:
// [Server.DialContext] leads the replica's hosts to this machine and refuses every
// other host, so a profile, its allow-list, robots.txt and redirects work exactly as
// on the live portal.
//
// The files of a replica are
//
//	portals/*.yaml    the portal profiles
//	behaviour.yaml    where an answer deviates from "200 and the file"
//	<host>/<path>     what the host serves at the path
//	sites/*.yaml      made-up sites, whose lists and reports are made from templates
//
// The embedded sample holds report-years of real authorities: their published figures,
// re-typed, in our own layout and few words, and each file says so. Rows and addresses
// marked 样例 are made up.
//
//	server, err := replica.Start(ctx)
//	defer server.Close()
//	summary, err := crawl.Run(ctx, crawl.Options{
//		Archive: a, Portals: server.Portals(), Clock: server.Now,
//		DialContext: server.DialContext, RootCAs: server.RootCAs(),
//	})
package replica

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/nianbao/nianbao/crawl/portal"
)

//go:embed sample replicas
var editions embed.FS

// typed is the day the sample edition was typed: its clock and its Last-Modified.
var typed = time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC)

// A Request is one request that the replica answered.
type Request struct {
	Method, Host, Path string
	Query              string
	Status             int
	UserAgent          string
	Conditional        bool // If-None-Match or If-Modified-Since was sent
	// Came and Answered are times of the machine, not of the replica's clock: when it was
	// read, and just before its answer left.
	Came, Answered time.Time
}

// A Server is a running replica. It is safe for concurrent use.
type Server struct {
	files     fs.FS
	hosts     []string
	portals   []portal.Portal
	behaviour []behaviour
	sites     map[string]*site
	roots     *x509.CertPool
	plain     net.Listener
	secure    net.Listener
	servers   []*http.Server

	mu     sync.Mutex
	log    []Request
	served map[string]int // requests by host and path
}

// The embedded editions.
const (
	Sample   = "sample"   // report-years of real authorities, re-typed
	Replicas = "replicas" // made-up portals, one and more of every kind of system
)

// Start serves the embedded sample until ctx ends or the server is closed.
func Start(ctx context.Context) (*Server, error) { return StartEdition(ctx, Sample) }

// StartEdition serves an embedded edition, Sample or Replicas.
func StartEdition(ctx context.Context, edition string) (*Server, error) {
	files, err := fs.Sub(editions, edition)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", edition, err)
	}
	return StartFS(ctx, files)
}

// Portals returns the profiles of an embedded edition; nothing is started.
func Portals(edition string) ([]portal.Portal, error) {
	profiles, err := fs.Sub(editions, edition+"/portals")
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", edition, err)
	}
	return portal.Load(profiles)
}

// StartFS serves a replica laid out as the package comment says.
func StartFS(ctx context.Context, files fs.FS) (*Server, error) {
	s := &Server{files: files, served: map[string]int{}}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("reading replica: %w", err)
	}
	certificate, roots, err := newCertificate(s.hosts)
	if err != nil {
		return nil, fmt.Errorf("making certificate of replica: %w", err)
	}
	s.roots = roots
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("starting replica: %w", err)
	}
	s.serve(s.plain)
	s.serve(tls.NewListener(s.secure, &tls.Config{Certificates: []tls.Certificate{certificate}}))
	context.AfterFunc(ctx, func() { s.Close() })
	return s, nil
}

func (s *Server) load() (err error) {
	profiles, err := fs.Sub(s.files, "portals")
	if err != nil {
		return err
	}
	if s.portals, err = portal.Load(profiles); err != nil {
		return err
	}
	if s.behaviour, err = loadBehaviour(s.files); err != nil {
		return err
	}
	if s.sites, err = loadSites(s.files); err != nil {
		return err
	}
	entries, err := fs.ReadDir(s.files, ".")
	for _, e := range entries {
		if e.IsDir() && e.Name() != "portals" && e.Name() != "sites" {
			s.hosts = append(s.hosts, e.Name())
		}
	}
	for host := range s.sites {
		if !slices.Contains(s.hosts, host) {
			s.hosts = append(s.hosts, host)
		}
	}
	return err
}

func (s *Server) listen() (err error) {
	if s.plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if s.secure, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		s.plain.Close()
	}
	return err
}

func (s *Server) serve(l net.Listener) {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	s.servers = append(s.servers, server)
	go server.Serve(l)
}

// Close stops the server.
func (s *Server) Close() error {
	for _, server := range s.servers {
		server.Close()
	}
	return nil
}

// DialContext connects ports 80 and 443 of the replica's hosts to this machine. It
// refuses any other address.
func (s *Server) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("replica: %w", err)
	}
	to := map[string]net.Listener{"80": s.plain, "443": s.secure}[port]
	if to == nil || !slices.Contains(s.hosts, host) {
		return nil, fmt.Errorf("replica: %s is not one of its hosts; nothing outside the replica is contacted", address)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, to.Addr().String())
}

// RootCAs holds the authority, made anew at each start, that signs for the hosts.
func (s *Server) RootCAs() *x509.CertPool { return s.roots }

// Portals are the profiles of the replica's portals.
func (s *Server) Portals() []portal.Portal { return slices.Clone(s.portals) }

// Now is the clock of the replica; it stands still, so that what is crawled from it
// is the same on every day.
func (s *Server) Now() time.Time { return typed }

// Requests returns what was asked so far, in the order of the answers.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}
