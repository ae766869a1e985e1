package crawl

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/temoto/robotstxt"
)

// robotsToken is the name by which robots.txt addresses us.
const robotsToken = "nianbao"

// maxCrawlDelay bounds the Crawl-delay that we wait for; a host that asks for more is
// not asked.
const maxCrawlDelay = 2 * time.Minute

// robotsRules is what the robots.txt of a host says to us.
type robotsRules struct {
	group *robotstxt.Group // nil: all is allowed
	none  *refusal         // why nothing is; nil: group decides
}

// allow returns the delay between requests that robots.txt asks for, or refuses.
func (r *robotsRules) allow(u *url.URL) (time.Duration, error) {
	if r.none != nil {
		return 0, r.none
	}
	if r.group == nil {
		return 0, nil
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	switch {
	case !r.group.Test(path):
		return 0, refuse(rejected("robots_disallowed", "robots.txt of "+u.Hostname()))
	case r.group.CrawlDelay > maxCrawlDelay:
		return 0, refuse(rejected("robots_disallowed", fmt.Sprintf("robots.txt of %s wants %s between requests, more than the %s that we wait", u.Hostname(), r.group.CrawlDelay, maxCrawlDelay)))
	}
	return r.group.CrawlDelay, nil
}

// rulesFor returns the rules of a host, and asks for robots.txt once a run. That it
// cannot be reached is an error, not a rule.
func (f *fetcher) rulesFor(u *url.URL) (*robotsRules, error) {
	if !f.portal.Robots.Respect {
		return &robotsRules{}, nil // a person has decided so, in the profile
	}
	key := u.Scheme + "://" + u.Host
	if known := f.conduct.robots[key]; known != nil {
		return known, nil
	}
	ans, err := f.getRobots(key + "/robots.txt")
	if err != nil {
		return nil, err
	}
	rules := readRobots(u.Hostname(), ans)
	f.conduct.robots[key] = rules
	return rules, nil
}

// readRobots reads an answer as RFC 9309 says: 4xx is no file and allows all, 5xx
// forbids all. A file that cannot be read forbids all too.
func readRobots(host string, ans answer) *robotsRules {
	forbidden := func(why string) *robotsRules {
		return &robotsRules{none: refuse(rejected("robots_disallowed", "robots.txt of "+host+" "+why))}
	}
	if s := challengeIn(ans, true); s != nil {
		o := failed(reasonOf(s), fmt.Sprintf("robots.txt of %s answers %s (%d)", host, s.Product, ans.status), ans.status)
		return &robotsRules{none: &refusal{o, s.Product}}
	}
	switch {
	case ans.status >= 500:
		return forbidden(fmt.Sprintf("answers %d, which forbids all", ans.status))
	case ans.status < 200 || ans.status >= 300:
		return &robotsRules{}
	}
	data, err := robotstxt.FromStatusAndBytes(ans.status, ans.body)
	if err != nil {
		return forbidden(brief("cannot be read: " + err.Error()))
	}
	return &robotsRules{group: data.FindGroup(robotsToken)}
}

// getRobots asks for robots.txt and follows its redirects within the profile's hosts;
// beyond them there is no file.
func (f *fetcher) getRobots(address string) (answer, error) {
	for range maxRedirects + 1 {
		u, err := url.Parse(address)
		if err != nil || f.conduct.address(f.portal, u) != nil {
			break
		}
		if err := f.turn(u, 0); err != nil {
			return answer{}, err
		}
		ans, err := f.onceRobots(address)
		f.done(u.Hostname())
		if err != nil {
			return answer{}, err
		}
		target := redirectTarget(address, ans)
		if target == "" {
			return ans, nil
		}
		address = target
	}
	return answer{status: http.StatusNotFound}, nil
}

// onceRobots makes one request. The recorder bounds the answer.
func (f *fetcher) onceRobots(address string) (answer, error) {
	req, err := http.NewRequestWithContext(f.ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("User-Agent", f.conduct.UserAgent)
	req.Header.Set("Accept-Language", acceptLanguage)
	f.made.Requests++
	client := &http.Client{Transport: f.recorder, Timeout: f.portal.Politeness.Timeout, CheckRedirect: stopAtRedirect}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, errors.Join(errors.New("robots.txt ends early"), err)
	}
	return answer{status: resp.StatusCode, header: resp.Header, body: body}, nil
}
