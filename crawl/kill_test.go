package crawl_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/crawl/replica"
)

// long is for the crawl that is killed at 20 moments over all replicas:
//
//	go test ./crawl -run TestKilledCrawlResumes -long
var long = flag.Bool("long", false, "kill the crawl of all replicas, at 20 moments, instead of those of a few")

// A child is a crawl in a process of its own, which the environment of a test process
// describes. It is there to be killed.
type child struct {
	Fails         bool // the machine does, not the process alone
	Edition       string
	Portals       []string // ids
	Jobs          int
	Archive       string
	Plain, Secure string // addresses of the replica, which the parent has started
	Certificate   []byte // of the replica
}

const childEnvironment = "NIANBAO_TEST_CHILD"

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnvironment); text != "" {
		var c child
		err := json.Unmarshal([]byte(text), &c)
		if err == nil {
			err = c.crawl()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// crawl crawls the replica and prints a line after each address.
func (c child) crawl() error {
	portals, err := editionPortals(c.Edition)
	if err != nil {
		return err
	}
	certificate, err := x509.ParseCertificate(c.Certificate)
	if err != nil {
		return err
	}
	a, err := archive.Open(c.Archive)
	if err != nil {
		return err
	}
	_, err = crawl.Run(context.Background(), crawl.Options{
		Archive: a, Portals: chosen(portals, c.Portals), Jobs: c.Jobs, RootCAs: pool(certificate),
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			to := c.Plain
			if strings.HasSuffix(address, ":443") {
				to = c.Secure
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
		Clock:    new(replica.Server).Now,
		Sleep:    func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Progress: func(p crawl.Progress) { fmt.Println(p.Address) },
	})
	return errors.Join(err, a.Close())
}

// start starts the child.
func (c child) start(t *testing.T, s *replica.Server) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	for port, to := range map[string]*string{"80": &c.Plain, "443": &c.Secure} {
		conn, err := s.DialContext(t.Context(), "tcp", net.JoinHostPort(s.Portals()[0].Hosts.Allow[0], port))
		if err != nil {
			t.Fatal(err)
		}
		*to = conn.RemoteAddr().String()
		if port == "443" {
			secure := tls.Client(conn, &tls.Config{RootCAs: s.RootCAs(), ServerName: s.Portals()[0].Hosts.Allow[0]})
			if err := secure.Handshake(); err != nil {
				t.Fatal(err)
			}
			c.Certificate = secure.ConnectionState().PeerCertificates[0].Raw
		}
		conn.Close()
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), childEnvironment+"="+string(text))
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return process, bufio.NewScanner(out)
}

func chosen(portals []portal.Portal, ids []string) []portal.Portal {
	return slices.DeleteFunc(portals, func(p portal.Portal) bool { return !slices.Contains(ids, p.ID) })
}

// generatedEdition is the made-up portal 示例市 with 40 documents.
const generatedEdition = "generated"

func startEdition(t *testing.T, edition string) *replica.Server {
	t.Helper()
	var s *replica.Server
	var err error
	if edition == generatedEdition {
		s, err = replica.StartFS(t.Context(), generated(40))
	} else {
		s, err = replica.StartEdition(t.Context(), edition)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func editionPortals(edition string) ([]portal.Portal, error) {
	if edition != generatedEdition {
		return replica.Portals(edition)
	}
	profiles, err := fs.Sub(generated(40), "portals")
	if err != nil {
		return nil, err
	}
	return portal.Load(profiles)
}

// generated is a replica of the made-up portal 示例市 with n documents, a thousand a list.
func generated(n int) fstest.MapFS {
	files := fstest.MapFS{}
	entries := ""
	for first := 0; first < n; first += 1000 {
		var list strings.Builder
		for i := first; i < min(n, first+1000); i++ {
			fmt.Fprintf(&list, "<li><a href=\"/nb/%d.html\">示例局%d2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>\n", i, i)
			files[fmt.Sprintf("www.shili.gov.cn/nb/%d.html", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "<p>编造的报告 %d</p>", i)}
		}
		files[fmt.Sprintf("www.shili.gov.cn/nb/index%d.html", first)] = &fstest.MapFile{Data: []byte(list.String())}
		entries += fmt.Sprintf("  - http://www.shili.gov.cn/nb/index%d.html\n", first)
	}
	files["portals/shili.yaml"] = &fstest.MapFile{Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
politeness: {delay: 0s, max_requests_per_day: 100000}
entry_points:
` + entries)}
	return files
}

// A crawl killed at any moment resumes to the rows of an undisturbed one. Nothing that its
// ledger speaks of is lost or damaged, and nothing is asked for twice but what was in flight.
func TestKilledCrawlResumes(t *testing.T) {
	if *long {
		killed(t, child{Edition: replica.Replicas, Jobs: 8}, 20)
		killed(t, child{Edition: replica.Replicas, Jobs: 8, Fails: true}, 5)
		return
	}
	killed(t, child{Edition: replica.Sample, Jobs: 1}, 4)
	killed(t, child{Edition: replica.Sample, Jobs: 8, Fails: true}, 3)
	killed(t, child{Edition: generatedEdition, Jobs: 1}, 4)
	killed(t, child{Edition: generatedEdition, Jobs: 1, Fails: true}, 3)
	portals, err := editionPortals(replica.Replicas)
	if err != nil {
		t.Fatal(err)
	}
	few := child{Edition: replica.Replicas, Jobs: 3}
	for _, i := range rand.Perm(len(portals))[:5] {
		few.Portals = append(few.Portals, portals[i].ID)
	}
	killed(t, few, 5)
}

// undisturbed is what a crawl that is not killed gives.
type undisturbed struct {
	rows  exported
	asked map[string]int
	told  int // addresses
}

// killed crawls undisturbed, and kills the same crawl at so many random moments.
func killed(t *testing.T, c child, moments int) {
	s, a := startEdition(t, c.Edition), open(t)
	if c.Portals == nil {
		for _, p := range s.Portals() {
			c.Portals = append(c.Portals, p.ID)
		}
	}
	var want undisturbed
	o := c.options(s, a)
	o.Progress = func(crawl.Progress) { want.told++ }
	run(t, o)
	want.rows, want.asked = export(t, a), askedOf(s)
	for range moments {
		after := rand.IntN(want.told)
		pause := time.Duration(rand.IntN(4000)) * time.Microsecond
		what := "process"
		if c.Fails {
			what = "machine"
		}
		t.Run(fmt.Sprintf("%s, %s after %d of %d addresses and %v", c.Edition, what, after, want.told, pause), func(t *testing.T) {
			t.Parallel()
			c := c
			c.Archive = filepath.Join(t.TempDir(), "archive")
			s := startEdition(t, c.Edition)
			c.killAfter(t, s, after, pause)
			if c.Fails {
				c.lose(t)
			}
			c.resume(t, s, want)
			if t.Failed() {
				t.Logf("the portals were %v", c.Portals)
			}
		})
	}
}

func (c child) options(s *replica.Server, a *archive.Archive) crawl.Options {
	o := options(s, a)
	o.Portals, o.Jobs = chosen(o.Portals, c.Portals), c.Jobs
	return o
}

// askedOf counts what a replica was asked for, but for robots.txt, which each run asks for.
func askedOf(s *replica.Server) map[string]int {
	asked := map[string]int{}
	for _, r := range s.Requests() {
		if r.Path != "/robots.txt" {
			asked[r.Method+" "+r.Host+r.Path+"?"+r.Query]++
		}
	}
	return asked
}

// killAfter crawls in a child process and kills it with SIGKILL a while after it has
// done k addresses.
func (c child) killAfter(t *testing.T, s *replica.Server, k int, pause time.Duration) {
	t.Helper()
	process, lines := c.start(t, s)
	for i := 0; i < k && lines.Scan(); i++ {
	}
	time.Sleep(pause)
	process.Process.Kill()
	process.Wait()
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// lose takes from the archive of a killed crawl what a machine that fails may lose: what was
// written and not synced, which is the end of the ledger's log, and objects.
func (c child) lose(t *testing.T) {
	t.Helper()
	log := filepath.Join(c.Archive, "ledger.sqlite-wal")
	if info, err := os.Stat(log); err == nil {
		if err := os.Truncate(log, rand.Int64N(info.Size()+1)); err != nil {
			t.Fatal(err)
		}
	}
	objects, _ := filepath.Glob(filepath.Join(c.Archive, "objects", "??", "*"))
	for i, path := range objects {
		var err error
		switch i % 3 {
		case 0:
			err = os.Remove(path)
		case 1:
			err = errors.Join(os.Chmod(path, 0o644), os.Truncate(path, 0))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// resume goes on with a killed crawl and checks that nothing is missing.
func (c child) resume(t *testing.T, s *replica.Server, want undisturbed) {
	t.Helper()
	a, err := archive.Open(c.Archive)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	kept := export(t, a)
	run(t, c.options(s, a))
	got := export(t, a)
	if !reflect.DeepEqual(got, want.rows) {
		t.Errorf("rows differ from those of an undisturbed crawl:\n%+v\n%+v", got, want.rows)
	}
	again := 0
	for what, n := range askedOf(s) {
		if n > want.asked[what] {
			again += n - want.asked[what]
		}
	}
	if again > c.Jobs && !c.Fails {
		t.Errorf("%d requests were made again, at most %d were in flight", again, c.Jobs)
	}
	for _, l := range got.Ledger {
		if _, err := a.Object(l.SHA256); l.SHA256 != "" && err != nil {
			t.Error(err)
		}
	}
	for _, l := range kept.Ledger {
		if now := got.entry(t, l.URL); now.SHA256 != l.SHA256 || now.FetchedAt != l.FetchedAt {
			t.Errorf("%+v was stored before the kill and is now %+v", l, now)
		}
		latest, _, err := a.Exchanges(t.Context(), l.URL)
		if l.State == archive.Rejected {
			continue
		}
		if err != nil || latest.File == "" {
			t.Errorf("the exchange of %s is lost: %v", l.URL, err)
		}
	}
	if _, err := a.Verify(t.Context(), func(archive.Verified) {}, func(d archive.Damage) { t.Errorf("damaged: %+v", d) }); err != nil {
		t.Error(err)
	}
	for _, pattern := range []string{"objects/tmp-*", "objects/*/tmp-*", "warc/*" + warc.OpenSuffix} {
		if left, _ := filepath.Glob(filepath.Join(c.Archive, filepath.FromSlash(pattern))); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
